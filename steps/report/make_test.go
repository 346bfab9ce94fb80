package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

func TestReportOfAWholeOnboarding(t *testing.T) {
	r, err := report.Make(facts(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Windows) != 1 || r.Windows[0].AtMostSeconds != 23*60+41 || *r.Windows[0].OverCap || r.Windows[0].ClosedBy != "wizard" {
		t.Errorf("windows %+v", r.Windows)
	}
	if len(r.Changes) != 7 || r.Changes[2].RestoredBy != 6 || r.Changes[2].Kept || !r.Changes[1].Kept || r.Changes[1].Undo == "" {
		t.Errorf("changes %+v", r.Changes)
	}
	want := "MFA is on for service.delegate365@contoso.com: per-user MFA is enforced, read from the tenant on 27 Nov 2026, 14:54:58 UTC. " +
		"The account was Global Administrator without MFA for at most 23 min 41 s of the 30 min allowed. " +
		"Microsoft's log shows 4 of 7 changes so far, and nothing unexplained up to 14:29:11 UTC; it was read at 14:54:59 UTC."
	if r.Verdict.Sentence != want || len(r.Verdict.Alarms) != 0 {
		t.Errorf("verdict %q, alarms %q", r.Verdict.Sentence, r.Verdict.Alarms)
	}
	for _, d := range r.Difference {
		if d.ExplainedBy == "none" {
			t.Errorf("not explained: %+v", d)
		}
	}
	if !r.Account.Created || len(r.Account.Roles) != 1 || r.Account.Roles[0].Since != at("14:28:27") {
		t.Errorf("account %+v", r.Account)
	}
	if len(r.Leftovers) != 4 || len(r.Next) != 5 {
		t.Errorf("leftovers %+v, next %+v", r.Leftovers, r.Next)
	}
}

func TestVerdictSaysWhatTheTenantSaid(t *testing.T) {
	set := func(f *report.Facts, what, value string) {
		f.After.Items = slices.Clone(f.After.Items)
		i := slices.IndexFunc(f.After.Items, func(i report.Item) bool { return i.What == what })
		f.After.Items[i].Value = value
	}
	cases := map[string]struct {
		change                   func(*report.Facts)
		mfa, windows, onboarding string
		says                     []string
		alarms                   int
	}{
		"off":      {func(f *report.Facts) { set(f, report.WhatPerUserMFA, "disabled") }, "off", "closed", "finished", []string{"MFA IS NOT ON", "restore --tenant contoso.com"}, 1},
		"unknown":  {func(f *report.Facts) { set(f, report.WhatPerUserMFA, "perhaps") }, "unknown", "closed", "finished", []string{"IT IS NOT KNOWN", "Treat it as off"}, 1},
		"not read": {func(f *report.Facts) { f.After = nil }, "unknown", "closed", "finished", []string{"IT IS NOT KNOWN"}, 1},
		"left":     {func(f *report.Facts) { f.Lines, f.How = f.Lines[:len(f.Lines)-1], report.Left }, "on", "closed", "half-way", []string{"The onboarding is not finished: it stands at step 10 of 10.", "still Global Administrator"}, 0},
		"nothing":  {func(f *report.Facts) { f.Lines, f.How = f.Lines[:2], report.Left }, "untouched", "none", "nothing", []string{"By this computer's journal, nothing was changed in this tenant."}, 0},
		"excluded": {
			func(f *report.Facts) {
				f.After.Items = append(slices.Clone(f.After.Items), report.Item{What: report.WhatExclusion, ID: policyA, Object: "Require MFA for administrators", Value: "excluded"})
			}, "on", "closed", "finished", []string{"But it is still excluded from Require MFA for administrators."}, 1,
		},
		"killed":                     {func(f *report.Facts) { f.Lines = f.Lines[:len(f.Lines)-1] }, "on", "closed", "half-way", []string{"not finished"}, 0},
		"a policy changed by nobody": {func(f *report.Facts) { set(f, report.WhatPolicy, "disabled") }, "on", "closed", "finished", nil, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := facts(t)
			if name == "nothing" {
				f.After = snapshot("14:54:58")
			}
			c.change(&f)
			r, err := report.Make(f)
			if err != nil {
				t.Fatal(err)
			}
			v := r.Verdict
			if v.MFA != c.mfa || v.Windows != c.windows || v.Onboarding != c.onboarding || len(v.Alarms) != c.alarms && name != "nothing" {
				t.Errorf("%+v", v)
			}
			for _, said := range c.says {
				if !strings.Contains(v.Sentence, said) {
					t.Errorf("%q does not say %q", v.Sentence, said)
				}
			}
		})
	}
}

