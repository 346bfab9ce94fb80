package report_test

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/fastset"
)

// TestMain leaves out of the fast set what flips a sample of all bytes: every member and every line of the journal are changed in it.
func TestMain(m *testing.M) {
	fastset.Without("TestEveryByte")
	m.Run()
}
