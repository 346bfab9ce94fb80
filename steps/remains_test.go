package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// What became of the tenant by signing in alone is no more than what was accepted.
func TestNothingButConsents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		last := func() string { all := steps.Remains(t.Context(), r.run); return all[len(all)-1].String() }
		if said := last(); said != "This run has changed nothing in the tenant." {
			t.Errorf("before the sign-in: %q", said)
		}
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		if said := last(); !strings.Contains(said, "may have been accepted when signing in") {
			t.Errorf("after it: %q", said)
		}
		r.answer(steps.Check, "plan", "")
		r.inspect(steps.Check)
		r.answer(steps.Check, "accept", "")
		r.pass(steps.Check)
		if said := last(); !strings.Contains(said, "the permissions that were accepted for it: ") || !strings.Contains(said, "User.ReadWrite.All") {
			t.Errorf("after the plan's consent: %q", said)
		}
	})
}
