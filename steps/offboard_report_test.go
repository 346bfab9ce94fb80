package steps_test

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// An offboarding ends with a report of its own, which verify accepts: whatever it took out, and what stays.
func TestOffboardReports(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile string
		prepare func(r *rehearsal)
		says    []string
		changes int
	}{
		"all of it": {profile: "onboarded", says: []string{"The offboarding is finished: 6 of 6 changes were read back.", serviceAccount + " is gone"}, changes: 6},
		"a kept account": {
			profile: "onboarded", says: []string{"The offboarding is finished:", serviceAccount + " stays, and is not Global Administrator"}, changes: 5,
			prepare: func(r *rehearsal) {
				r.leaves = finding.DeleteAccount
			},
		},
		"accepted still": {
			profile: "onboarded", says: []string{"What stays: section 7."}, changes: 5,
			prepare: func(r *rehearsal) {
				r.leaves = finding.TakeBackConsents
			},
		},
		"excluded": {profile: "drifted", says: []string{"The offboarding is finished:", serviceAccount + " is gone"}, changes: 7},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				tenant := build(t, setup{profile: c.profile})
				r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder, o.By = folder, t.TempDir(), journal.ByWizard }})
				if c.prepare != nil {
					c.prepare(r)
				}
				r.take(finding.Offboarded)
				time.Sleep(5 * time.Minute) // Microsoft's log has arrived then
				list := steps.Offboard()
				last := list[len(list)-1]
				f, err := last.Inspect(t.Context(), r.run, r.report)
				if err != nil || f.Actions[0].ID != steps.ActApply || len(f.Changes) > 0 {
					t.Fatalf("%v %+v", err, f)
				}
				if err := r.applyOf(t.Context(), last); err != nil {
					t.Fatal(err)
				}
				f, err = last.Inspect(t.Context(), r.run, r.report)
				h, written := steps.Handed(r.run)
				if err != nil || !written || f.Actions[0].ID != steps.ActNext {
					t.Fatalf("%v, written %t: %+v", err, written, f)
				}
				for _, want := range c.says {
					if !strings.Contains(h.Verdict.Sentence, want) {
						t.Errorf("%q does not say %q", h.Verdict.Sentence, want)
					}
				}
				if len(h.Changes) != c.changes || len(h.Verdict.Alarms) > 0 || h.Ended.How != "offboarded" {
					t.Errorf("%d changes, ended %s, alarms %q", len(h.Changes), h.Ended.How, h.Verdict.Alarms)
					for _, e := range h.Entries {
						t.Logf("%s %s %s", e.Class, e.Activity, e.By.Name)
					}
				}
				for _, l := range h.Leftovers {
					if l.By == "not this program" {
						t.Errorf("nobody knows here whether an onboarding by another computer made it: %+v", l)
					}
				}
				terminal := finding.Read(steps.Remains(t.Context(), r.run))
				for _, n := range h.Next {
					if !strings.Contains(terminal, "Next: "+n.What+".") && !strings.Contains(terminal, "Next, by "+phrase.Day(n.By)+": "+n.What+".") {
						t.Errorf("the terminal does not say %+v: %s", n, terminal)
					}
				}
				if len(h.Others) > 0 {
					t.Errorf("an entry of its own concerns other things: %+v", h.Others)
				}
				aboutAnOffboarding(t, h)
				comparesBeforeAndAfter(t, h)
				listsWhatStaysAccepted(t, h, r.leaves == finding.TakeBackConsents)
				if v := r.verified(h); v.Exit != 0 {
					for _, check := range v.Checks {
						t.Errorf("%s %s: %s", check.About, check.State, check.Said)
					}
				}
				r.run.Finish()
				if _, there := tenant.Snapshot().Users[serviceAccount]; there != (r.leaves == finding.DeleteAccount) {
					t.Errorf("the account is there: %t", there)
				}
			})
		})
	}
}

