package steps_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A run that follows one which did not finish says so in the check, and where that one stopped. One after a finished run says nothing of it,
// nor does the first.
func TestEarlierRunIsTold(t *testing.T) {
	t.Parallel()
	const stopped = "An earlier run of this program stopped"
	for until, want := range map[steps.ID]string{
		steps.Check: "", steps.AssignAdmin: stopped + " at step 4, Assign Global Admin (", steps.RunSetup: stopped + " at step 6, Run Delegate365 setup (", "": "",
	} {
		t.Run(string(until), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				kept := setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }}
				r := rehearse(t, setup{profile: "business", options: kept.options})
				if until == "" {
					r.toReport()
					r.hand(report.Finished)
					r.run.Finish()
				} else {
					r.passUntil(until)
					if strings.Contains(finding.Read(r.inspect(until).Text), stopped) {
						t.Error("the first run tells of an earlier one")
					}
					if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
						t.Fatal(err)
					}
					r.run.Close()
				}
				again := rehearseOn(t, r.tenant, kept)
				again.pass(steps.SignIn)
				defer again.run.Close()
				f := again.inspect(steps.Check)
				row := rowOf(f, "Service account").Note
				if powered := until == steps.RunSetup; strings.Contains(row, "It is Global Administrator already, without a second factor") != powered || until == steps.AssignAdmin && strings.Contains(row, "Global Administrator already") {
					t.Errorf("after a run that was left at %q, the account's row says %q", until, row)
				}
				text := finding.Read(f.Text)
				if strings.Contains(text, stopped) != (want != "") || !strings.Contains(text, want) || !strings.Contains(text, "This run has written nothing yet.") {
					t.Errorf("after a run that was left at %q: %s", until, text)
				}
			})
		})
	}
}

// After a finished onboarding somebody leaves the account without MFA, and restore puts it back: no wizard stopped.
func TestRestoreIsNoStoppedRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		kept := setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }}
		r := rehearse(t, setup{profile: "business", options: kept.options})
		r.toReport()
		r.hand(report.Finished)
		r.run.Finish()
		r.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"disabled"}`)
		for _, part := range []string{"CA01", "CA02", "CA05", "Multifactor"} {
			for _, id := range r.tenant.PolicyIDs(part) {
				if err := r.tenant.ExcludeBehindBack(id, serviceAccount); err != nil {
					t.Fatal(err)
				}
			}
		}
		back := restoringOn(t, r.tenant, folder)
		if f := back.says(""); len(f.Fields) > 0 {
			back.answerTo(back.step, f.Fields[0].ID, serviceAccount)
		}
		if err := back.applyOf(t.Context(), back.step); err != nil {
			t.Fatal(err)
		}
		back.says("MFA is demanded of " + serviceAccount + " again")
		back.run.Finish()
		again := rehearseOn(t, r.tenant, kept)
		again.pass(steps.SignIn)
		defer again.run.Close()
		if text := finding.Read(again.inspect(steps.Check).Text); strings.Contains(text, "stopped") {
			t.Error(text)
		}
	})
}

// An offboarding that was left half-way is told as one.
func TestEarlierOffboardingIsTold(t *testing.T) {
	t.Parallel()
	for until, want := range map[steps.ID]string{
		finding.RemoveApps: "An earlier offboarding of this program stopped at step 4, Remove Global Admin (", finding.TakeBackConsents: " at step 7, Delete the account (",
	} {
		t.Run(string(until), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				tenant := build(t, setup{profile: "onboarded"})
				r := rehearseOn(t, tenant, journaled(folder, ""))
				r.take(until)
				r.run.Close()
				again := rehearseOn(t, tenant, journaled(folder, ""))
				again.pass(steps.SignIn)
				defer again.run.Close()
				if text := finding.Read(again.inspect(steps.Check).Text); !strings.Contains(text, want) || !strings.Contains(text, "run offboard") || strings.Contains(text, "This one goes on") {
					t.Errorf("%q is not in %s", want, text)
				}
			})
		})
	}
}
