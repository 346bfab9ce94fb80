package wizard

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// At 80x24 nothing that is asked for is below the fold, on any profile, whichever Delegate365 it is.
func TestNothingAskedIsBelowTheFold(t *testing.T) { foldOfAll(t) }

// TestFoldInGerman is the same, of the longer words.
func TestFoldInGerman(t *testing.T) {
	if phrase.Spoken() != phrase.German {
		t.Skip("run by TestGerman")
	}
	foldOfAll(t)
}

func foldOfAll(t *testing.T) {
	t.Helper()
	screens := 0
	all := slices.DeleteFunc(slices.Clone(simtenant.Profiles()), func(p string) bool { return p == "big" }) // its crowd is copied at every look
	for _, profile := range fewer(t, all, "fresh", "security-defaults", "taken") {
		for _, answers := range [][]string{nil, {"office=page"}, {"security-defaults=off", "office=none"}} {
			t.Run(strings.Join(append([]string{profile}, answers...), ","), func(t *testing.T) {
				w := truthWalk{profile: profile, answers: map[steps.ID][]string{steps.Check: answers}}
				w.begin(t, func(d *driver, _ *outside) { screens += d.wander(func() { checkFold(t, d.m) }) })
			})
		}
	}
	t.Logf("screens %d", screens)
}

// wander walks on as an operator does who presses Enter and plays each part, until nothing new comes, and shows each new screen.
func (d *driver) wander(see func()) (screens int) {
	before, idle := "", 0
	for turns := 0; !d.quit && idle < 20 && turns < 120; turns++ { // Enter alone goes round where it undoes what it did
		d.wait(2 * time.Second)
		if idle++; d.m.clock.busy(d.m) && d.m.task() == nil {
			continue
		}
		if what := d.place(); what != before {
			before, idle = what, 0
			screens++
		}
		see()
		if f := d.m.current().Found; f != nil && len(f.Actions) > 0 && f.Actions[0].Label == phrase.T("Sign in in the browser") {
			return screens // codes are refused here, and a listener waits in no virtual time
		}
		switch {
		case d.m.rehearsal.playable(d.m) && !d.m.jobs.part.running() && idle%3 == 0:
			if d.m.focus().typing() {
				d.press("shift+tab")
			}
			d.press("p")
		case d.m.flow.walk.State == walker.Found:
			d.press("enter")
		}
	}
	return screens
}
