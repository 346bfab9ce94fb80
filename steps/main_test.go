package steps_test

import (
	"runtime/debug"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // hundreds of small tenants are made and dropped
	simtest.SignQuickly()
	m.Run()
}
