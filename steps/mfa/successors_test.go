package mfa

import (
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// Only what Microsoft made since security defaults went off is turned off for them.
func TestSuccessors(t *testing.T) {
	off := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	const theirs = "Microsoft-managed: Require multifactor authentication for admins"
	for name, c := range map[string]struct {
		policy            graph.Policy
		since             time.Time
		successor, others int
	}{
		"Microsoft's":               {graph.Policy{Name: theirs, State: graph.StateEnabled, Created: off.Add(time.Minute)}, off, 1, 0},
		"by another clock":          {graph.Policy{Name: theirs, State: graph.StateEnabled, Created: off.Add(-time.Minute)}, off, 1, 0},
		"Microsoft's, from before":  {graph.Policy{Name: theirs, State: graph.StateEnabled, Created: off.Add(-time.Hour)}, off, 0, 1},
		"made nobody knows when":    {graph.Policy{Name: theirs, State: graph.StateEnabled}, off, 0, 1},
		"nobody knows since when":   {graph.Policy{Name: theirs, State: graph.StateEnabled, Created: off}, time.Time{}, 0, 1},
		"in a state of next year":   {graph.Policy{Name: theirs, State: "enabledInStages", Created: off}, off, 0, 1},
		"off":                       {graph.Policy{Name: theirs, State: graph.StateDisabled, Created: off}, off, 0, 0},
		"report-only":               {graph.Policy{Name: "CA01", State: graph.StateReportOnly, Created: off}, off, 0, 0},
		"a colleague's":             {graph.Policy{Name: "CA01", State: graph.StateEnabled, Created: off}, off, 0, 1},
		"of baseline security mode": {graph.Policy{Name: "Require phishing resistant authentication for admins", State: graph.StateEnabled, Managed: true, Created: off}, off, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			successors, others := Successors([]graph.Policy{c.policy}, c.since)
			if len(successors) != c.successor || len(others) != c.others {
				t.Errorf("%d successors, %d others", len(successors), len(others))
			}
		})
	}
}