func TestLateAndOpenWindows(t *testing.T) {
	f := facts(t)
	b := &book{}
	b.write(t, "14:00:00", journal.Entry{Kind: journal.KindWindowOpened, CapSeconds: 1800})
	b.write(t, "14:10:00", journal.Entry{Kind: journal.KindWindowOpened, CapSeconds: 1800})
	f.Lines, f.Before = b.lines, nil
	open, err := report.Make(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(open.Windows) != 1 || open.Windows[0].AtMostSeconds != 55*60 || open.Verdict.Windows != report.WindowsOpen {
		t.Errorf("%+v", open.Windows)
	}
	b.by = journal.ByGuard
	b.write(t, "14:41:12", journal.Entry{Kind: journal.KindWindowClosed})
	f.Lines, f.How = b.lines, ""
	late, err := report.Make(f)
	if err != nil {
		t.Fatal(err)
	}
	if !*late.Windows[0].OverCap || late.Verdict.Windows != report.WindowsLate || !strings.Contains(late.Verdict.Sentence, "the guard put MFA back at 14:41:12 UTC") ||
		!strings.Contains(late.Verdict.Sentence, "at most 41 min 12 s, 11 min 12 s longer than allowed") {
		t.Errorf("%+v %q", late.Windows, late.Verdict.Sentence)
	}
}

func TestEvidenceNeverSaysThatNothingHappened(t *testing.T) {
	for name, c := range map[string]struct {
		at    time.Time
		err   string
		kept  time.Duration
		state string
	}{
		"at once":    {at("14:54:59"), "", 30 * 24 * time.Hour, report.Pending},
		"a day late": {at("14:54:59").Add(26 * time.Hour), "", 30 * 24 * time.Hour, report.Absent},
		"too late":   {at("14:54:59").Add(8 * 24 * time.Hour), "", 7 * 24 * time.Hour, report.Beyond},
		"refused":    {time.Time{}, "403", 30 * 24 * time.Hour, report.Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(t)
			f.Log.At, f.Log.Err, f.Log.Kept, f.Log.Entries = c.at, c.err, c.kept, nil
			r, err := report.Make(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, change := range r.Changes {
				if change.Audit.State != c.state {
					t.Errorf("change %d: %s", change.N, change.Audit.State)
				}
			}
		})
	}
}

func TestJournalThatIsNoChainMakesNoReport(t *testing.T) {
	f := facts(t)
	f.Lines = slices.Delete(slices.Clone(f.Lines), 3, 4)
	if _, err := report.Make(f); err == nil {
		t.Error("a report was made")
	}
}

// A computer whose clock is minutes off finds its entries all the same, by Microsoft's times, and measures the window by them.
func TestTimesAreHeldAgainstMicrosofts(t *testing.T) {
	for _, ahead := range []time.Duration{-8 * time.Minute, 0, 8 * time.Minute} {
		f := facts(t)
		f.Log.Clock = &report.Clock{OffsetSeconds: int(ahead.Seconds()), Samples: 9}
		by := report.Actor{Kind: "user", ID: operatorID, Name: operator}
		f.Log.Entries = append([]report.Entry{
			{ID: "Directory_7", At: at("14:52:03"), Activity: "Update conditional access policy", CorrelationID: "c-7", By: by, Targets: []report.Target{{ID: policyB}}},
			{ID: "Directory_6", At: at("14:51:58"), Activity: "Update conditional access policy", CorrelationID: "c-6", By: by, Targets: []report.Target{{ID: policyA}}},
			{ID: "Directory_5", At: at("14:51:52"), Activity: "Enable Strong Authentication", CorrelationID: "c-5", By: by, Targets: []report.Target{{ID: accountID}}},
		}, f.Log.Entries...)
		for i := range f.Log.Entries {
			f.Log.Entries[i].At = f.Log.Entries[i].At.Add(-ahead)
		}
		r, err := report.Make(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Changes {
			if c.Audit.State != report.Found {
				t.Errorf("%s ahead: change %d is %s", ahead, c.N, c.Audit.State)
			}
		}
		if w := r.Windows[0]; w.ByAuditSeconds != 23*60+35 || w.Events[1].Audit != "Directory_2" || len(r.Unexplained) > 0 {
			t.Errorf("%s ahead: window %+v, unexplained %v", ahead, w, r.Unexplained)
		}
		if i := slices.IndexFunc(r.Entries, func(e report.Entry) bool { return e.ID == "Directory_1" }); i < 0 || !r.Entries[i].At.Equal(at("14:25:01").Add(-ahead)) {
			t.Errorf("%s ahead: the entry's own time was changed: %+v", ahead, r.Entries)
		}
	}
}

// Neither a report nor a restore that found nothing ends an onboarding: the windows before them stay in the next report.
func TestOnlyTheWizardFinishes(t *testing.T) {
	for _, by := range []journal.By{journal.ByReport, journal.ByRestore} {
		f := facts(t)
		b := wholeBook(t, f.BeforeHash)
		b.by = by
		b.write(t, "14:53:00", journal.Entry{Kind: journal.KindStarted})
		b.write(t, "14:53:01", journal.Entry{Kind: journal.KindFinished})
		f.Lines, f.How = b.lines, ""
		r, err := report.Make(f)
		if err != nil {
			t.Fatal(err)
		}
		if r.Ended.How != report.Killed {
			t.Errorf("%s: ended %+v", by, r.Ended)
		}
		b.by = journal.ByWizard
		b.write(t, "14:54:00", journal.Entry{Kind: journal.KindStarted})
		b.change(t, "14:54:10", "14:54:11", "req-9", journal.Entry{
			Step: "enable-app-passwords", Change: journal.Change{Op: "~", Object: "app passwords", From: "no", To: "yes"},
			Inverse: &journal.Inverse{Kind: journal.InverseAppPasswordSetting, TargetID: tenantID, Value: "no"},
		})
		b.write(t, "14:54:20", journal.Entry{Kind: journal.KindFinished})
		f.Lines = b.lines
		if r, err = report.Make(f); err != nil {
			t.Fatal(err)
		}
		if len(r.Windows) != 1 || len(r.Changes) != 8 {
			t.Errorf("%s: %d windows and %d changes are left", by, len(r.Windows), len(r.Changes))
		}
	}
}

// What nobody read before the first change is neither new nor old.
func TestExclusionOfWhichNothingWasReadBefore(t *testing.T) {
	for _, before := range []*report.Snapshot{nil, {Unread: []report.Doubt{{About: report.WhatExclusion, Why: "403"}}}} {
		f := facts(t)
		f.Before = before
		f.After.Items = append(slices.Clone(f.After.Items), report.Item{What: report.WhatExclusion, ID: policyA, Object: "Require MFA for administrators", Value: "excluded"})
		r, err := report.Make(f)
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(r.Verdict.Alarms, " "); !strings.Contains(said, "Whether it was before is not known.") || strings.Contains(said, "was not before") {
			t.Errorf("%+v: the alarms are %q", before, r.Verdict.Alarms)
		}
	}
}
