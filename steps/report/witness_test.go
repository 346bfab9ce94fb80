package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Whoever makes a new report and a new key can name the true one as the one before: that is no agreement with the tenant.
func TestReportBeforeIsNoWitness(t *testing.T) {
	for announced, want := range map[bool]string{true: report.Fails, false: report.Unchecked} {
		r := sealedReport(t).Report
		if announced {
			r.Leftovers = append(r.Leftovers, report.Leftover{Kind: string(journal.InverseUserExtension)})
		}
		if r.Announced() != announced {
			t.Fatalf("announced: %v", r.Announced())
		}
		var v report.Verification
		v.Witness(r, report.Witness{Read: true, SHA256: earlier})
		if len(v.Checks) != 1 || v.Checks[0].State != want {
			t.Errorf("announced %v: %+v", announced, v.Checks)
		}
	}
}

// What is said of an account today is said of the one that the tenant knows by its id, and what could not be read is no agreement.
func TestTodayIsAboutTheTenantsAccount(t *testing.T) {
	r := sealedReport(t).Report
	now := snapshot("15:00:00",
		report.Item{What: report.WhatAccount, ID: r.Account.ID, Object: "decoy@contoso.com", Value: "enabled"},
		report.Item{What: report.WhatPerUserMFA, ID: r.Account.ID, Object: "decoy@contoso.com", Value: "enforced"})
	now.Unread = []report.Doubt{{About: report.WhatExclusion, Why: "403"}, {About: report.WhatRole, Why: "403"}}
	var v report.Verification
	v.Tenant(r, strings.ToUpper(r.Tenant.ID), report.Reading{}, now)
	for about, said := range map[string]string{
		"account": "\"decoy@contoso.com\"", report.WhatExclusion: "not known", report.WhatRole: "not known", "mfa": "enforced for decoy@contoso.com",
	} {
		if !slices.ContainsFunc(v.Checks, func(c report.Check) bool {
			return c.About == about && (c.State == report.Unchecked || about == "mfa") && strings.Contains(c.Said, said)
		}) {
			t.Errorf("%s: %+v", about, v.Checks)
		}
	}
}

// A name has no case.
func TestSpellingIsNoOtherAccount(t *testing.T) {
	r := sealedReport(t).Report
	var v report.Verification
	v.Tenant(r, r.Tenant.ID, report.Reading{}, snapshot("15:00:00", report.Item{What: report.WhatAccount, ID: r.Account.ID, Object: strings.ToUpper(r.Account.UserPrincipalName), Value: "enabled"}))
	if slices.ContainsFunc(v.Checks, func(c report.Check) bool { return c.About == "account" }) {
		t.Errorf("%+v", v.Checks)
	}
}

// An account that was deleted keeps its roles: that it is gone is said, and not that somebody took one.
func TestNoRoleIsTakenFromAGoneAccount(t *testing.T) {
	r := sealedReport(t).Report
	var v report.Verification
	v.Tenant(r, r.Tenant.ID, report.Reading{}, snapshot("15:00:00"))
	if slices.ContainsFunc(v.Checks, func(c report.Check) bool { return c.About == "role" }) {
		t.Errorf("%+v", v.Checks)
	}
}

// Whoever made a report's data wrote what stands in it, and not what verifying it says.
func TestNoSentenceOfAForger(t *testing.T) {
	r := sealedReport(t).Report
	const forged = "x; ✓ This is the report\n\u202e"
	r.Tenant.DefaultDomain, r.Program.Version = forged, forged
	f := anew(t, r)
	f.JSON = []byte(strings.Replace(string(f.JSON), "{", `{"`+`✓ This is the report": 1,`, 1))
	f.Page = []byte{}
	v := check(t, f, "")
	v.Tenant(r, "another", report.Reading{}, nil)
	r.Account.UserPrincipalName, r.Entries[0].ID = forged, forged
	now := report.Verification{}
	now.Tenant(r, r.Tenant.ID, report.Reading{}, snapshot("15:00:00"))
	for _, about := range []string{"mfa", "entries"} {
		i := slices.IndexFunc(now.Checks, func(c report.Check) bool { return c.About == about })
		if i < 0 || !strings.Contains(now.Checks[i].Said, `"x; ✓ This is the report"`) {
			t.Errorf("%s: %+v", about, now.Checks)
		}
	}
	for _, c := range v.Checks {
		if strings.Contains(c.Said, "✓") && !strings.Contains(c.Said, "\"✓ This is the report\"") || strings.ContainsAny(c.Said, ";\n\u202e") && c.About != "seal" {
			t.Errorf("%+v", c)
		}
	}
}

// Whoever asks Graph for something chooses the id by which it stands in Microsoft's log, and may choose one of this program's.
func TestAnIDIsNoExplanation(t *testing.T) {
	for name, by := range map[string]report.Actor{
		"somebody": {Kind: "user", ID: "mallory", Name: "mallory@contoso.com"}, "an application": {Kind: "app", Name: "Tool"}, "the operator": {Kind: "user", ID: operatorID, Name: operator},
	} {
		f := facts(t)
		forged := report.Entry{
			ID: "Directory_9", At: at("14:40:00"), Activity: "Add member to role", Result: "success", CorrelationID: "req-2", By: by,
			Targets: []report.Target{{ID: "mallory", Name: "mallory@contoso.com", Changes: []report.Property{}}},
		}
		f.Log.Entries = append([]report.Entry{forged}, f.Log.Entries...)
		r, err := report.Make(f)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(r.Entries, func(e report.Entry) bool { return e.ID == forged.ID })
		if ours := i < 0 || r.Entries[i].Class == report.Ours; ours != (name == "the operator") {
			t.Errorf("%s: %d %+v", name, i, r.Entries)
		}
	}
}

// A report beside a supplement that has no evidence of a change is one that the supplement does not fit.
func TestSupplementOfNoEvidence(t *testing.T) {
	r := sealedReport(t).Report
	made, err := r.Supplement(report.Later{Lines: r.Journal.Lines})
	if err != nil {
		t.Fatal(err)
	}
	r.Changes[0].Audit = nil
	s, err := report.Close(r)
	if err != nil {
		t.Fatal(err)
	}
	made.Of = s.SHA256
	sealed, err := report.CloseSupplement(made, s.Report)
	if err != nil {
		t.Fatal(err)
	}
	v, _, err := report.VerifySupplement(report.Files{JSON: sealed.JSON, Seal: sealed.Seal, Report: s.JSON}, "")
	if err != nil || v.Exit != 1 {
		t.Errorf("%v %+v", err, v)
	}
}

// Whoever names an application writes no sentence of the last screen.
func TestRenewalQuotesTheApplication(t *testing.T) {
	r := report.Report{Vendor: report.Vendor{Apps: []report.App{{Name: "X; ✓ nothing to renew", Credentials: []report.Credential{{Kind: "secret", Ends: at("15:00:00")}}}}}}
	if all := report.Renewals(&r); len(all) != 1 || all[0].What != `Renew the secret of "X; ✓ nothing to renew", or let it end` {
		t.Errorf("%+v", all)
	}
}
