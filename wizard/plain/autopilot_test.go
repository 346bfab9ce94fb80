package plain

import (
	"bytes"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The autopilot never says yes to what the mail left in doubt: it tries again, and then gives up.
func TestAutopilotLeavesDoubts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &session{Options: Options{Out: &bytes.Buffer{}, Autopilot: true}}
		f := steps.Finding{
			Status:  steps.Waiting,
			Fields:  []steps.Field{{ID: "which-password", Kind: steps.ChoiceField, Options: []steps.Option{{}, {ID: "0", Label: "the one in line 7"}}}},
			Actions: []steps.Action{{ID: steps.ActRetry, Label: "Continue"}},
		}
		for range mostTries {
			if _, err := s.autopilot(t.Context(), nil, f); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.autopilot(t.Context(), nil, f); err == nil {
			t.Error("it goes on for good")
		}
	})
}
