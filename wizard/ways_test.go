package wizard

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Where the account's name is somebody else's, two keys give it another one, before any plan is made: the name, Enter.
func TestRenamedInTwoKeys(t *testing.T) {
	t.Parallel()
	onReal(t, "taken", steps.Options{}, func(d *driver) {
		d.walk(func(*driver, string) {})
		d.shows("exists, and this program did not make it")
		d.write("delegate365.service")
		d.press("enter")
		d.wait(20e9)
		for range 6 { // the plan, and what it takes
			if d.m.current().Info.ID == steps.CreateAccount {
				break
			}
			d.walkOne()
		}
		d.shows("user delegate365.service@")
		if f := d.m.current().Found; f.Status != steps.Ready {
			t.Errorf("it stands at %s:\n%s", d.place(), d.view())
		}
	})
}

// walkOne plays the part on screen, or presses Enter.
func (d *driver) walkOne() {
	if d.m.rehearsal.playable(d.m) {
		d.press("p")
	} else {
		d.press("enter")
	}
	d.wait(20e9)
}

// With security defaults on, the older Delegate365 can't be brought to its end. The check says so, and what the ways are.
func TestSecurityDefaultsWithTheOlderDelegate365(t *testing.T) {
	t.Parallel()
	for name, decided := range map[string][]string{"undecided": nil, "off": {"security-defaults=off"}} {
		t.Run(name, func(t *testing.T) {
			w := truthWalk{profile: "security-defaults", answers: map[steps.ID][]string{steps.Check: append([]string{"office=page"}, decided...)}}
			w.begin(t, func(d *driver, o *outside) {
				d.walk(func(*driver, string) {})
				holdFrame(t, d, "blocked-older-"+name)
				o.look(d)
				said := strings.Join(strings.Fields(d.whole()), " ")
				for _, want := range []string{"can't be finished here", "newer Delegate365", "off for good", "no app password", "Delegate365 version"} {
					if !strings.Contains(said, want) {
						t.Errorf("%q is not said:\n%s", want, said)
					}
				}
			})
		})
	}
}
