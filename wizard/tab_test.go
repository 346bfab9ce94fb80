package wizard

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The plan says how its lines are changed, the first tab is at the first of them, and each place is reached once, there and back.
func TestTabChangesThePlan(t *testing.T) {
	t.Parallel()
	onReal(t, "onboarded", steps.Options{}, func(d *driver) {
		d.until(func() bool {
			return d.m.current().Info.ID == steps.Check && d.m.current().Found != nil && len(d.m.focus().entries()) > 0
		})
		d.shows("tab change a line")
		began := d.m.focus().place()
		d.press("tab")
		d.shows("tab move")
		if d.m.focus().place() != 0 {
			t.Errorf("the first tab goes to place %d:\n%s", d.m.focus().place(), d.view())
		}
		d.press("shift+tab")
		if d.m.focus().place() != began {
			t.Errorf("back goes to place %d", d.m.focus().place())
		}
		seen := map[int]bool{}
		for range d.m.focus().stops() {
			seen[d.m.focus().place()] = true
			d.press("tab")
		}
		if len(seen) != d.m.focus().stops() || d.m.focus().place() != began {
			t.Errorf("%d places of %d, and it ends at %d", len(seen), d.m.focus().stops(), d.m.focus().place())
		}
	})
}
