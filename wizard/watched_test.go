package wizard

import (
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
