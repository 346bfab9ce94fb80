package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// What became of the tenant by signing in alone is no more than what was accepted.
func TestNothingButConsents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		remains := func() string { return finding.Read(steps.Remains(t.Context(), r.run)) }
		if said := remains(); said != "This run has changed nothing in the tenant." {
			t.Errorf("before the sign-in: %q", said)
		}
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		if said := remains(); strings.Contains(said, "report") || !strings.Contains(said, "may have been accepted when signing in") {
			t.Errorf("after it: %q", said)
		}
		r.answer(steps.Check, "plan", "")
		r.inspect(steps.Check)
		r.answer(steps.Check, "accept", "")
		r.pass(steps.Check)
		if said := remains(); !strings.Contains(said, "No report is written") { // the plan had one
			t.Errorf("after the plan: %q", said)
		} else if !strings.Contains(said, "the permissions that were accepted for it: ") || !strings.Contains(said, "User.ReadWrite.All") {
			t.Errorf("after the plan's consent: %q", said)
		}
	})
}
