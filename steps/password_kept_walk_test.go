package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// With every default taken, an account that Delegate365 works with keeps its password; where an older Delegate365 needs an app password, it is
// replaced, and terminal and report say what follows.
func TestOnboardedKeepsItsPassword(t *testing.T) {
	t.Parallel()
	for version, replaced := range map[string]bool{"": false, "none": false, "page": true} {
		t.Run("version "+version, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant := build(t, setup{profile: "onboarded"})
				folder, reports := t.TempDir(), t.TempDir()
				r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, reports }})
				defer r.run.Close()
				r.pass(steps.SignIn)
				r.inspect(steps.Check)
				r.answer(steps.Check, "office", version)
				r.pass(steps.Check)
				f := r.inspect(steps.CreateAccount)
				if ready := f.Status == steps.Ready; ready != replaced || ready != strings.Contains(f.Notice.String(), "The old password stops working") {
					t.Fatalf("%v: %s", f.Status, f.Notice)
				}
				r.pass(steps.CreateAccount)
				if changed := r.run.Changed(); changed != replaced {
					t.Errorf("changed: %v", changed)
				}
				if !replaced {
					return
				}
				if said := finding.Read(steps.Remains(t.Context(), r.run)); !strings.Contains(said, "Left to do: this run has replaced the password of "+serviceAccount) {
					t.Error(said)
				}
				h := r.hand(report.Left)
				var next []string
				for _, n := range h.Next {
					next = append(next, n.What)
				}
				if said := strings.Join(next, "\n"); !strings.Contains(said, "Give Delegate365 what works now") || strings.Contains(said, "disable") {
					t.Error(said)
				}
				if said := h.Verdict.Sentence; !strings.Contains(said, "was set up here before this run") || !strings.Contains(said, "It replaced the password") || strings.Contains(said, "take the role away") {
					t.Error(said)
				}
			})
		})
	}
}
