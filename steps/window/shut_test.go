package window

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
)

// A window that somebody else opened was open since a reading showed it shut, less what the server may lag that answered it. A reading without
// the roles shows nothing.
func TestShutUntilItWasRead(t *testing.T) {
	for name, c := range map[string]struct {
		rolesKnown bool
		created    time.Duration // before the reading
		since      time.Duration // before it
	}{
		"read":                 {true, time.Hour, Lagging},
		"roles unread":         {false, time.Hour, time.Hour},
		"created a moment ago": {true, Lagging / 2, Lagging / 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := closed(t)
				read := Now()
				f := mfa.Facts{User: graph.User{ID: account, Created: read.Add(-c.created)}}
				f.Account = analysis.Account{ID: account, RolesKnown: c.rolesKnown}
				w.Judge(&f, nil)
				time.Sleep(time.Hour)
				f.Administrator, f.Account.RolesKnown = true, true
				w.Judge(&f, nil)
				if s := w.current(); s.open == nil || read.Sub(s.since) != c.since {
					t.Errorf("it counts as open since %v before the reading, want %v", read.Sub(s.since), c.since)
				}
			})
		})
	}
}
