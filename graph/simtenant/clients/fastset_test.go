package clients

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/fastset"
)

// TestMain leaves out of the fast set the clients that come from npm: MSAL, curl and Go are in it.
func TestMain(m *testing.M) {
	fastset.Without("TestCLIForMicrosoft365", "TestAnswersAreTheSame/javascript")
	m.Run()
}
