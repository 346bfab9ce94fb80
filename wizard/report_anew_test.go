package wizard

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// A report that is written anew was neither looked at nor kept by anybody, whatever was done with the one before it; and it says which one
// it replaces.
func TestReportAnewBeginsAnew(t *testing.T) {
	t.Parallel()
	o := steps.Options{Journal: t.TempDir()}
	o.Reports.Folder = t.TempDir()
	onReal(t, "fresh", o, func(d *driver) {
		shown := func() bool {
			task := d.m.task()
			return task != nil && strings.HasPrefix(task.URL, "file:")
		}
		d.until(shown)
		first := d.m.task().Items[1].Shown
		for d.m.current().Item(d.m.task()) >= 0 {
			d.press("enter")
			d.wait(time.Second)
		}
		d.say("role-decide")
		d.say("role-remove")
		d.until(func() bool { return shown() && d.m.task().Items[1].Shown != first })
		for _, item := range d.m.task().Items {
			if d.m.current().CarriedOut(item) {
				t.Errorf("%s is ticked of a report that nobody saw:\n%s", item.ID, d.view())
			}
		}
		if !strings.Contains(d.whole(), first) {
			t.Errorf("it does not say that it replaces %s:\n%s", first, d.whole())
		}
	})
}

// say does one of the step's own actions.
func (d *driver) say(id string) {
	d.t.Helper()
	for _, action := range d.m.current().Found.Actions {
		if action.ID == id {
			d.start(d.m.flow.choose(d.m, action))
			d.settle()
			d.wait(5 * time.Second)
			return
		}
	}
	d.t.Fatalf("%s is not offered:\n%s", id, d.view())
}
