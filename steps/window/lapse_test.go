package window

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
)

// A guard knows for how long the window was open where the clock on the wall was set back since its order. Else the journal's times say it
// better: the order came a moment before.
func TestLapseOfAGuard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ordered(guard.Order{Opened: Now().Add(-5 * time.Minute), Past: 5 * time.Minute})
		time.Sleep(10 * time.Minute)
		for set, want := range map[time.Duration]time.Duration{0: 0, time.Hour: 0, -7 * time.Minute: 15 * time.Minute, -24 * time.Hour: 15 * time.Minute} {
			l.wall = func(at time.Time) time.Time { return at.Round(0).Add(set) }
			if lasted := l.lasted(time.Now()); lasted != want {
				t.Errorf("set by %s it lasted %s, want %s", set, lasted, want)
			}
			l.longest.Store(0)
		}
	})
}

// A window that nobody watched, and whose clock was set back, was open for nobody knows how long.
func TestWasOpenFor(t *testing.T) {
	now := Now().Truncate(time.Second)
	for name, c := range map[string]struct {
		e     Exposure
		was   time.Duration
		known bool
	}{
		"by its times":      {Exposure{Opened: now, Closed: now.Add(time.Minute)}, time.Minute, true},
		"watched":           {Exposure{Opened: now, Closed: now.Add(-time.Hour), Lasted: time.Minute}, time.Minute, true},
		"watched, set less": {Exposure{Opened: now, Closed: now.Add(time.Minute), Lasted: time.Hour}, time.Hour, true},
		"not watched":       {Exposure{Opened: now, Closed: now.Add(-time.Hour)}, 0, false},
	} {
		if was, known := c.e.Was(); known != c.known || known && was != c.was {
			t.Errorf("%s: %s, %v", name, was, known)
		}
	}
}

// A clock that is set forward after a window was opened makes it look old. The account tells that it is not.
func TestJournalOfASlowClock(t *testing.T) {
	now := time.Now()
	for age, want := range map[time.Duration]bool{time.Minute: true, time.Hour: false} {
		l := Leftover{Facts: mfa.Facts{User: graph.User{ID: account, Created: now.Add(-age)}}}
		l.addJournaled(journal.WindowState{Opened: now.Add(-3 * time.Hour)}, now)
		if l.Unshown != want || l.Exposed != want {
			t.Errorf("of an account that is %s old: %+v", age, l)
		}
	}
}
