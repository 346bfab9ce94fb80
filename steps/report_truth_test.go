package steps_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// truth holds what a report claims against the tenant as it is seen from outside, and returns how many claims are false.
func truth(t *testing.T, h steps.HandedReport, tenant *simtest.Tenant) (wrong int) {
	t.Helper()
	return truthOf(t, h, tenant, serviceAccount)
}

// truthOf is truth of a run with another account.
func truthOf(t *testing.T, h steps.HandedReport, tenant *simtest.Tenant, account string) (wrong int) {
	t.Helper()
	s := tenant.Snapshot()
	holds := func(claim string, claimed, is any) {
		if fmt.Sprint(claimed) != fmt.Sprint(is) {
			wrong++
			t.Errorf("the report says of %s: %v, and the tenant: %v", claim, claimed, is)
		}
	}
	user, there := s.Users[account]
	on := there && asksAlways(tenant, account)
	admin := slices.Contains(user.Roles, "Global Administrator")
	holds("MFA being on", h.Verdict.MFA == report.MFAOn, on && h.Verdict.MFA != report.MFAUntouched)
	holds("MFA being off for an administrator", h.Verdict.MFA == report.MFAOff, there && admin && !on)
	left := func(what string) bool {
		return slices.ContainsFunc(h.Leftovers, func(l report.Leftover) bool { return strings.HasPrefix(l.What, what) })
	}
	holds("the account", left("Service account"), there)
	holds("the role", left("Global Administrator"), admin)
	holds("app passwords", left("App passwords are allowed"), s.AppPasswords)
	excluded, claimed := 0, 0
	for _, p := range s.Policies {
		if slices.Contains(p.Users.ExcludeUsers, user.ID) {
			excluded++
		}
	}
	for _, l := range h.Leftovers {
		if strings.HasPrefix(l.What, "Exclusion of") {
			claimed++
		}
	}
	holds("exclusions", claimed, excluded)
	for _, app := range h.Vendor.Apps {
		holds("the application "+app.Name, true, slices.Contains(s.Applications, app.Name))
	}
	holds("how many applications", len(h.Vendor.Apps), len(slices.DeleteFunc(slices.Clone(s.Applications), func(a string) bool { return !strings.HasPrefix(a, "Delegate365") })))
	for _, d := range h.Difference {
		if d.ExplainedBy == "none" {
			wrong++
			t.Errorf("nothing explains %+v", d)
		}
	}
	f, err := report.Open(h.JSON)
	if err != nil {
		t.Fatal(err)
	}
	if v, _, err := report.Verify(f, h.SHA256, report.Program{}); err != nil || v.Exit != 0 {
		wrong++
		t.Errorf("it does not hold: %v %+v", err, v)
	}
	return wrong
}

// hand writes the report of a run.
func (r *rehearsal) hand(how string) steps.HandedReport {
	r.t.Helper()
	if made, done := steps.Handed(r.run); done {
		return made
	}
	time.Sleep(time.Minute) // entries of the audit log have arrived then
	h, err := r.run.WriteReport(r.t.Context(), how)
	if err != nil {
		r.t.Fatal(err)
	}
	return h
}

// again signs in once more, as the command report does, and makes the report of the journal.
func (r *rehearsal) again(folder string) steps.HandedReport {
	r.t.Helper()
	other := rehearseOn(r.t, r.tenant, setup{options: func(o *steps.Options) { o.Journal, o.By, o.Reports.Folder = folder, journal.ByReport, r.t.TempDir() }})
	other.letIn = r.letIn
	other.pass(steps.SignIn)
	defer other.run.Close()
	return other.hand("")
}

