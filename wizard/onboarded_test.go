package wizard

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Where Delegate365's setup has run before, p plays every part to the end, with the password that the account has.
func TestOnboardedIsPlayedToItsEnd(t *testing.T) {
	t.Parallel()
	onReal(t, "onboarded", steps.Options{}, func(d *driver) {
		last := ""
		d.walk(func(d *driver, name string) { last = name })
		if made := d.m.flow.screens[2].Applied; last != "hand-over-done" || len(made) > 0 {
			t.Errorf("it ends at %s, after %+v", last, made)
		}
	})
}

// A new password that is wanted where somebody has to sign in is announced at once, and what led there goes on once it is set.
func TestNewPasswordIsAnnouncedAtOnce(t *testing.T) {
	t.Parallel()
	onReal(t, "onboarded", steps.Options{}, func(d *driver) {
		asked := func() bool { return strings.HasSuffix(d.place(), steps.PartPortalVersion) }
		d.until(asked)
		f := d.m.current().Found
		d.say(f.Actions[len(f.Actions)-1].ID)
		if f = d.m.current().Found; d.place() != "create-account-ready" || len(f.Changes) != 1 || !strings.HasPrefix(f.Changes[0].Object, "password of") {
			t.Fatalf("it leads to:\n%s", d.view())
		}
		d.press("enter")
		d.until(asked)
		d.shows("Paste the password, if it asks")
	})
}

// What a step of the plan asks is announced, and where somebody signs in at a page, the user name comes before the password.
func TestWhatIsAskedIsPlanned(t *testing.T) {
	t.Parallel()
	onReal(t, "onboarded", steps.Options{}, func(d *driver) {
		planned := ""
		d.walk(func(d *driver, _ string) {
			f := d.m.current().Found
			for _, s := range f.Sections {
				for _, row := range s.Facts {
					if s.Title == "Plan" && row.Label == "Enable app passwords" {
						planned = row.Value + ", " + row.Note
					}
				}
			}
			if f.Task == nil {
				return
			}
			place := func(id string) int {
				return slices.IndexFunc(f.Task.Items, func(i steps.Item) bool { return i.ID == id })
			}
			if name, password := place("user-name"), place("password"); password >= 0 && name > password {
				t.Errorf("the password comes first: %+v", f.Task.Items)
			}
		})
		if !strings.HasPrefix(planned, "asks for the version") || strings.Contains(planned, "not needed") {
			t.Errorf("planned is %q", planned)
		}
	})
}
