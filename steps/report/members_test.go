package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What a report leads to: the portal's page of what stays, the change that took another back, the report before, and the answers by
// which something could not be read.
func TestReportLeadsOn(t *testing.T) {
	s := sealedReport(t)
	r := s.Report
	for _, c := range r.Changes {
		page := map[string]string{string(journal.InverseUser): portal + "/#view/user", string(journal.InverseRoleAssignment): portal + "/#view/user"}[c.Object.Kind]
		if c.UndoPage != page || c.Kept == (c.Undo == "") {
			t.Errorf("change %d, kept %v: undo %q on %q", c.N, c.Kept, c.Undo, c.UndoPage)
		}
	}
	for _, l := range r.Leftovers {
		if own := l.By == "this program"; (l.Page != "") != own {
			t.Errorf("%s: %q", l.What, l.Page)
		}
	}
	if i := slices.IndexFunc(r.Next, func(n report.Next) bool { return strings.Contains(n.What, "Global Administrator") }); i < 0 || r.Next[i].Page != portal+"/#view/user" {
		t.Errorf("next %+v", r.Next)
	}
	if r.Seal.Previous == nil || r.Seal.Previous.SHA256 != earlier || !strings.Contains(string(s.JSON), `"previous": {`) {
		t.Errorf("the report before: %+v", r.Seal)
	}
	page := string(s.Page)
	if under := section(t, s.Page, "3 ·"); !strings.Contains(under, "Create service account, by the wizard") || strings.Contains(under, "create-account") {
		t.Errorf("section 3 names the steps in another way: %s", under)
	}
	for _, link := range []string{`href="#change-6"`, `id="change-6"`, `href="` + portal + `/#view/user"`, `href="` + portal + `/#view/methods"`} {
		if !strings.Contains(page, link) {
			t.Errorf("the page has no %s", link)
		}
	}
	if under := section(t, s.Page, "10 ·"); !strings.Contains(under, "request req-403") {
		t.Errorf("the answer by which something was not read is not in %q", under)
	}
	f := facts(t)
	f.Log.Err, f.Log.Refused = "it could not be read: 403", &report.Claim{Layer: report.LayerAudit, RequestID: "req-log"}
	f.SignIns, f.Around.Refused = report.SignIns{Why: "no licence"}, &report.Claim{Layer: report.LayerAudit, RequestID: "req-signs"}
	f.After.Unread = []report.Doubt{{About: report.WhatPolicy, Why: "403", Claim: &report.Claim{Layer: report.LayerTenant, RequestID: "req-policy"}}}
	for _, d := range made(t, f).Doubts {
		if d.Claim == nil || d.Claim.RequestID == "" {
			t.Errorf("who says that %s was not read: %+v", d.About, d)
		}
	}
}

// A report says when the program was killed, as its guard saw it, how much later MFA was back, and where the onboarding stands.
func TestVerdictSaysWhenItWasKilled(t *testing.T) {
	for name, c := range map[string]struct {
		gone, back string
		says       string
		at         string
	}{
		"seen":     {"2026-11-27T14:51:58Z", "14:52:07", "The program was killed at 14:51:58 UTC; the guard put MFA back at 14:52:07 UTC, 9 s later, and read it.", "14:51:58"},
		"not seen": {"", "14:52:07", "The program was killed; the guard put MFA back at 14:52:07 UTC, and read it.", "14:52:06"},
	} {
		f := facts(t)
		b := &book{lines: slices.Clone(wholeBook(t, f.BeforeHash).lines)}
		b.lines = b.lines[:len(b.lines)-1]
		b.by = journal.ByGuard
		b.write(t, c.back, journal.Entry{Kind: journal.KindWindowClosed})
		if c.gone != "" {
			b.write(t, "14:52:08", journal.Entry{Kind: journal.KindGone, Note: c.gone})
		}
		f.Lines, f.Around.Place, f.MadeBy = b.lines, "step 6 of 10", journal.ByGuard
		r := made(t, f)
		for _, says := range []string{c.says, "The onboarding is not finished: it stands at step 6 of 10."} {
			if !strings.Contains(r.Verdict.Sentence, says) {
				t.Errorf("%s: %q does not say %q", name, r.Verdict.Sentence, says)
			}
		}
		if r.Ended.How != report.Killed || !r.Ended.At.Equal(at(c.at)) {
			t.Errorf("%s: ended %+v", name, r.Ended)
		}
		r.Ended.At = r.Ended.At.Add(time.Minute)
		if check(t, anew(t, r), "").Exit != 1 {
			t.Errorf("%s: another time of the kill holds", name)
		}
	}
}

// Who changed since what a report said is named, with the entry of Microsoft's log that says so.
func TestVerifyNamesWhoChangedIt(t *testing.T) {
	tom := report.Actor{Kind: "user", ID: "tom", Name: "tom@contoso.com"}
	entry := func(id, activity, target string) report.Entry {
		return report.Entry{ID: id, At: at("15:12:00"), Activity: activity, Result: "success", By: tom, Targets: []report.Target{{ID: target}}}
	}
	f := facts(t)
	r := made(t, f)
	now := snapshot("16:00:00", report.Item{What: report.WhatAccount, ID: accountID, Object: account, Value: "enabled"},
		report.Item{What: report.WhatPerUserMFA, ID: accountID, Object: account, Value: "disabled"}, report.Item{What: report.WhatExclusion, ID: policyA, Object: "Require MFA for administrators"})
	for _, silent := range []bool{false, true} {
		l := f.Log
		l.At = at("16:00:00")
		if !silent {
			l.Entries = append([]report.Entry{
				entry("Directory_5f", "Remove member from role", accountID), entry("Directory_60", "Disable Strong Authentication", accountID), entry("Directory_61", "Update conditional access policy", policyA),
			}, l.Entries...)
		}
		v := report.Verification{}
		v.Tenant(r, tenantID, l, now)
		for about, want := range map[string]string{
			"role":      "Global Administrator was taken from the account by tom@contoso.com on 27 Nov 2026 at 15:12 UTC (log entry Directory_5f).",
			"mfa":       "per-user MFA is disabled for " + account + " by tom@contoso.com on 27 Nov 2026 at 15:12 UTC (log entry Directory_60): enforce it.",
			"exclusion": "Require MFA for administrators by tom@contoso.com on 27 Nov 2026 at 15:12 UTC (log entry Directory_61).",
		} {
			i := slices.IndexFunc(v.Checks, func(c report.Check) bool { return c.About == about })
			if i < 0 || strings.Contains(v.Checks[i].Said, want) == silent || silent && strings.Contains(v.Checks[i].Said, " by ") {
				t.Errorf("%s, log silent %v: %+v", about, silent, v.Checks)
			}
		}
	}
}
