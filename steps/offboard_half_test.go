package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// An offboarding that is left half-way while per-user MFA is off says both, how it stands with MFA and that it is not finished: before the role is taken away, after it, and where the account is kept.
func TestHalfOffboardedWithoutMFASaysBoth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stop  steps.ID
		admin bool
		how   string
	}{
		"still an administrator":   {finding.RemoveApps, true, report.Left},
		"an administrator no more": {finding.DeleteAccount, false, report.Left},
		"the account is kept":      {finding.Offboarded, false, report.Offboarded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				tenant := build(t, setup{profile: "drifted"})
				r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
				r.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"disabled"}`)
				if c.admin {
					r.leaves = finding.RemoveRole
				} else {
					r.leaves = finding.DeleteAccount
				}
				r.take(c.stop)
				h := r.hand(c.how)
				says := []string{"MFA IS NOT ON for ", "The offboarding is not finished: run offboard again to go on"}
				if c.admin { // a policy about administrators asks it all the same
					says[0] = "MFA is on for " + serviceAccount + ": \"CA01 - Require MFA for administrators\" demands it"
				}
				if c.how == report.Offboarded {
					says[1] = "The offboarding is finished: "
				}
				for _, want := range says {
					if !strings.Contains(h.Verdict.Sentence, want) {
						t.Errorf("%q does not say %q", h.Verdict.Sentence, want)
					}
				}
				list := steps.Offboard()
				f, err := list[len(list)-1].Inspect(t.Context(), r.run, r.report)
				if row := rowsOf(f)["Per-user MFA"]; err != nil || row.Value != "disabled" || row.Mark != steps.MarkLook || !strings.Contains(row.Note, "MFA IS NOT ON") {
					t.Errorf("%v: the last screen says %+v", err, row)
				}
				r.run.Close()
				time.Sleep(time.Minute)
			})
		})
	}
}