// Whole onboardings, and those that are left after each step.
func TestReportSaysWhatTheTenantSays(t *testing.T) {
	t.Parallel()
	reports, wrong, alarms := 0, 0, 0
	for _, profile := range append(slices.Clone(straight), "privileged") {
		for _, last := range fewer(4, steps.All()[2:]) {
			t.Run(profile+"/"+string(last.Info().ID), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					folder := t.TempDir()
					r := rehearse(t, setup{profile: profile, options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
					for _, s := range steps.All() {
						if s.Info().ID == steps.HandOver {
							time.Sleep(time.Minute) // entries of the audit log have arrived then
						}
						r.pass(s.Info().ID)
						if s.Info().ID == last.Info().ID {
							break
						}
					}
					how := report.Left
					if last.Info().ID == steps.HandOver {
						how = report.Finished
					}
					if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
						t.Fatal(err)
					}
					if !r.run.Changed() {
						return
					}
					h := r.hand(how)
					r.run.Close()
					reports++
					wrong += truth(t, h, r.tenant)
					if n := len(h.Unexplained); n > 0 {
						alarms += n
						for _, e := range h.Entries {
							if e.Class == report.NoReason {
								t.Errorf("a false alarm: %+v", e)
							}
						}
					}
					if h.Verdict.Windows == report.WindowsOpen || (h.Verdict.Onboarding == report.Finished) != (how == report.Finished) {
						t.Errorf("verdict %+v", h.Verdict)
					}
				})
			})
		}
	}
	t.Logf("reports %d, false %d; alarms over clean runs %d", reports, wrong, alarms)
}

func testProgram() report.Program { return report.Program{Version: "test"} }

// Of a wizard that is killed, its guard writes the report once MFA is back, for its owner only; the command report adds to it, and
// writes no second one.
func TestGuardWritesTheReport(t *testing.T) {
	t.Parallel()
	for _, point := range []steps.ID{steps.RunSetup, steps.ReenableMFA} {
		t.Run(string(point), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder, reports := t.TempDir(), t.TempDir()
				r, w := watched(t, setup{profile: "business", options: func(o *steps.Options) { o.Reports.Folder = reports }}, folder)
				r.passUntil(point)
				killed := time.Now()
				if err := w.kill(r); err != nil {
					t.Fatal(err)
				}
				pages, err := filepath.Glob(filepath.Join(reports, "*.html"))
				if err != nil || len(pages) != 1 {
					t.Fatalf("pages %v, %v", pages, err)
				}
				f, err := report.Open(pages[0])
				if err != nil {
					t.Fatal(err)
				}
				said, _, err := report.Decode(f.JSON)
				if err != nil {
					t.Fatal(err)
				}
				path := strings.TrimSuffix(pages[0], ".html") + ".json"
				h := steps.HandedReport{Report: said, Written: report.Written{Folder: reports, JSON: path, Page: pages[0], SHA256: report.Hash(f.JSON)}}
				truth(t, h, r.tenant)
				if said.MadeBy != string(journal.ByGuard) || said.Ended.How == report.Finished || said.Announced() || said.Tenant.DefaultDomain == "" || said.Operator.ID == "" {
					t.Errorf("made by %s, ended %+v, tenant %+v, operator %+v", said.MadeBy, said.Ended, said.Tenant, said.Operator)
				}
				if !strings.Contains(said.Verdict.Sentence, "The program was killed at "+killed.UTC().Format("15:04:05")) || !strings.Contains(said.Verdict.Sentence, "it stands at step ") {
					t.Errorf("verdict: %s", said.Verdict.Sentence)
				}
				for _, path := range []string{pages[0], path, path + ".minisig"} {
					if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
						t.Errorf("%s: %v %v", path, info, err)
					}
				}
				time.Sleep(26 * time.Hour)
				if s := r.supplement(folder, reports); s.Of != h.SHA256 || s.Alarming() {
					t.Errorf("supplement %+v", s.Supplement)
				}
			})
		})
	}
}

// Whoever goes on with the onboarding writes the report, and the guard none beside it; a guard without a folder writes none.
func TestGuardLeavesTheReportToWhoeverGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder, reports := t.TempDir(), t.TempDir()
		r, w := watched(t, setup{profile: "business", options: func(o *steps.Options) { o.Reports.Folder = reports }}, folder)
		r.passUntil(steps.RunSetup)
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault { // the guard closes when the other one has begun
			return &simtest.Fault{Status: http.StatusServiceUnavailable, Body: "{}"}
		})
		ended := make(chan error, 1)
		go func() { ended <- w.kill(r) }()
		time.Sleep(20 * time.Second)
		r.tenant.SetFault(nil)
		other := rehearseOn(t, r.tenant, setup{options: func(o *steps.Options) { o.Journal, o.By, o.Reports.Folder = folder, journal.ByRestore, reports }})
		other.pass(steps.SignIn)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		other.run.Close()
		if files, _ := os.ReadDir(reports); len(files) > 0 {
			t.Errorf("the guard wrote %v", files)
		}
	})
}

