package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// prompts are how often a person was asked to sign in or to consent.
func (r *rehearsal) prompts() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		if e.Task != nil && (e.Task.Part == steps.PartDeviceLogin || e.Task.Part == steps.PartSignIn) {
			n++
		}
	}
	return n
}

// Once the plan is accepted, Microsoft is asked once for everything it needs. No later step asks again, and none asks for
// Conditional Access where the plan changes none of it.
func TestOneConsentForThePlan(t *testing.T) {
	t.Parallel()
	for profile, policies := range map[string]bool{"fresh": false, "business": true, "no-licence": false, "migrated": true, "protected-actions": true} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: profile})
				r.pass(steps.SignIn)
				if got := r.prompts(); got != 1 {
					t.Fatalf("%d sign-ins", got)
				}
				r.inspect(steps.Check)
				setting := "set per-user MFA and the app-password setting"
				if profile == "migrated" {
					setting = "set per-user MFA"
					r.answer(steps.Check, "office", "none")
				}
				r.answer(steps.Check, "plan", "")
				r.answer(steps.Check, "accept", "")
				f := r.inspect(steps.Check)
				asked := ""
				for _, s := range f.Sections {
					for _, fact := range s.Facts {
						asked += fact.Label + ": " + fact.Value + "; "
					}
				}
				if f.Status != steps.Ready || f.Actions[0].ID != steps.ActApply || strings.Contains(asked, "ConditionalAccess") != policies ||
					!strings.Contains(asked, "User.ReadWrite.All: create the service account") || strings.Count(asked, "Policy.ReadWrite.AuthenticationMethod: "+setting+"; ") != 1 {
					t.Errorf("after the plan it says %+v", f)
				}
				for _, s := range steps.All()[1:] {
					r.pass(s.Info().ID)
					if got := r.prompts(); got != 2 {
						t.Fatalf("%d prompts by the end of %s, want the sign-in and one consent", got, s.Info().ID)
					}
				}
			})
		})
	}
}

// Where the tenant protects Conditional Access, the check sees it coming, and the stronger sign-in is given with the plan's
// consent: before the account is a Global Administrator, and so that the guard's token stands for it as well.
func TestStepUpComesWithThePlan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "protected-actions"})
		r.pass(steps.SignIn)
		f := r.inspect(steps.Check)
		i := slices.IndexFunc(f.Sections[0].Facts, func(f steps.Fact) bool { return f.ID == "conditional-access" })
		if i < 0 || !strings.Contains(f.Sections[0].Facts[i].Note, "stronger sign-in") {
			t.Errorf("the check does not see it coming: %+v", f.Sections[0].Facts[i])
		}
		r.answer(steps.Check, "plan", "")
		r.answer(steps.Check, "accept", "")
		if f := r.inspect(steps.Check); !strings.Contains(finding.Read(f.Text), "stronger sign-in") {
			t.Errorf("it is not said: %+v", f)
		}
		r.pass(steps.Check)
		r.pass(steps.CreateAccount)
		if f := r.inspect(steps.AssignAdmin); strings.Contains(f.Notice.String(), "restore") {
			t.Errorf("the guard is said not to be able to: %s", f.Notice)
		}
	})
}

// Where it could not be seen coming, Microsoft's challenge leads to the same sign-in, and the change is made.
func TestStepUpWhenMicrosoftAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.pass(steps.SignIn)
		r.pass(steps.Check)
		r.pass(steps.CreateAccount)
		r.pass(steps.AssignAdmin)
		r.tenant.Settings.ProtectActions(true)
		before := r.prompts()
		r.pass(steps.SuspendMFA)
		if got := r.prompts() - before; got != 1 {
			t.Errorf("%d prompts, want one", got)
		}
		said := false
		for _, e := range r.events {
			said = said || strings.Contains(e.Text, "protects its Conditional Access policies")
		}
		if !said {
			t.Error("nobody says why")
		}
		r.pass(steps.RunSetup)
		r.pass(steps.ReenableMFA)
		if exclusions(r.tenant.Snapshot()) != 0 || r.open() {
			t.Error("the window is not closed")
		}
	})
}

// The operator without the stronger sign-in is told what the guard can't do, before the window is opened.
func TestGuardWithoutStepUpIsSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "protected-actions"})
		r.pass(steps.SignIn)
		r.pass(steps.Check)
		r.pass(steps.CreateAccount)
		r.tenant.SignIns.ForgetStepUps()
		time.Sleep(2 * time.Hour)
		r.inspect(steps.CreateAccount) // the token is renewed, without it
		r.mailed()
		if f := r.inspect(steps.AssignAdmin); !strings.Contains(f.Notice.String(), "can't take the exclusions back") {
			t.Errorf("it is not said: %q", f.Notice)
		}
	})
}

// A role that was activated meanwhile counts after "Check again", and not before: the old token knows nothing of it.
func TestCheckAgainTakesANewToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "eligible-only"})
		r.pass(steps.SignIn)
		if f := r.inspect(steps.Check); f.Status != steps.Blocked {
			t.Fatalf("%+v", f)
		}
		time.Sleep(time.Minute)
		if err := r.tenant.ActivateRole("admin@contoso.onmicrosoft.com", graph.GlobalAdministrator); err != nil {
			t.Fatal(err)
		}
		before := r.prompts()
		r.answer(steps.Check, "reread", "")
		f := r.inspect(steps.Check)
		if f.Status == steps.Blocked || r.prompts() != before {
			t.Errorf("the role does not count: %+v", f)
		}
	})
}
