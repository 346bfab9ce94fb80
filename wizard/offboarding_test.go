package wizard

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// offboards walks an offboarding that takes everything out, and is shown each screen.
func offboards(t *testing.T, see func(d *driver)) {
	t.Helper()
	onSteps(t, "onboarded", steps.Options{}, Options{Steps: steps.Offboard(), Title: "Delegate365 offboarding"}, func(d *driver) {
		all := false
		d.wander(func() {
			see(d)
			s := d.m.current()
			if d.m.flow.walk.State != walker.Found || s.Found == nil || len(s.Found.Changes) == 0 {
				return
			}
			if action, ok := d.m.focus().action(); ok && action.ID == "leave-it" {
				d.press("tab")
				if s.Info.ID == finding.TakeBackConsents && !all {
					all = true
					d.press("tab")
				}
			}
		})
		if !d.quit {
			t.Errorf("it does not come to its end:\n%s", d.view())
		}
	})
}

// In an offboarding too Enter reads on, until each change, what is said of them and each row of the plan was in sight.
func TestNothingIsTakenOutUnread(t *testing.T) {
	t.Parallel()
	watched := readings{}
	offboards(t, func(d *driver) { watched.look(t, d) })
	for _, id := range []steps.ID{finding.OffboardPlan, finding.RemoveRole, finding.RemoveApps, finding.DeleteAccount, finding.TakeBackConsents} {
		if !watched.accepted[id] {
			t.Errorf("%s was not accepted", id)
		}
	}
}

// Help in an offboarding speaks of no suspended MFA: no step of it suspends any.
func TestOffboardingHelpIsAboutOffboarding(t *testing.T) {
	t.Parallel()
	seen := 0
	offboards(t, func(d *driver) {
		if seen++; seen > 3 {
			return
		}
		d.press("?")
		if said := d.whole(); strings.Contains(said, "suspended") || !strings.Contains(said, "Going back only looks") {
			t.Errorf("help says %s", said)
		}
		d.press("?")
	})
}

// What Enter does not do is headed as what would change by the action that does it. While a sign-in is waited for nothing is said to be made, and it is told before it
// is asked for.
func TestOffboardingSaysWhatIsAsked(t *testing.T) {
	t.Parallel()
	would, waited, told := false, false, false
	offboards(t, func(d *driver) {
		s, view := d.m.current(), d.whole()
		if s.Found == nil {
			return
		}
		switch {
		case d.m.flow.walk.State == walker.Applying && d.m.flow.progress.Task != nil && len(s.Found.Changes) > 0:
			waited = true
			if strings.Contains(view, "Making the changes") || !strings.Contains(view, "When you have done that") {
				t.Errorf("while the sign-in is waited for:\n%s", view)
			}
		case d.m.flow.walk.State == walker.Found && len(s.Found.Changes) > 0:
			asked := s.Found.Actions[0].ID != steps.ActApply
			would = would || asked
			if asked != strings.Contains(words(view), "\" would change ") || asked && !strings.Contains(words(view), "What \""+s.Found.Actions[1].Label+"\" would change") {
				t.Errorf("Enter does %q:\n%s", s.Found.Actions[0].Label, view)
			}
			told = told || strings.Contains(words(view), "sign in once more first, so that this program can: take back")
		}
	})
	if !would || !waited || !told {
		t.Errorf("asked %v, waited for %v, told of it %v", would, waited, told)
	}
}