// A run that is killed gets its report by the command report, and that says who closed the window.
func TestReportOfAKilledRun(t *testing.T) {
	t.Parallel()
	for _, point := range []steps.ID{steps.RunSetup, steps.ReenableMFA} {
		t.Run(string(point), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				r, w := watched(t, setup{profile: "business"}, folder)
				r.passUntil(point)
				_ = w.kill(r)
				h := r.again(folder)
				truth(t, h, r.tenant)
				if h.Verdict.MFA != report.MFAOn || h.Verdict.Onboarding != report.HalfWay || h.Windows[len(h.Windows)-1].ClosedBy != "guard" {
					t.Errorf("verdict %+v, windows %+v", h.Verdict, h.Windows)
				}
				if h.Before == nil || len(h.Unexplained) > 0 {
					t.Errorf("before %v, unexplained %v", h.Before, h.Unexplained)
				}
			})
		})
	}
}

// One planted misuse of each kind is not explained, or is somebody else's.
func TestMisuseIsNotExplained(t *testing.T) {
	t.Parallel()
	type plant struct {
		name, class string
		do          func(*rehearsal, simtest.Snapshot)
	}
	ga := `{"roleDefinitionId":"62e90394-69f5-4237-9190-012177145e10","directoryScopeId":"/","principalId":%q}`
	user := `{"accountEnabled":true,"displayName":"Mallory","mailNickname":"mallory","userPrincipalName":"mallory@contoso.com","passwordProfile":{"password":"Quiet-Harbour-7194"}}`
	for _, p := range []plant{
		{"a user is added by the account", report.NoReason, func(r *rehearsal, _ simtest.Snapshot) {
			r.as(serviceAccount, http.MethodPost, "/v1.0/users", user)
		}},
		{"the account's password is reset beside the program", report.NoReason, func(r *rehearsal, s simtest.Snapshot) {
			r.asOperator(http.MethodPatch, "/v1.0/users/"+s.Users[serviceAccount].ID, `{"passwordProfile":{"password":"Quiet-Harbour-7194","forceChangePasswordNextSignIn":false}}`)
		}},
		{"a user is added by the operator", report.Somebody, func(r *rehearsal, _ simtest.Snapshot) {
			r.asOperator(http.MethodPost, "/v1.0/users", user)
		}},
		{"a role is assigned by the account", report.NoReason, func(r *rehearsal, s simtest.Snapshot) {
			for upn, u := range s.Users {
				if upn != serviceAccount && len(u.Roles) == 0 && u.Enabled {
					r.as(serviceAccount, http.MethodPost, "/v1.0/roleManagement/directory/roleAssignments", fmt.Sprintf(ga, u.ID))
					return
				}
			}
			r.t.Fatal("nobody is there to be assigned a role")
		}},
		{"a policy that was changed is turned off", report.NoReason, func(r *rehearsal, s simtest.Snapshot) {
			for _, policy := range s.Policies {
				if slices.Contains(policy.Users.ExcludeUsers, s.Users[serviceAccount].ID) {
					r.asOperator(http.MethodPatch, "/v1.0/identity/conditionalAccess/policies/"+policy.ID, `{"state":"disabled"}`)
					return
				}
			}
			r.t.Fatal("no policy was changed")
		}},
	} {
		t.Run(p.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
				r.passUntil(steps.RunSetup)
				time.Sleep(10 * time.Second) // Microsoft takes one change of a policy a second
				p.do(r, r.tenant.Snapshot())
				if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
					t.Fatal(err)
				}
				h := r.hand(report.Left)
				r.run.Close()
				ids := h.OthersWork
				if p.class == report.NoReason {
					ids = h.Unexplained
					if !strings.Contains(h.Verdict.Sentence, "NOT EXPLAINED") || len(h.Verdict.Alarms) == 0 {
						t.Errorf("verdict %+v", h.Verdict)
					}
				}
				if len(ids) == 0 {
					t.Errorf("it shows nowhere: %+v", h.Entries)
				}
			})
		})
	}
}

// as changes something in the tenant as somebody, with a client that is none of the program's.
func (r *rehearsal) as(upn, method, path, body string) {
	r.t.Helper()
	token, err := r.tenant.AccessToken(upn)
	if err != nil {
		r.t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(context.Background(), method, r.tenant.Endpoints().Graph+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Client{Transport: r.tenant.Transport()}).Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		r.t.Fatalf("%s %s as %s: %s", method, path, upn, answer.Status)
	}
}
