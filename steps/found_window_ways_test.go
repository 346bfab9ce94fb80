package steps_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// On whatever way a window that was found open is closed, the report has it as the run itself says it: a report may not say that the
// account was never without MFA because its journal was not told.
func TestFoundWindowIsInTheReportHoweverItIsClosed(t *testing.T) {
	t.Parallel()
	apply := func(r *rehearsal, s steps.Step) error { return r.applyOf(r.t.Context(), s) }
	leave := func(r *rehearsal, s steps.Step) error { return r.applyOf(r.t.Context(), leavesBy{s}) }
	ways := map[string]struct {
		by     journal.By
		close  func(*rehearsal, steps.Step) error
		silent bool // the audit log does not say since when
	}{
		"as announced":                          {close: apply},
		"as announced by restore":               {by: journal.ByRestore, close: apply},
		"by leaving":                            {close: leave},
		"by leaving restore":                    {by: journal.ByRestore, close: leave},
		"as announced, nobody knows since when": {close: apply, silent: true},
		"by leaving, nobody knows since when":   {close: leave, silent: true},
		"by leaving, at the second attempt": {close: func(r *rehearsal, s steps.Step) error {
			forbid(r, http.MethodPatch, "/authentication/requirements")
			if err := leave(r, s); err == nil {
				r.t.Fatal("it was put back")
			}
			forbid(r, "", "")
			return leave(r, s)
		}},
		"by somebody else, and then by leaving": {close: func(r *rehearsal, s steps.Step) error {
			r.asOperator("PATCH", "/beta/users/"+serviceAccount+"/authentication/requirements", `{"perUserMfaState":"enforced"}`)
			return leave(r, s)
		}},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				folder, reports := t.TempDir(), t.TempDir()
				r := rehearseOn(t, build(t, setup{profile: "half-done"}), setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder, o.By = folder, reports, way.by }})
				defer r.run.Close()
				r.pass(steps.SignIn)
				first := step(steps.Check)
				if way.by == journal.ByRestore {
					first = steps.Restore()[1]
				}
				if way.silent {
					forbid(r, http.MethodGet, "/directoryAudits")
				}
				if _, err := first.Inspect(t.Context(), r.run, r.report); err != nil {
					t.Fatal(err)
				}
				if open, yes := r.run.Exposure(); !yes || !open.Found || open.Opened.IsZero() != way.silent {
					t.Fatalf("what was found is %+v, %t", open, yes)
				}
				if err := way.close(r, first); err != nil {
					t.Fatal(err)
				}
				if _, open := r.run.Exposure(); open {
					t.Fatal("it is still open")
				}
				forbid(r, "", "")
				h := r.hand(report.Left)
				r.tellsAlike(h, way.silent)
				r.run.Close()
				if anew := r.again(folder); anew.Verdict.Windows != h.Verdict.Windows || len(anew.Windows) != len(h.Windows) {
					t.Errorf("made anew from the journal alone, the verdict is %s, not %s: %+v", anew.Verdict.Windows, h.Verdict.Windows, anew.Windows)
				}
			})
		})
	}
}

