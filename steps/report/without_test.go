package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Why there is no app password is the journal's, and held against it: in the first section, in what to do, and as an alarm where Delegate365
// is one that takes it. What is said otherwise after that holds.
func TestReportSaysWhyThereIsNoAppPassword(t *testing.T) {
	const older, newer = report.TakesPassword, report.TestNone
	for name, c := range map[string]struct {
		answers []string
		why     string
		older   bool
		said    string // in section 1
	}{
		"nothing said":          {nil, "", false, ""},
		"older, and barred":     {[]string{older, report.WithoutDefaults}, report.WithoutDefaults, true, "while security defaults are on, none can be created"},
		"older, and refused":    {[]string{older, report.WithoutRefused}, report.WithoutRefused, true, "none can be created in this tenant"},
		"older, and left out":   {[]string{older, report.WithoutChosen}, report.WithoutChosen, true, "it was chosen to go on without one"},
		"nobody can say":        {[]string{report.WithoutChosen}, report.WithoutChosen, false, "it was chosen to go on without one"},
		"newer after all":       {[]string{older, report.WithoutDefaults, newer}, "", false, ""},
		"made after all":        {[]string{report.WithoutChosen, older}, "", false, ""},
		"made, and then tested": {[]string{report.WithoutChosen, "tested"}, "", false, ""},
		"newer, then unknown":   {[]string{older, newer, report.WithoutChosen}, report.WithoutChosen, false, "it was chosen"},
	} {
		t.Run(name, func(t *testing.T) {
			f := tested(t, c.answers...)
			r := made(t, f)
			if w := r.Without; (w == nil) != (c.why == "") || w != nil && (w.Why != c.why || w.Older != c.older || w.Claim.Layer != report.LayerJournal || w.Claim.Line == 0) {
				t.Fatalf("it has %+v", w)
			}
			s, err := report.Close(r)
			if err != nil {
				t.Fatal(err)
			}
			if who := section(t, s.Page, "1 ·"); strings.Contains(who, "App password") != (c.said != "") || !strings.Contains(who, c.said) {
				t.Errorf("section 1: %s", who)
			}
			i := slices.IndexFunc(r.Next, func(n report.Next) bool { return n.What == "Run the setup of a current Delegate365" })
			if (i >= 0) != (c.why != "") || i >= 0 && (r.Next[i].When == report.IfNeeded) == c.older {
				t.Errorf("what to do: %+v", r.Next)
			}
			if (len(r.Verdict.Alarms) == 1) != c.older || strings.Contains(r.Verdict.Sentence, "But Delegate365 has no app password to work with.") != c.older {
				t.Errorf("verdict %+v", r.Verdict)
			}
			if v := check(t, report.Files{JSON: s.JSON, Seal: s.Seal}, ""); v.Exit != 0 {
				t.Errorf("%+v", v.Checks)
			}
			forged := r
			forged.Without = &report.Without{Why: report.WithoutChosen, Claim: report.Claim{Layer: report.LayerJournal, At: at("14:54:30"), Line: 1}}
			if v := check(t, anew(t, forged), ""); v.Exit != 1 || !strings.Contains(said(v), "`withoutAppPassword") {
				t.Errorf("forged: %+v", v.Checks)
			}
			if o, err := report.Outline(f.Lines); err != nil || o.Without != nil {
				t.Errorf("a finished one leaves it to the next: %+v %v", o, err)
			}
			if o, err := report.Outline(f.Lines[:len(f.Lines)-1]); err != nil || (o.Without == nil) != (c.why == "") {
				t.Errorf("one that goes on has %+v %v", o, err)
			}
		})
	}
}

// The verdict says that security defaults were off for everybody, and how they were read at the end.
func TestVerdictSaysHowSecurityDefaultsStand(t *testing.T) {
	defaults := func(state string) journal.Change {
		return journal.Change{Op: "~", Object: "security defaults of the whole tenant contoso.com", From: map[string]string{"on": "off", "off": "on"}[state], To: state}
	}
	inverse := &journal.Inverse{Kind: journal.InverseSecurityDefaults, TargetID: tenantID, Value: "on"}
	for name, c := range map[string]struct {
		moved, back bool
		now         string
		want        string
		alarm       bool
	}{
		"never touched":     {false, false, "on", "", false},
		"off by others":     {false, false, "off", "", false},
		"on again":          {true, true, "on", "Security defaults were off for the whole tenant from 14:53:10 UTC to 14:53:22 UTC; they are on again.", false},
		"on by others":      {true, false, "on", "Security defaults were off for the whole tenant from 14:53:10 UTC on; they are on again.", false},
		"off still":         {true, false, "off", "SECURITY DEFAULTS ARE OFF for the whole tenant. This program turned them off at 14:53:10 UTC", true},
		"off after that":    {true, true, "off", "SECURITY DEFAULTS ARE OFF for the whole tenant. This program turned them off at 14:53:10 UTC", true},
		"could not be read": {true, true, "", "turned off for the whole tenant at 14:53:10 UTC; whether they are on again could not be read.", false},
	} {
		f := facts(t)
		b := &book{lines: slices.Clone(f.Lines[:len(f.Lines)-1])}
		if c.moved {
			b.change(t, "14:53:10", "14:53:12", "req-d1", journal.Entry{Step: "suspend-mfa", Change: defaults("off"), Inverse: inverse})
		}
		if c.back {
			b.change(t, "14:53:20", "14:53:22", "req-d2", journal.Entry{Step: "reenable-mfa", Change: defaults("on"), Restores: inverse})
		}
		b.write(t, "14:54:57", journal.Entry{Kind: journal.KindFinished, Step: "hand-over"})
		f.Lines = b.lines
		if c.now != "" {
			f.After.Items = append(f.After.Items, report.Item{What: report.WhatDefaults, ID: "tenant", Object: "security defaults", Value: c.now})
		}
		for _, state := range []string{"enforced", "disabled"} {
			for i, item := range f.After.Items {
				if item.What == report.WhatPerUserMFA {
					f.After.Items[i].Value = state
				}
			}
			v := made(t, f).Verdict
			if !strings.Contains(v.Sentence, c.want) || c.want == "" && strings.Contains(strings.ToLower(v.Sentence), "security defaults") {
				t.Errorf("%s, per-user MFA %s: %q", name, state, v.Sentence)
			}
			if alarm := slices.ContainsFunc(v.Alarms, func(a string) bool { return strings.HasPrefix(a, "SECURITY DEFAULTS ARE OFF") }); alarm != c.alarm {
				t.Errorf("%s: alarms %q", name, v.Alarms)
			}
		}
	}
}

