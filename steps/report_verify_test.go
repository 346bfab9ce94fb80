package steps_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// reported is a finished onboarding on business with its report.
func reported(t *testing.T) (*rehearsal, steps.HandedReport) {
	t.Helper()
	folder := t.TempDir()
	r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
	r.passUntil(steps.HandOver)
	h := r.hand(report.Finished)
	r.run.Finish()
	return r, h
}

// verified is what report verify --tenant says of a file as it was written.
func (r *rehearsal) verified(h steps.HandedReport) report.Verification {
	r.t.Helper()
	f, err := report.Open(h.JSON)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.against(f)
}

// online holds a report against the tenant, as report verify --tenant does on any computer.
func (r *rehearsal) online(said report.Report) report.Verification {
	r.t.Helper()
	s, err := report.Close(said)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.against(report.Files{JSON: s.JSON, Seal: s.Seal})
}

func (r *rehearsal) against(f report.Files) report.Verification {
	r.t.Helper()
	v, again, err := report.Verify(f, "", report.Program{})
	if err != nil || v.Exit != 0 {
		r.t.Fatalf("offline: %v %+v", err, v)
	}
	other := rehearseOn(r.t, r.tenant, setup{})
	other.letIn = r.letIn
	other.pass(steps.SignIn)
	defer other.run.Close()
	if err := other.run.HoldAgainst(r.t.Context(), &v, again); err != nil {
		r.t.Fatal(err)
	}
	return v
}

func TestReportHoldsAgainstTheTenant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, h := reported(t)
		time.Sleep(3 * 24 * time.Hour)
		if v := r.verified(h); v.Exit != 0 || found(v, "witness") != report.Holds {
			t.Errorf("%+v", v)
		}
		if v := r.online(h.Report); v.Exit != 1 || found(v, "witness") != report.Fails {
			t.Errorf("the same report with another key is not the one that the tenant names: %+v", v)
		}
		r.asOperator("PATCH", "/beta/users/"+h.Account.ID+"/authentication/requirements", `{"perUserMfaState":"disabled"}`)
		if v := r.verified(h); v.Exit != 1 || !slices.ContainsFunc(v.Checks, func(c report.Check) bool { return c.About == "mfa" && c.State == report.Fails }) {
			t.Errorf("MFA is off today: %+v", v)
		}
		time.Sleep(40 * 24 * time.Hour)
		if v := r.verified(h); !slices.ContainsFunc(v.Checks, func(c report.Check) bool {
			return c.About == "log" && c.State == report.Unchecked && strings.Contains(c.Said, "is kept until")
		}) {
			t.Errorf("after the log is gone: %+v", v)
		}
	})
}

// found is the state of a check.
func found(v report.Verification, about string) string {
	for _, c := range v.Checks {
		if c.About == about {
			return c.State
		}
	}
	return ""
}

// The tenant names the report unless the operator says otherwise, and what is named is all that is written. Whoever takes it
// away is noticed; a refusal is said.
func TestTenantNamesTheReport(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*rehearsal)
		after  func(*rehearsal, steps.HandedReport)
		state  string
	}{
		"named":   {nil, nil, report.Holds},
		"unasked": {func(r *rehearsal) { r.answer(steps.HandOver, "no-witness", "") }, nil, report.Remark},
		"removed": {nil, func(r *rehearsal, h steps.HandedReport) {
			r.asOperator("DELETE", "/v1.0/users/"+h.Account.ID+"/extensions/"+steps.WitnessName, "")
		}, report.Unchecked},
		"place taken": {func(r *rehearsal) {
			for _, name := range []string{"com.example.one", "com.example.two"} {
				r.asOperator("POST", "/v1.0/users/"+r.tenant.Snapshot().Users[serviceAccount].ID+"/extensions", `{"@odata.type":"#microsoft.graph.openTypeExtension","extensionName":"`+name+`"}`)
			}
		}, nil, report.Unchecked},
		"written over": {func(r *rehearsal) {
			r.asOperator("POST", "/v1.0/users/"+r.tenant.Snapshot().Users[serviceAccount].ID+"/extensions", `{"@odata.type":"#microsoft.graph.openTypeExtension","extensionName":"`+steps.WitnessName+`","report":"an older one"}`)
		}, nil, report.Holds},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				r := rehearse(t, setup{profile: "fresh", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
				r.passUntil(steps.HandOver)
				if c.before != nil {
					c.before(r)
				}
				h := r.hand(report.Finished)
				r.run.Finish()
				if (h.NotWitnessed != nil) != (name == "place taken") {
					t.Errorf("not witnessed: %v", h.NotWitnessed)
				}
				if c.after != nil {
					c.after(r, h)
				}
				if v := r.verified(h); found(v, "witness") != c.state || v.Failed() {
					t.Errorf("%+v", v)
				}
			})
		})
	}
}

// Reports that somebody made anew, with a fresh key and a chain of their own, are sound offline, and fail against the tenant.
func TestForgedReportFailsOnline(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(*journal.Entry) bool{
		"without the role": func(e *journal.Entry) bool { return e.Step != string(steps.AssignAdmin) },
		"an hour earlier":  func(e *journal.Entry) bool { e.At = e.At.Add(-time.Hour); return true },
		"by another operator": func(e *journal.Entry) bool {
			e.Operator = "nobody@contoso.com"
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, h := reported(t)
				lines := rechained(t, h.Journal.Lines, forge)
				made, err := report.Make(report.Facts{
					ID: h.ID, MadeAt: h.MadeAt, MadeBy: journal.ByWizard, Tenant: h.Tenant, Operator: h.Operator, Program: h.Program, Lines: lines,
				})
				if err != nil {
					t.Fatal(err)
				}
				if name == "by another operator" {
					made.Operator.ID, made.Operator.UserPrincipalName = "", "nobody@contoso.com"
				}
				if v := r.online(made); v.Exit != 1 {
					t.Errorf("it passes: %+v", v)
				}
			})
		})
	}
}

// rechained is a journal of the same lines, each as forge leaves it, chained anew.
func rechained(t *testing.T, lines []string, forge func(*journal.Entry) bool) (out []string) {
	t.Helper()
	seq := map[int]int{}
	for _, line := range lines {
		e, err := journal.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		if !forge(&e) {
			continue
		}
		old := e.Seq
		e.Seq, e.Intent, e.Prev = len(out)+1, seq[e.Intent], report.Hash(nil)
		seq[old] = e.Seq
		if len(out) > 0 {
			e.Prev = report.Hash([]byte(out[len(out)-1]))
		}
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(raw))
	}
	return out
}
