package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A run that is left in a step stands there, although leaving it put MFA back, which is the work of a later one: so says the report that
// is made then, and the one that is made by the journal.
func TestLeftWhereItStood(t *testing.T) {
	t.Parallel()
	for step, place := range map[steps.ID]string{steps.RunSetup: "step 6 of 10", steps.EnableAppPasswords: "step 8 of 10"} {
		t.Run(string(step), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
				r.passUntil(step)
				r.inspect(step)
				if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() {
					t.Fatalf("left open: %v", err)
				}
				h := r.hand(report.Left)
				r.run.Close()
				again := rehearseOn(t, r.tenant, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
				again.pass(steps.SignIn)
				again.run.Close() // changes nothing, so that the place is the one before
				if later := r.again(folder); later.Ended.Step != h.Ended.Step {
					t.Errorf("left at %q, and by its journal at %q", h.Ended.Step, later.Ended.Step)
				}
				if !strings.Contains(h.Verdict.Sentence, "The onboarding is not finished: it stands at "+place+".") {
					t.Errorf("left at %s: %q", step, h.Verdict.Sentence)
				}
				for _, c := range h.Changes {
					if want := string(steps.CloseWindow); step == steps.RunSetup && c.Restores && c.Step != want {
						t.Errorf("change %d is of %s, not of %s", c.N, c.Step, want)
					}
				}
			})
		})
	}
}
