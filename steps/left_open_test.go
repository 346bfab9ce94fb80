package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A window that an earlier run left open is what the next start begins with.

// abandoned is a tenant on which wizard and guard were killed in the window, two hours ago.
func abandoned(t *testing.T, profile, folder string) *rehearsal {
	t.Helper()
	r := rehearse(t, setup{profile: profile, options: func(o *steps.Options) { o.Journal = folder }})
	r.passUntil(steps.RunSetup)
	r.run.Close()
	time.Sleep(2 * time.Hour)
	return r
}

func TestNextStartBeginsWithTheOpenWindow(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "business"} {
		t.Run(profile, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				first := abandoned(t, profile, folder)
				r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})
				r.pass(steps.SignIn)
				f := r.inspect(steps.Check)
				saysSince(t, f, "MFA has been off for "+serviceAccount, "(2 h 00 min)", "The journal on this computer")
				if open, yes := r.run.Exposure(); !yes || !open.Found || time.Since(open.Opened) < 2*time.Hour || open.Due(time.Now()) {
					t.Errorf("the clock says %+v, %v", open, yes)
				}
				if err := r.apply(t.Context(), steps.Check); err != nil {
					t.Fatal(err)
				}
				closed(t, r, folder)
				if r.open() {
					t.Error("the clock still runs")
				}
				// The rest goes on as ever.
				for _, s := range steps.All()[1:] {
					r.pass(s.Info().ID)
				}
				r.run.Finish()
				if w, open := read(t, folder, r.tenant.Endpoints().TenantID).OpenWindow(); open || r.excluded() != 0 {
					t.Errorf("%+v, %d exclusions", w, r.excluded())
				}
			})
		})
	}
}

func saysSince(t *testing.T, f steps.Finding, words ...string) {
	t.Helper()
	text := finding.Read(f.Text)
	for _, w := range append(words, "before anything else") {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in %q", w, text)
		}
	}
	if f.Status != steps.Ready || len(f.Changes) == 0 || f.Actions[0].ID != steps.ActApply {
		t.Errorf("%+v", f)
	}
}

// On another computer there is no journal: the tenant says that the window is open, and its audit log since when.
func TestOpenWindowWithoutAJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "half-done"})
		r.pass(steps.SignIn)
		if label := r.inspect(steps.Check).Actions[0].Label; label != "Sign in, then: Put MFA back" {
			t.Errorf("what the key does first is not on it: %s", label)
		}
		saysSince(t, r.inspect(steps.Check), "MFA is off for "+serviceAccount+", at most since", "The audit log says that")
		if err := r.apply(t.Context(), steps.Check); err != nil {
			t.Fatal(err)
		}
		if state := r.tenant.Snapshot().Users[serviceAccount].PerUserMFA; state != "enforced" || r.excluded() != 0 || r.open() {
			t.Errorf("per-user MFA %s, %d exclusions, open %v", state, r.excluded(), r.open())
		}
		if text := finding.Read(r.inspect(steps.Check).Text); !strings.Contains(text, "MFA is demanded of "+serviceAccount+" again. It was read back.") {
			t.Errorf("the next screen does not say what was put back: %s", text)
		}
		for _, choice := range []string{"plan", "accept"} {
			r.inspect(steps.Check)
			r.answer(steps.Check, choice, "")
		}
		if row := rowsOf(r.inspect(steps.Check))["User.ReadWrite.All"]; row.Value != "change the service account" {
			t.Errorf("of an account that is there: %+v", row)
		}
		r.mailed()
		for _, s := range steps.All()[1:] {
			if id := s.Info().ID; id == steps.SuspendMFA && !strings.Contains(r.inspect(id).Notice.String(), "The account may be without MFA for at most 30 min.") {
				t.Errorf("for how long is not said before MFA is suspended: %s", r.inspect(id).Notice)
			}
			r.pass(s.Info().ID)
		}
	})
}

