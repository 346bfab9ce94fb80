package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// excludedStill is the onboarding after which the account is still excluded from a policy, in whatever words.
func excludedStill(t *testing.T) report.Facts {
	f := facts(t)
	f.After.Items = append(f.After.Items, report.Item{What: report.WhatExclusion, ID: policyA, Object: "Require MFA for administrators", Value: "the account is excluded"})
	return f
}

// inOtherWords is a report as a later version may word it, or one in another language.
func inOtherWords(r report.Report) report.Report {
	r.Changes, r.Leftovers, r.Next = slices.Clone(r.Changes), slices.Clone(r.Leftovers), slices.Clone(r.Next)
	for i := range r.Changes {
		if c := &r.Changes[i]; c.Undo != "" {
			c.Undo = "Somewhere else: " + strings.ToUpper(c.Undo)
		}
	}
	for i := range r.Leftovers {
		l := &r.Leftovers[i]
		l.What, l.Why, l.Risk, l.Undo = strings.ToUpper(l.What)+"!", strings.ToUpper(l.Why), strings.ToUpper(l.Risk), strings.ToUpper(l.Undo)
	}
	for i := range r.Next {
		r.Next[i].What = strings.ToUpper(r.Next[i].What)
	}
	r.Verdict.Sentence = strings.ToUpper(r.Verdict.Sentence)
	return r
}

// A report in other words than today's program has says the same: offline nothing contradicts it, and held against the tenant it says
// what it would say in today's. One whose kinds or values are others is contradicted all the same.
func TestOtherWordsAreNoContradiction(t *testing.T) {
	f := excludedStill(t)
	f.Witness = true
	today := made(t, f)
	other := inOtherWords(today)
	if v := check(t, anew(t, other), ""); v.Exit != 0 {
		t.Errorf("offline: %+v", v.Checks)
	}
	if !other.Announced() {
		t.Error("in other words it does not say that the tenant was to name it")
	}
	now := *f.After
	now.At = at("16:00:00")
	l := f.Log
	l.At = now.At
	of := func(r report.Report, now report.Snapshot) report.Verification {
		v := report.Verification{}
		v.Tenant(r, tenantID, l, &now)
		return v
	}
	if a, b := of(today, now), of(other, now); !slices.Equal(a.Checks, b.Checks) {
		t.Errorf("held against the tenant:\n%+v\nin other words:\n%+v", a.Checks, b.Checks)
	}
	for _, c := range of(other, now).Checks {
		if c.About == "exclusion" {
			t.Errorf("the exclusion that the report has: %s", c.Said)
		}
	}
	now.Items = append(slices.Clone(now.Items), report.Item{What: report.WhatExclusion, ID: policyB, Object: "Require MFA for administrators", Value: "the account is excluded"})
	if v := of(other, now); !slices.ContainsFunc(v.Checks, func(c report.Check) bool { return c.About == "exclusion" && c.State == report.Fails }) {
		t.Errorf("an exclusion that came since, from another policy of that name: %+v", v.Checks)
	}
	for _, r := range []report.Report{today, other} {
		later, err := r.Supplement(report.Later{Log: l, Lines: f.Lines, Now: f.After})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range later.Today {
			if line.Said != line.Now {
				t.Errorf("a supplement says that it is not as it was: %+v", line)
			}
		}
	}
}

// Of how a change is taken out the kind counts, and whether it is said at all.
func TestAnotherKindIsAContradiction(t *testing.T) {
	kept := func(r report.Report) *report.Change {
		i := slices.IndexFunc(r.Changes, func(c report.Change) bool { return c.Undo != "" })
		return &r.Changes[i]
	}
	gone := func(r report.Report) *report.Change {
		i := slices.IndexFunc(r.Changes, func(c report.Change) bool { return c.RestoredBy > 0 })
		return &r.Changes[i]
	}
	for name, change := range map[string]func(report.Report){
		"changes[0].object": func(r report.Report) { kept(r).Object.Kind = "policy-exclusion" },
		"changes[0].kept":   func(r report.Report) { kept(r).Kept, kept(r).Undo = false, "" },
		"changes[2].undo":   func(r report.Report) { gone(r).Undo = kept(r).Undo },
		"changes[0].to":     func(r report.Report) { kept(r).To = strings.ToUpper(kept(r).To) },
	} {
		r := inOtherWords(made(t, facts(t)))
		change(r)
		v := check(t, anew(t, r), "")
		if !slices.ContainsFunc(v.Checks, func(c report.Check) bool { return c.State == report.Fails && strings.Contains(c.Said, "`"+name+"`") }) {
			t.Errorf("%s: %+v", name, v.Checks)
		}
	}
}