// What the application had before is told from what the sign-in asked for, and nobody is said to have accepted all of it.
func TestReportTellsWhatWasGrantedBefore(t *testing.T) {
	for _, before := range [][]string{nil, {"Domain.ReadWrite.All"}} {
		f := facts(t)
		f.Operator.Scopes, f.Operator.Before = append(f.Operator.Scopes, before...), before
		f.Operator.ActivatedUntil = at("16:27:42")
		r := made(t, f)
		s, err := report.Close(r)
		if err != nil {
			t.Fatal(err)
		}
		who := section(t, s.Page, "1 ·")
		_, granted, _ := strings.Cut(who, "Permissions granted")
		granted, had, told := strings.Cut(granted, "Granted before")
		if told != (before != nil) || strings.Contains(granted, "Domain.ReadWrite.All") || told && !strings.Contains(had, "not asked for when signing in: Domain.ReadWrite.All") {
			t.Errorf("section 1: %s", who)
		}
		if !strings.Contains(who, "activated until 27 Nov 2026, 16:27:42 UTC") {
			t.Errorf("of the role it says: %s", who)
		}
		f.Lines, f.How = f.Lines[:len(f.Lines)-1], report.PutBack
		for step, said := range map[bool]report.Report{true: r, false: made(t, f)} { // restore has no step that takes them back
			i := slices.IndexFunc(said.Leftovers, func(l report.Leftover) bool { return l.Kind == string(journal.InverseConsent) })
			if i < 0 || strings.Contains(said.Leftovers[i].Why, "in its last step") != step {
				t.Errorf("taken back in a last step, %t: %+v", step, said.Leftovers)
			}
		}
		i := slices.IndexFunc(r.Leftovers, func(l report.Leftover) bool { return l.Kind == string(journal.InverseConsent) })
		if want := map[bool]string{true: "unknown", false: "the operator"}[told]; r.Leftovers[i].By != want {
			t.Errorf("what stays: %+v", r.Leftovers[i])
		}
	}
}

// Application permissions need nobody signed in; with delegated ones alone, an application acts for whoever is signed in to it.
func TestReportSaysWhomAnApplicationActsFor(t *testing.T) {
	const nobody, signedIn = "need nobody signed in", "for whoever is signed in to it"
	for name, c := range map[string]struct {
		kinds     []string
		said, not string
	}{
		"application": {[]string{"application"}, nobody, signedIn},
		"delegated":   {[]string{"delegated"}, signedIn, nobody},
		"both":        {[]string{"delegated", "application"}, nobody, signedIn},
		"none":        {nil, signedIn, nobody},
	} {
		f := facts(t)
		f.Apps[0].Permissions = []report.Permission{}
		for _, kind := range c.kinds {
			f.Apps[0].Permissions = append(f.Apps[0].Permissions, report.Permission{API: "Microsoft Graph", Name: "User.ReadWrite.All", Kind: kind, All: true})
		}
		r := made(t, f)
		i := slices.IndexFunc(r.Leftovers, func(l report.Leftover) bool { return l.ID == f.Apps[0].ID })
		if i < 0 || !strings.Contains(r.Leftovers[i].Risk, c.said) || strings.Contains(r.Leftovers[i].Risk, c.not) {
			t.Errorf("%s: %+v", name, r.Leftovers)
		}
	}
}

// Of the password only this program is said to keep no copy: Delegate365 was given it.
func TestPasswordIsKeptByDelegate365(t *testing.T) {
	tasks := report.Todo{Over: true, Password: true, Given: true}.Tasks(report.Pages{})
	want := "This program keeps no copy of its password. Delegate365's setup was given it: then give Delegate365 the new one as well."
	if last := tasks[len(tasks)-1]; last.Why != want {
		t.Errorf("the task is %+v", last)
	}
}