// A closing that was stopped in the middle leaves MFA on, and something to put back: whatever comes after it, the report of it and that of the
// run that goes on say for how long it was off.
func TestFoundWindowOfAStoppedClosingIsInEachReport(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]journal.By{"the wizard goes on": "", "restore goes on": journal.ByRestore} {
		synctest.Test(t, func(t *testing.T) {
			folder, reports := t.TempDir(), t.TempDir()
			begin := func(tenant *simtest.Tenant) (*rehearsal, steps.Step) {
				r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder, o.By = folder, reports, by }})
				r.pass(steps.SignIn)
				first := step(steps.Check)
				if by == journal.ByRestore {
					first = steps.Restore()[1]
				}
				if _, err := first.Inspect(t.Context(), r.run, r.report); err != nil {
					t.Fatal(err)
				}
				return r, first
			}
			r, first := begin(build(t, setup{profile: "half-done"}))
			forbid(r, http.MethodPatch, "/conditionalAccess/policies")
			if err := r.applyOf(t.Context(), first); err == nil {
				t.Fatal("all of it was put back")
			}
			forbid(r, "", "")
			stopped := r.hand(report.Left)
			r.run.Close()
			next, first := begin(r.tenant)
			defer next.run.Close()
			if err := next.applyOf(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			went := next.hand(report.Left)
			for which, h := range map[string]steps.HandedReport{"stopped": stopped, "went on": went} {
				if len(h.Windows) != 1 || h.Windows[0].AtMostSeconds < int((2*time.Hour).Seconds()) || h.Windows[0].ClosedAt.IsZero() != (which == "stopped") {
					t.Errorf("%s, %s: %s, %+v", name, which, h.Verdict.Windows, h.Windows)
				}
				if alarms := strings.Join(h.Verdict.Alarms, " "); !strings.Contains(alarms, "An exposure window was found open.") {
					t.Errorf("%s, %s: the alarms are %q", name, which, alarms)
				}
			}
		})
	}
}

// leavesBy closes the window as whoever leaves on that step does.
type leavesBy struct{ steps.Step }

func (leavesBy) Apply(ctx context.Context, r *steps.Run, report func(steps.Event)) error {
	return r.CloseExposure(ctx, report)
}

// forbid refuses one kind of request from here on; none where no method is named.
func forbid(r *rehearsal, method, path string) {
	r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
		if q.Method != method || !strings.Contains(q.URL.Path, path) {
			return nil
		}
		return &simtest.Fault{
			Status: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}},
			Body: `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`,
		}
	})
}

// tellsAlike holds the report against what the run itself says of a window that was found open.
func (r *rehearsal) tellsAlike(h steps.HandedReport, silent bool) {
	r.t.Helper()
	if said := finding.Read(steps.WithoutMFA(r.run)); !strings.Contains(said, "Found without MFA") {
		r.t.Errorf("the run says %q", said)
	}
	page, err := os.ReadFile(h.Page)
	if err != nil {
		r.t.Fatal(err)
	}
	if bytes.Contains(page, []byte("at no time Global Administrator")) {
		r.t.Error("the report says that the account was never without MFA")
	}
	if alarms := strings.Join(h.Verdict.Alarms, " "); !strings.Contains(alarms, "An exposure window was found open.") {
		r.t.Errorf("the alarms are %q", alarms)
	}
	want, windows := report.WindowsClosed, 1
	if silent {
		want, windows = report.WindowsUnknown, 0
	}
	if h.Verdict.Windows != want || len(h.Windows) != windows {
		r.t.Errorf("the verdict is %s, windows %+v", h.Verdict.Windows, h.Windows)
	}
	for _, c := range r.verified(h).Checks {
		if c.State == report.Fails && c.About != "unexplained" { // that is what somebody else has done
			r.t.Errorf("%+v", c)
		}
	}
}

// Once it is put back, the check and the question before leaving name what is still open: a Global Administrator without a second factor.
func TestPutBackWithoutASecondFactorIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "half-done"})
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		if err := r.apply(t.Context(), steps.Check); err != nil {
			t.Fatal(err)
		}
		f := r.inspect(steps.Check)
		if text := finding.Read(f.Text); !strings.Contains(text, "To look at: Service account") {
			t.Errorf("the check says %q", text)
		}
		if a := r.run.Aftermath(); a.Bare != serviceAccount {
			t.Errorf("leaving says of nobody that it has no second factor: %+v", a)
		}
		forbid(r, http.MethodGet, "/authentication/methods")
		if text := finding.Read(r.inspect(steps.Check).Text); !strings.Contains(text, "To look at: Service account") {
			t.Errorf("where its factors can't be read, the check says %q", text)
		}
		forbid(r, "", "")
		if r.run.ReadFactor(t.Context()); r.run.Aftermath().Factor != steps.FactorNone {
			t.Errorf("its factor is %d", r.run.Aftermath().Factor)
		}
	})
}
