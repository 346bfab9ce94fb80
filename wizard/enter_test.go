package wizard

import (
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// clocks are what changes on a screen by itself.
var clocks = regexp.MustCompile(`\d\d:\d\d(:\d\d)?`)

// Enter does something on every screen of every walk: it leads on, changes the screen, or says in a sentence why it does not.
func TestNoEnterIsDead(t *testing.T) {
	t.Parallel()
	pressed := 0
	for _, profile := range fewer(t, simtenant.Profiles(), "business", "fresh", "security-defaults") {
		t.Run(profile, func(t *testing.T) {
			onReal(t, profile, steps.Options{}, func(d *driver) {
				before := ""
				for turns := 0; turns < 80 && !d.quit; turns++ {
					d.wait(2 * time.Second)
					if f := d.m.current().Found; f != nil && f.Actions[0].Label == "Sign in in the browser" {
						return // codes are refused here, and a listener waits in no virtual time
					}
					place := d.place()
					if turns%8 == 7 && d.m.rehearsal.playable(d.m) { // Enter alone does not play a person
						if d.m.focus().typing() {
							d.press("shift+tab")
						}
						d.press("p")
						continue
					}
					was, gens := clocks.ReplaceAllString(d.view(), ""), d.m.jobs.gens
					d.press("enter")
					pressed++
					now := clocks.ReplaceAllString(d.view(), "")
					dead := now == was && d.m.jobs.gens == gens && !d.quit && d.m.note == ""
					if dead {
						t.Errorf("at %s Enter does nothing:\n%s", place, d.view())
						return
					}
					if blocked(d) && place == before {
						return // its Enter was seen
					}
					before = place
				}
			})
		})
	}
	t.Logf("Enter was pressed %d times, and did something each time", pressed)
}

func blocked(d *driver) bool {
	f := d.m.current().Found
	return d.m.flow.walk.State == walker.Found && f != nil && f.Status == steps.Blocked
}

// After a test that failed Enter is called what it is, another try, and copies nothing yet.
func TestEnterTriesAgainAfterAFailedTest(t *testing.T) {
	t.Parallel()
	onReal(t, "fresh", steps.Options{}, func(d *driver) {
		d.until(func() bool { return d.m.task() != nil && d.m.task().Part == steps.PartTestCredentials })
		for range d.m.focus().stops() {
			if strings.Contains(d.view(), "arrows choose") {
				break
			}
			d.press("tab")
		}
		for _, key := range []string{"down", "down", "enter"} { // it failed
			d.press(key)
		}
		d.shows("The test failed once.")
		d.shows("enter try again")
		d.press("enter")
		if d.shows("enter copy"); d.m.copying.running() || d.m.current().Carried["user-name"] {
			t.Errorf("it copied:\n%s", d.view())
		}
	})
}

// A label that is too long for a narrow footer is named where there is room.
func TestLongLabelIsNamedWhereItFits(t *testing.T) {
	t.Parallel()
	found := steps.Finding{
		Status: steps.Waiting, Text: finding.Advise("Look."),
		Actions: []steps.Action{{ID: "untested", Label: "Finish, and say that the test failed"}, {ID: "again", Label: "Try again"}},
	}
	drive(t, Options{}, contoso(), tenSteps(0, found), func(d *driver) {
		for w, want := range map[int]string{60: "enter choose", 80: "enter finish, and say that the test failed"} {
			d.send(tea.WindowSizeMsg{Width: w, Height: 24})
			d.shows(want)
			d.shows("esc leave   ? help")
		}
	})
}

// What writes is named by what it writes, where all of its label has no room.
func TestLongWriteIsNamed(t *testing.T) {
	t.Parallel()
	found := steps.Finding{
		Status: steps.Ready, Text: finding.Advise("Look."), Changes: []steps.Change{{Op: steps.Add, Object: "user", To: "enabled"}},
		Actions: []steps.Action{{ID: steps.ActApply, Label: "Write the report, and leave the role undecided"}, {ID: "keep", Label: "Keep the role"}},
	}
	drive(t, Options{}, contoso(), tenSteps(0, found), func(d *driver) {
		d.shows("enter write the report ")
	})
}
