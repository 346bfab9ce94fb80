package wizard

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// What the plan does without is not said to be done, and a sentence ends once.
func TestPassedIsToldAsItWasPlanned(t *testing.T) {
	t.Parallel()
	onReal(t, "drifted", steps.Options{}, func(d *driver) {
		told := false
		d.walk(func(d *driver, _ string) {
			said := strings.Join(strings.Fields(d.whole()), " ")
			if strings.Contains(said, ".;") || strings.Contains(said, "Run Delegate365 setup: done") || strings.Contains(said, "Run Delegate365 setup and") {
				t.Errorf("at %s: %s", d.place(), said)
			}
			told = told || strings.Contains(said, "Run Delegate365 setup: not needed")
		})
		if !told {
			t.Error("it is not said that setup is not needed")
		}
	})
}
