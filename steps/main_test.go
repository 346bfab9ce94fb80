package steps_test

import (
	"os"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

func TestMain(m *testing.M) {
	os.Exit(simtest.Main(m))
}
