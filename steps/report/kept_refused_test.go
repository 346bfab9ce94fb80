package report

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// A role that was kept is kept until it is taken away; that Microsoft refused to take it away ends nothing.
func TestKeptUntilItIsTakenAway(t *testing.T) {
	for outcome, kept := range map[journal.Outcome]bool{journal.Applied: false, journal.Unknown: false, journal.Refused: true, journal.Unsent: true} {
		k := keptOf([]journal.Entry{
			{Seq: 1, Kind: journal.KindAnswered, Note: RoleKept, Said: "the vendor asks for it", Operator: "admin@contoso.com"},
			{Seq: 2, Kind: journal.KindIntent, Inverse: &journal.Inverse{Kind: journal.InverseRemovedRole}},
			{Seq: 3, Kind: journal.KindOutcome, Intent: 2, Outcome: outcome},
		})
		if (k != nil) != kept || kept && k.Reason != "the vendor asks for it" {
			t.Errorf("after a removal that was %s: %+v", outcome, k)
		}
	}
}
