package steps_test

import (
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The setup page that the operator was told to open, before the window is, isn't asked for again while it is.
func TestOpenedByHandStaysOpened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		r.answer(steps.RunSetup, "mail", r.mail)
		page := r.inspect(steps.RunSetup).Task.URL
		for _, c := range []struct {
			address string
			done    bool
		}{{"https://example.com/setup", false}, {page, true}} {
			r.run.Opened(c.address)
			if open := r.inspect(steps.RunSetup).Task.Items[0]; !open.Opens || open.Done != c.done {
				t.Errorf("after %s: %+v", c.address, open)
			}
		}
	})
}

// Where the mail was not pasted beforehand it is asked for before the account is Global Administrator, and later only where somebody wants
// that: nobody looks for a mail while MFA is off.
func TestMailIsAskedForBeforeTheWindow(t *testing.T) {
	t.Parallel()
	for _, later := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: "business"})
			r.passUntil(steps.AssignAdmin)
			f := r.inspect(steps.AssignAdmin)
			if f.Task == nil || f.Task.Part != steps.PartWelcomeMail || len(f.Changes) > 0 {
				t.Fatalf("%+v", f)
			}
			if later {
				r.answer(steps.AssignAdmin, f.Actions[len(f.Actions)-1].ID, "")
			} else {
				r.mailed()
			}
			if f = r.inspect(steps.AssignAdmin); len(f.Changes) == 0 {
				t.Errorf("the role is not announced: %+v", f)
			}
			r.pass(steps.AssignAdmin)
			r.pass(steps.SuspendMFA)
			if f = r.inspect(steps.RunSetup); (f.Task.Part == steps.PartWelcomeMail) != later {
				t.Errorf("later %t, and setup waits for %q", later, f.Task.Part)
			}
		})
	}
}

// So it is where an earlier run has assigned the role: before MFA is suspended.
func TestMailIsAskedForBeforeSuspendingInALaterRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := rehearse(t, setup{profile: "business"})
		first.passUntil(steps.SuspendMFA)
		first.run.Close()
		r := rehearseOn(t, first.tenant, setup{})
		r.passUntil(steps.SuspendMFA)
		f := r.inspect(steps.SuspendMFA)
		if f.Task == nil || f.Task.Part != steps.PartWelcomeMail || len(f.Changes) > 0 {
			t.Fatalf("%+v", f)
		}
		r.answer(steps.SuspendMFA, "mail", r.mail)
		if f = r.inspect(steps.SuspendMFA); len(f.Changes) == 0 {
			t.Errorf("nothing is announced: %+v", f)
		}
	})
}
