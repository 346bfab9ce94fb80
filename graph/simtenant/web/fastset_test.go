package web_test

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/fastset"
)

// TestMain leaves out of the fast set one of two walks in Chromium through all pages: that by the keyboard is in it.
func TestMain(m *testing.M) {
	fastset.Without("TestWithoutScript", "TestSignedInURL$")
	m.Run()
}
