package wizard

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// What somebody has to know at the end stands on the last screen without scrolling: that nobody knows the password and how to set one, what
// Delegate365 wants first, and that the window can be closed.
func TestLastScreenSaysWhatMattersFirst(t *testing.T) {
	for name, answers := range map[string][]string{"newer": {"office=none"}, "older": {"office=page"}} {
		t.Run(name, func(t *testing.T) {
			seen := false
			truthWalk{profile: "fresh", answers: map[steps.ID][]string{steps.Check: answers}}.begin(t, func(d *driver, _ *outside) {
				d.walk(func(d *driver, _ string) {
					if d.m.current().Info.ID != steps.HandOver || d.m.current().Found.Status != steps.Done {
						return
					}
					seen = true
					view := strings.Join(strings.Fields(holdFrame(t, d, "last-screen-"+strings.Join(answers, ""))), " ")
					for _, want := range []string{"Second factor", "Delegate365 was given it", "Reset password", "organisational unit", "administrators", "close the window", "wiped"} {
						if !strings.Contains(view, want) {
							t.Errorf("%q is not in sight:\n%s", want, d.view())
						}
					}
					if lines := len(d.m.page().lines); lines > 28+d.m.frame().body.h {
						t.Errorf("the last screen has %d lines, more than two pages below the first of %d", lines, d.m.frame().body.h)
					}
				})
			})
			if !seen {
				t.Error("there was no last screen")
			}
		})
	}
}
