package wizard

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// tour is a walk through an onboarding by its keys: Enter, and p where a person's part can be played. A screen is counted
// where the program waits for the operator, once until another one is shown.
type tour struct {
	d       *driver
	screens []string
	keys    int
}

// walkTo goes on until the program quits or a step blocks.
func (w *tour) walk() {
	w.d.t.Helper()
	last, played, since := "", false, time.Now()
	for turns := 0; !w.d.quit; turns++ {
		if turns > 2000 {
			w.d.t.Fatalf("it does not come to its end:\n%s", w.d.view())
		}
		w.d.wait(time.Second)
		if w.d.m.clock.busy(w.d.m) && w.d.m.task() == nil || w.d.m.jobs.part.running() {
			continue
		}
		name := string(w.d.m.current().Info.ID) + w.text()
		if name != last {
			w.screens = append(w.screens, w.d.place())
			last, played, since = name, false, time.Now()
		}
		switch {
		case w.d.m.flow.walk.State == walker.Found && w.d.m.current().Found.Status == steps.Blocked:
			return
		case w.d.m.rehearsal.playable(w.d.m) && !played:
			w.d.press("p")
			played, since = true, time.Now()
		case played && time.Since(since) < 20*time.Second:
			continue // it may be noticed by itself
		default:
			w.d.press("enter")
			since = time.Now()
		}
		w.keys++
	}
}

// text tells one screen of a step from another.
func (w *tour) text() string {
	f := w.d.m.current().Found
	switch {
	case w.d.m.flow.walk.State == walker.Applying:
		return "applying"
	case f == nil:
		return ""
	case len(f.Sections) > 0:
		return finding.Read(f.Text) + f.Sections[0].Title
	}
	return finding.Read(f.Text)
}

// An onboarding without surprises is short. What needs nothing of the operator has no screen of its own.
func TestWalksAreShort(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile       string
		reported      bool
		screens, keys int
	}{
		"fresh":              {"fresh", false, 16, 20},
		"business":           {"business", false, 18, 20},
		"fresh, reported":    {"fresh", true, 16, 25},
		"business, reported": {"business", true, 18, 25},
	} {
		t.Run(name, func(t *testing.T) {
			var o steps.Options
			if c.reported {
				o = steps.Options{Journal: t.TempDir(), Reports: steps.Reports{Folder: t.TempDir()}}
			}
			onReal(t, c.profile, o, func(d *driver) {
				w := &tour{d: d}
				w.walk()
				t.Logf("%s: %d screens, %d keys\n%s", name, len(w.screens), w.keys, strings.Join(w.screens, "\n"))
				if len(w.screens) > c.screens || w.keys > c.keys {
					t.Errorf("%d screens and %d keys, want at most %d and %d", len(w.screens), w.keys, c.screens, c.keys)
				}
			})
		})
	}
}