// Since when is the log's word of Global Administrator: another role that the account was given later tells nothing.
func TestOnlyGlobalAdministratorSaysSinceWhen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "half-done"})
		time.Sleep(time.Hour)
		id := r.tenant.Snapshot().Users[serviceAccount].ID
		r.asOperator("POST", "/v1.0/roleManagement/directory/roleAssignments", `{"principalId":"`+id+`","roleDefinitionId":"`+graph.SecurityAdministrator+`","directoryScopeId":"/"}`)
		time.Sleep(time.Hour) // until the log has it
		r.pass(steps.SignIn)
		saysSince(t, r.inspect(steps.Check), "at most since it was last made Global Administrator", "(4 h 00 min)")
	})
}

// Somebody closed the window in the portal meanwhile: the journal learns it, and only what is left is put back.
func TestClosedByHandMeanwhile(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "business"} {
		t.Run(profile, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				first := abandoned(t, profile, folder)
				first.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"enforced"}`)
				time.Sleep(time.Minute)
				r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})
				r.pass(steps.SignIn)
				f := r.inspect(steps.Check)
				if r.open() {
					t.Error("the window is said to be open")
				}
				if profile == "business" {
					if !strings.Contains(finding.Read(f.Text), "excluded from policies") || len(f.Changes) == 0 {
						t.Errorf("%+v", f)
					}
					if err := r.apply(t.Context(), steps.Check); err != nil {
						t.Fatal(err)
					}
				}
				closed(t, r, folder)
				text := finding.Read(r.inspect(steps.Check).Text)
				if f := r.inspect(steps.Check); f.Status != steps.Ready || strings.Contains(text, "earlier run left") || strings.Contains(text, "interrupted") {
					t.Errorf("%+v", f)
				}
			})
		})
	}
}

// The account was deleted meanwhile: nothing is open, and the journal learns it.
func TestDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		first := abandoned(t, "fresh", folder)
		if err := first.tenant.DeleteUserBehindBack(serviceAccount); err != nil {
			t.Fatal(err)
		}
		r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		if w, open := read(t, folder, r.tenant.Endpoints().TenantID).OpenWindow(); open || r.open() {
			t.Errorf("%+v, open %v", w, r.open())
		}
	})
}

// restoring is the second of the two steps of restore, after the sign-in.
type restoring struct {
	*rehearsal
	step steps.Step
}

func restoringOn(t *testing.T, on *simtest.Tenant, folder string) restoring {
	t.Helper()
	r := rehearseOn(t, on, setup{options: func(o *steps.Options) { o.By, o.Journal = journal.ByRestore, folder }})
	r.pass(steps.SignIn)
	return restoring{r, steps.Restore()[1]}
}

// says inspects the step and looks for words in what it says.
func (r restoring) says(words string) steps.Finding {
	r.t.Helper()
	f, err := r.step.Inspect(r.t.Context(), r.run, r.report)
	if err != nil {
		r.t.Fatal(err)
	}
	if !strings.Contains(finding.Read(f.Text), words) {
		r.t.Errorf("%q is not in %q", words, f.Text)
	}
	return f
}

// puts takes what the step offers, and looks at the tenant.
func (r restoring) puts(account string) {
	r.t.Helper()
	if err := r.applyOf(r.t.Context(), r.step); err != nil {
		r.t.Fatal(err)
	}
	if f := r.says("MFA is demanded of " + account + " again"); f.Status != steps.Done {
		r.t.Errorf("%+v", f)
	}
	s := r.tenant.Snapshot()
	if s.Users[account].PerUserMFA != "enforced" {
		r.t.Errorf("%+v", s.Users[account])
	}
	for name, p := range s.Policies {
		if slices.Contains(p.Users.ExcludeUsers, s.Users[account].ID) {
			r.t.Errorf("%s still excludes it", name)
		}
	}
	r.run.Finish()
}

// restore closes the window without the wizard, and leaves the rest of the onboarding alone.
func TestRestoreByTheJournal(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := restoringOn(t, abandoned(t, "business", folder).tenant, folder)
		if f := r.says("The journal on this computer"); len(f.Changes) < 3 {
			t.Errorf("%+v", f.Changes)
		}
		r.puts(serviceAccount)
		log := closed(t, r.rehearsal, folder)
		last := log.Entries[len(log.Entries)-1]
		if last.By != journal.ByRestore || last.Kind != journal.KindFinished {
			t.Errorf("%+v", last)
		}
	})
}

func TestRestoreByTheTenant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := restoringOn(t, rehearse(t, setup{profile: "half-done"}).tenant, "")
		r.says("The audit log")
		r.puts(serviceAccount)
	})
}

// Where it ends it says what its report says first, and what its key does. What was set up before is not to be finished by it.
func TestRestoreEndsWithWhatItsReportSays(t *testing.T) {
	t.Parallel()
	for profile, unfinished := range map[string]bool{"half-done": true, "drifted": false} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				on, folder, reports := rehearse(t, setup{profile: profile}).tenant, t.TempDir(), t.TempDir()
				r := restoring{rehearseOn(t, on, setup{options: func(o *steps.Options) { o.By, o.Journal, o.Reports.Folder = journal.ByRestore, folder, reports }}), steps.Restore()[1]}
				r.pass(steps.SignIn)
				if text := finding.Read(r.says("at most since").Text); strings.Contains(text, "Microsoft asks nothing more: the permissions to set per-user MFA") == unfinished {
					t.Errorf("what it writes without asking is not said before: %s", text)
				}
				if err := r.applyOf(t.Context(), r.step); err != nil {
					t.Fatal(err)
				}
				if f := r.says(serviceAccount + " HAS NO SECOND FACTOR."); f.Actions[0].Label != "Finish, and write the report" {
					t.Errorf("%+v", f.Actions)
				}
				said := r.hand(report.PutBack).Verdict.Sentence
				if strings.Contains(said, "tart the program again") != unfinished || strings.Contains(said, "only put MFA back") == unfinished {
					t.Error(said)
				}
			})
		})
	}
}

// The account was made by hand, as the old procedure does: it is found by the name that is given.
func TestRestoreByName(t *testing.T) {
	t.Parallel()
	const account = "svc@contoso.com"
	synctest.Test(t, func(t *testing.T) {
		on := rehearse(t, setup{profile: "business"}).tenant
		on.AddUser(account, "Service", "Made-By-Hand-2026")
		if err := on.SetRole(account, "62e90394-69f5-4237-9190-012177145e10", true); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"CA01", "CA02", "CA05", "Multifactor"} {
			for _, id := range on.PolicyIDs(part) {
				if err := on.ExcludeBehindBack(id, account); err != nil {
					t.Fatal(err)
				}
			}
		}
		r := restoringOn(t, on, "")
		f := r.says("If another account was used, name it.")
		r.answerTo(r.step, f.Fields[0].ID, account)
		r.says("MFA has been off for " + account)
		r.puts(account)
	})
}

// Nothing is open: it says why, and changes nothing.
func TestNothingToRestore(t *testing.T) {
	t.Parallel()
	for account, words := range map[string]string{
		"yuki.tanaka@contoso.com":       "is not Global Administrator",
		"admin@contoso.onmicrosoft.com": "MFA is demanded of admin@contoso.onmicrosoft.com by per-user MFA",
	} {
		t.Run(account, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				on := rehearse(t, setup{}).tenant
				before := on.Snapshot()
				r := restoringOn(t, on, "")
				f := r.says("No window that an earlier run left open is known")
				r.answerTo(r.step, f.Fields[0].ID, account)
				if f := r.says(words); f.Status != steps.Done {
					t.Errorf("%+v", f)
				}
				after := on.Snapshot()
				after.Applications = before.Applications // consent adds the application that was signed in to
				unchanged(t, before, after)
			})
		})
	}
}

// A name that nobody has is asked for again.
func TestRestoreOfNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.pass(steps.SignIn)
		closing := steps.Restore()[1]
		if _, err := closing.Inspect(t.Context(), r.run, r.report); err != nil {
			t.Fatal(err)
		}
		r.answerTo(closing, "account", "nobody@contoso.com")
		_, err := closing.Inspect(t.Context(), r.run, r.report)
		told(t, err, "enter it again")
		f, err := closing.Inspect(t.Context(), r.run, r.report)
		if err != nil || len(f.Fields) != 1 {
			t.Errorf("%+v, %v", f, err)
		}
	})
}
