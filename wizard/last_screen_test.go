package wizard

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// What somebody has to know at the end stands on the last screen without scrolling: that nobody knows the password and how to set one, what
// Delegate365 wants first, and that the window can be closed.
func TestLastScreenSaysWhatMattersFirst(t *testing.T) {
	t.Parallel()
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
					for _, want := range []string{"Second factor", "Delegate365 got it", "Reset password", "organisational unit", "administrators", "close the window", "wiped"} {
						if !strings.Contains(view, want) {
							t.Errorf("%q is not in sight:\n%s", want, d.view())
						}
					}
					if n := strings.Count(view, "wiped") + strings.Count(view, "when you leave"); n != 2 {
						t.Errorf("that secrets are wiped, and when, is not said once:\n%s", d.view())
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

// Nothing comes after the last step: Enter writes its report only once each row that wants something was in sight, and ends the run only
// once all of the page was.
func TestOpenRowsAreSeenBeforeTheEnd(t *testing.T) { openRowsAreSeen(t) }

func TestOpenRowsAreSeenInGerman(t *testing.T) {
	if phrase.Spoken() != phrase.German {
		t.Skip("run by TestGerman")
	}
	openRowsAreSeen(t)
}

func openRowsAreSeen(t *testing.T) {
	t.Helper()
	o := steps.Options{Journal: t.TempDir()}
	o.Reports.Folder = t.TempDir()
	onReal(t, "fresh", o, func(d *driver) {
		seen, on, held, read := map[span]bool{}, (*steps.Finding)(nil), map[string]bool{}, 0
		look := func() {
			m := d.m
			if !m.flow.walk.AtLast() || m.flow.walk.State != walker.Found || m.over.top() != nil {
				return
			}
			if m.current().Found != on {
				on, seen, read = m.current().Found, map[span]bool{}, 0
				if !m.body().atTop() {
					t.Errorf("it does not begin at its top:\n%s", d.view())
				}
			}
			page, h := m.page(), m.frame().body.h
			in, open := page.fold(h).sight(m.body().offset(page, h)), 0
			if in.from <= read {
				read = max(read, in.to)
			}
			for _, row := range page.wants {
				if seen[row] = seen[row] || in.to >= row.to; !seen[row] {
					open++
				}
			}
			action, _ := m.focus().action()
			if len(page.wants) == 0 || action.ID != steps.ActNext && action.ID != steps.ActApply {
				return
			}
			if held[action.ID] = true; open > 0 && !m.body().unread(action) {
				t.Errorf("%d open rows were not in sight, and Enter does %s:\n%s", open, action.Label, d.view())
			}
			if action.ID == steps.ActNext && read < len(page.lines) && !m.body().unread(action) {
				t.Errorf("of %d lines %d were in sight, and Enter does %s:\n%s", len(page.lines), read, action.Label, d.view())
			}
		}
		for range 400 {
			if d.wait(2 * time.Second); d.quit {
				break
			}
			switch look(); {
			case d.m.rehearsal.playable(d.m):
				d.press("p")
			case d.m.flow.walk.State == walker.Found:
				d.press("enter")
			}
		}
		if !d.quit || !held[steps.ActNext] || !held[steps.ActApply] {
			t.Errorf("ended %t, looked at %v", d.quit, held)
		}
	})
}
