package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// germanReport is the fixture's report with a German page.
func germanReport(t *testing.T) report.Sealed {
	t.Helper()
	r := sealedReport(t).Report
	r.Language = "de"
	s, err := report.Close(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A page in German is verified by a program that speaks English: the data says in which language it was drawn.
func TestGermanPageIsVerifiedInEnglish(t *testing.T) {
	english, german := sealedReport(t), germanReport(t)
	data, page, _ := saved(t, german)
	for name, f := range map[string]report.Files{"data": data, "page": page} {
		v := check(t, f, report.Fingerprint(german.SHA256))
		if v.Exit != 0 {
			t.Errorf("%s: %+v", name, v)
		}
		for _, c := range v.Checks {
			if strings.Contains(c.Said, "Fingerabdruck") {
				t.Errorf("%s says in German: %s", name, c.Said)
			}
		}
	}
	if !bytes.Contains(german.Page, []byte(`<html lang="de">`)) || !bytes.Contains(english.Page, []byte(`<html lang="en">`)) {
		t.Error("a page does not name its language")
	}
	one, two := english.Report, german.Report
	two.Language, two.Seal = one.Language, one.Seal
	a, err1 := one.Encode()
	b, err2 := two.Encode()
	if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
		t.Errorf("the data differs in more than its language: %v %v", err1, err2)
	}
}

// Headings, outcomes and what stays are told in German, with its dates and its decimal comma; names stand as they are.
func TestGermanPage(t *testing.T) {
	page := germanReport(t).Page
	_, said, _ := strings.Cut(text(page), "1 · ") // the verdict is in the words of whoever made the report
	for _, want := range []string{
		"Wer, wo, wann", "2 · Das Zeitfenster ohne MFA", "27. November 2026", "höchstens 23 min 41 s von erlaubten 30 min", "ausgeführt, zurückgelesen",
		"Globaler Administrator, zugewiesen an " + account, "Es sagt nicht, wer den Bericht gemacht hat", "Block ⟨U+202E⟩legacy",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, not := range []string{"read back", "not there", "Who", "What was", "window", "stays", "27 Nov"} {
		if strings.Contains(said, not) {
			t.Errorf("%q is on the page", not)
		}
	}
}

// A role that ends by itself is told in German, with its end as a date, and so are the results that Microsoft's log has.
func TestGermanRoleThatEnds(t *testing.T) {
	f := facts(t)
	for i := range f.After.Items {
		if f.After.Items[i].What == report.WhatRole {
			f.After.Items[i].Value = report.UntilValue(at("15:12:00"), false)
		}
	}
	f.Log.Entries = append(f.Log.Entries, report.Entry{ID: "reset", At: at("14:50:00"), Activity: "Reset password", Result: "failure", Targets: []report.Target{{ID: accountID, Name: account}}})
	r, err := report.Make(f)
	if err != nil {
		t.Fatal(err)
	}
	r.Language = "de"
	s, err := report.Close(r)
	if err != nil {
		t.Fatal(err)
	}
	page := text(s.Page)
	if !strings.Contains(page, "zugewiesen bis 27. November 2026, 15:12:00 UTC") || !strings.Contains(page, ", fehlgeschlagen") {
		t.Errorf("no end, or no result: %s", page)
	}
	if strings.Contains(page, "assigned until") || strings.Contains(page, ", failure") {
		t.Error("English is on the page")
	}
}