// A report that is made later says of the same journal that the offboarding is finished, and of one that was stopped that it is not.
func TestOffboardReportedLater(t *testing.T) {
	t.Parallel()
	for name, finished := range map[string]bool{"finished": true, "stopped": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				with := func(by journal.By) setup {
					return setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder, o.By = folder, t.TempDir(), by }}
				}
				tenant := build(t, setup{profile: "onboarded"})
				r := rehearseOn(t, tenant, with(journal.ByWizard))
				if finished {
					r.take(finding.Offboarded)
					r.run.Finish()
				} else {
					r.take(finding.ForbidAppPasswords)
					r.run.Close()
				}
				time.Sleep(time.Hour)
				later := rehearseOn(t, tenant, with(journal.ByReport))
				later.pass(steps.SignIn)
				h, err := later.run.WriteReport(t.Context(), "")
				if err != nil {
					t.Fatal(err)
				}
				aboutAnOffboarding(t, h)
				if says := strings.Contains(h.Verdict.Sentence, "The offboarding is finished"); says != finished || !finished && !strings.Contains(h.Verdict.Sentence, "The offboarding is not finished") {
					t.Errorf("%s: %s", h.Ended.How, h.Verdict.Sentence)
				}
			})
		})
	}
}

// comparesBeforeAndAfter holds that the tenant was read before the first change, and that each difference is explained by the change that made it.
func comparesBeforeAndAfter(t *testing.T, h steps.HandedReport) {
	t.Helper()
	if h.Before == nil || h.Before.At.After(h.Changes[0].At) {
		t.Fatalf("the tenant was not read before the first change at %s: %+v", h.Changes[0].At, h.Before)
	}
	if page, err := os.ReadFile(h.Page); err != nil || bytes.Contains(page, []byte("Not compared")) {
		t.Errorf("the page does not compare: %v", err)
	}
	by := map[string]bool{}
	for _, d := range h.Difference {
		n, err := strconv.Atoi(d.ExplainedBy)
		if err != nil {
			t.Errorf("no change explains %+v", d)
			continue
		}
		by[h.Changes[n-1].Object.Kind] = true
		if d.What == report.WhatRole && h.Changes[n-1].Step != string(finding.RemoveRole) {
			t.Errorf("change %d did not take the role: %+v", n, d)
		}
		if _, id, _ := strings.Cut(d.Object, ": "); d.What == report.WhatPermission && uuid.Validate(id) == nil {
			t.Errorf("a permission is named by its id: %+v", d)
		}
	}
	for _, c := range h.Changes {
		if c.Object.Kind != string(journal.InverseConsent) && !by[c.Object.Kind] {
			t.Errorf("no difference shows change %d, of the kind %s: %+v", c.N, c.Object.Kind, h.Difference)
		}
	}
}

// listsWhatStaysAccepted holds that section 7 names each permission that stays accepted, and section 9 what to do about it.
func listsWhatStaysAccepted(t *testing.T, h steps.HandedReport, stays bool) {
	t.Helper()
	i := slices.IndexFunc(h.Leftovers, func(l report.Leftover) bool { return l.Kind == string(journal.InverseConsent) })
	if i >= 0 != stays || stays && !strings.Contains(h.Leftovers[i].Why, " RoleManagement.ReadWrite.Directory,") {
		t.Errorf("stays %t: %+v", stays, h.Leftovers)
	}
	if next := slices.ContainsFunc(h.Next, func(n report.Next) bool { return strings.Contains(n.What, "still needs what is accepted") }); next != stays {
		t.Errorf("stays %t: %+v", stays, h.Next)
	}
}

// aboutAnOffboarding holds that no sentence of a report's page is about an onboarding.
func aboutAnOffboarding(t *testing.T, h steps.HandedReport) {
	t.Helper()
	page, err := os.ReadFile(h.Page)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"Delegate365 onboarding", "this onboarding", "The onboarding", "setup made", "Left on purpose", "MFA was never suspended"} {
		if bytes.Contains(page, []byte(words)) {
			t.Errorf("the page says %q", words)
		}
	}
}
