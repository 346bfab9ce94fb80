package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What a customer stumbled over who had nothing but the report.

// A report's page names the files that were written, also those of the day's second report: whoever types what it says checks it, and
// no other one.
func TestPageNamesItsOwnFiles(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"contoso.com-2026-11-27", "contoso.com-2026-11-27-2", "contoso.com-2026-11-27-3"} {
		r := made(t, facts(t))
		var err error
		if r.File, err = report.Free(folder, r); err != nil || r.File != name {
			t.Fatalf("the free name is %q, not %q: %v", r.File, name, err)
		}
		s, err := report.Close(r)
		if err != nil {
			t.Fatal(err)
		}
		w, err := s.Save(folder)
		if err != nil || !strings.HasSuffix(w.JSON, "/"+name+".json") || !strings.HasSuffix(w.Page, "/"+name+".html") {
			t.Fatalf("%+v %v", w, err)
		}
		under := section(t, s.Page, "10 ·")
		for _, says := range []string{"report verify " + name + ".json --fingerprint", "sha256sum " + name + ".json", "Get-FileHash " + name + ".json", "-m " + name + ".json", ": " + name + ".json and its seal, " + name + ".json.minisig"} {
			if !strings.Contains(under, says) {
				t.Errorf("%s: no %q in %s", name, says, under)
			}
		}
		f, err := report.Open(w.Page)
		if err != nil || check(t, f, report.Fingerprint(s.SHA256)).Exit != 0 {
			t.Errorf("%s does not hold: %v", name, err)
		}
	}
}

// What was measured is said as that: how long the account was an administrator without MFA. Per-user MFA that was off before the
// onboarding is set, and not restored.
func TestPageSaysWhatWasMeasured(t *testing.T) {
	s := sealedReport(t)
	if says := "The account was Global Administrator without MFA for at most 23 min 41 s of the 30 min allowed."; !strings.Contains(s.Report.Verdict.Sentence, says) {
		t.Errorf("%s", s.Report.Verdict.Sentence)
	}
	under := section(t, s.Page, "2 ·")
	if !strings.Contains(under, "14:51:55 set "+account) || strings.Contains(under, "restored "+account) || !strings.Contains(under, "restored Require MFA for administrators") {
		t.Errorf("section 2: %s", under)
	}
}

// A rehearsal's report sends nobody to a real tenant.
func TestVerifyOfARehearsalNamesNoTenant(t *testing.T) {
	for _, rehearsal := range []bool{true, false} {
		f := facts(t)
		f.Rehearsal = rehearsal
		v := check(t, anew(t, made(t, f)), "")
		if strings.Contains(said(v), "--tenant") == rehearsal || v.Exit != 0 {
			t.Errorf("rehearsal %v: %+v", rehearsal, v.Checks)
		}
	}
}

// Licence, cloud and comparisons are in a customer's words, and what is to be done is in the order of its dates.
func TestPlainWords(t *testing.T) {
	for licence, says := range map[string]string{"free": "Microsoft Entra ID Free", "p1": "Microsoft Entra ID P1", "p2": "Microsoft Entra ID P2", "unknown": "licence not known"} {
		f := facts(t)
		f.Tenant.Licence = licence
		f.Score.Comparisons = []report.Comparison{{Basis: "AllTenants", Average: 31.4}, {Basis: "TotalSeats", Average: 36.25}, {Basis: "IndustryTypes", Average: 40.5}, {Basis: "Phase", Average: 1}}
		f.Score.NotMet = append(f.Score.NotMet, report.NotMet{Title: "Ensure self-service password reset is enabled", Gain: 1})
		f.Apps[0].Credentials = []report.Credential{{Kind: "secret", Ends: at("14:00:00").AddDate(0, 0, 10)}, {Kind: "certificate", Ends: at("14:00:00").AddDate(1, 0, 0)}}
		f.After.Items = append(f.After.Items, report.Item{What: report.WhatService, ID: "allowAppPasswords", Object: "allowAppPasswords", Value: "true"})
		r := made(t, f)
		s, err := report.Close(r)
		if err != nil {
			t.Fatal(err)
		}
		if under := section(t, s.Page, "1 ·"); !strings.Contains(under, says) || !strings.Contains(under, "Microsoft's worldwide cloud") {
			t.Errorf("%s: %s", licence, under)
		}
		score := section(t, s.Page, "8 ·")
		for _, says := range []string{"All tenants reach 31.4 points on average.", "Tenants of this size", "Tenants of this industry", "Phase: 1 on average", `"Ensure self-service password reset is enabled" , 1 point`, ", 9 points"} {
			if !strings.Contains(score, says) || strings.Contains(score, "1 points") {
				t.Errorf("no %q in %s", says, score)
			}
		}
		last := time.Time{}
		for _, n := range r.Next {
			if n.By.Before(last) {
				t.Errorf("%s, by %s, comes after %s", n.What, n.By, last)
			}
			last = n.By
		}
		if len(r.Next) != 9 {
			t.Errorf("next %+v", r.Next)
		}
	}
}

// Reasons that the data has in English are told in German on a German page, and no reason says twice that something was not read.
func TestReasonsAreRetold(t *testing.T) {
	f := facts(t)
	const reason = "they could not be read: The tenant has no licence for this."
	f.SignIns = report.SignIns{Why: reason}
	f.Log = report.Reading{Err: "it could not be read: Could not read which report the tenant names. Your account may not do this.", Operator: operatorID}
	f.After.Unread = []report.Doubt{{About: report.WhatCampaign, Why: "it was not read"}}
	f.Doubts = []report.Doubt{
		{About: "permissions of the API 42", Why: "their names could not be read: Microsoft could not be reached."},
		{About: "certificates and secrets of Delegate365 Setup", Why: "it is registered in another tenant, which alone can read them"},
		{About: "the service account", Why: "it could not be read: It took too long."},
	}
	r := made(t, f)
	if r.SignIns.Why != reason {
		t.Errorf("the data says %q", r.SignIns.Why)
	}
	english, err := report.Close(r)
	if err != nil {
		t.Fatal(err)
	}
	if under := section(t, english.Page, "5 ·"); !strings.Contains(under, "Sign-ins of the account were not read: The tenant has no licence for this.") {
		t.Errorf("%s", under)
	}
	r.Language = "de"
	german, err := report.Close(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, heading := range []string{"5 ·", "10 ·"} {
		under := section(t, german.Page, heading)
		for _, not := range []string{"read", "tenant", "licence", "account", "secrets", "Microsoft could", "too long", "nicht gelesen: nicht gelesen"} {
			if strings.Contains(strings.ReplaceAll(under, "report verify", ""), not) {
				t.Errorf("%q is in %s", not, under)
			}
		}
	}
}
