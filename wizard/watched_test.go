package wizard

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// How long the apps are waited for is counted since the screen that waits for them stands, however long its address was looked for before.
func TestWaitForTheAppsBeginsWithItsScreen(t *testing.T) {
	t.Parallel()
	seen := false
	onReal(t, "fresh", steps.Options{}, func(d *driver) {
		d.walk(func(d *driver, name string) {
			if seen || name != "run-setup-setup" {
				return
			}
			d.goTo("Enter another address")
			d.press("enter")
			d.wait(4 * time.Minute)
			d.press("p")
			d.wait(2 * time.Second)
			_, after, watches := strings.Cut(d.view(), "Watching the tenant for the Delegate365 apps.")
			line, _, _ := strings.Cut(after, "\n")
			if seen = true; !watches || !strings.HasPrefix(strings.TrimSpace(line), "00:0") {
				t.Errorf("the wait is shown as %q:\n%s", line, d.view())
			}
		})
	})
	if !seen {
		t.Error("nothing was waited for")
	}
}

// While a step reads, the foot names the rows that are awaited, and not what it told before they came.
func TestFootNamesWhatIsAwaited(t *testing.T) {
	t.Parallel()
	list := tenSteps(1, suspend)
	list[1].inspect = func(ctx context.Context, report func(steps.Event)) (steps.Finding, error) {
		row := func(label string, mark steps.Mark) { report(steps.Event{Fact: &steps.Fact{Label: label, Mark: mark}}) }
		report(steps.Event{Text: "Looking for a window"})
		time.Sleep(2 * time.Second)
		row("Domains", steps.MarkPending)
		row("Licences", steps.MarkPending)
		time.Sleep(2 * time.Second)
		row("Domains", steps.MarkOK)
		time.Sleep(2 * time.Second)
		report(steps.Event{Text: "Reading the rules"})
		<-ctx.Done()
		return steps.Finding{}, ctx.Err()
	}
	drive(t, Options{}, contoso(), list, func(d *driver) {
		to(1)(d)
		for _, told := range []string{"Looking for a window", "Awaited: Domains and Licences", "Awaited: Licences", "Reading the rules"} {
			d.wait(time.Second)
			d.shows(told)
			d.wait(time.Second)
		}
		d.hides("Awaited")
	})
}
