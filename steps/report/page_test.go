package report_test

import (
	"encoding/base64"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// text is the page's text, as somebody reads it who has nothing else.
func text(page []byte) string {
	s := string(page)
	_, s, _ = strings.Cut(s, "<main>")
	return words(s)
}

// section is the text under one heading.
func section(t *testing.T, page []byte, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(string(page), "<h2>"+heading)
	if !found {
		t.Fatalf("no heading %q", heading)
	}
	part, _, _ := strings.Cut(rest, "<h2>")
	return words(part)
}

func words(markup string) string {
	markup = strings.ReplaceAll(markup, "<wbr/>", "")
	return html.UnescapeString(strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(markup, " ")), " "))
}

func TestPageLoadsNothingAndRunsNothing(t *testing.T) {
	s := sealedReport(t)
	page := string(s.Page)
	for _, never := range []string{"<script", "<img", "javascript:", "<link", "@import", "<details", "http://", "onerror=alert(1)>", "\u202e", "about:invalid"} {
		if strings.Contains(strings.ReplaceAll(page, "onerror=alert(1)&gt;", ""), never) {
			t.Errorf("the page has %q", never)
		}
	}
	if !strings.Contains(page, `default-src 'none'`) || !strings.Contains(page, "⟨U+202E⟩legacy") {
		t.Error("no policy, or a character that is not seen")
	}
	if n := len(page) - base64.StdEncoding.EncodedLen(len(s.JSON)); n > 250<<10 {
		t.Errorf("%d bytes without the data", n)
	}
	if strings.ContainsRune(string(s.JSON), '\u202e') || !strings.Contains(string(s.JSON), `\u202elegacy</script>`) {
		t.Error("the data hides a character")
	}
}

func TestRehearsalIsMarkedAsOne(t *testing.T) {
	f := facts(t)
	f.Rehearsal = true
	r, err := report.Make(f)
	if err != nil {
		t.Fatal(err)
	}
	s, err := report.Close(r)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(s.Page), "REHEARSAL on a simulated tenant") || !strings.Contains(string(s.JSON), `"rehearsal": true`) {
		t.Error("the rehearsal is not marked")
	}
	if strings.Contains(string(s.Page), "position: fixed") {
		t.Error("what is fixed covers the text below it on every sheet but the first")
	}
}

// TestTenQuestions finds the answers to an auditor's questions in the page's text alone, each under its heading.
func TestTenQuestions(t *testing.T) {
	s := sealedReport(t)
	top, _, _ := strings.Cut(text(s.Page), "1 · Who")
	under := func(heading string) string { return section(t, s.Page, heading) }
	for _, q := range []struct {
		question, where string
		answers         []string
	}{
		{"is MFA on, and how do you know", top, []string{"per-user MFA is enforced, read from the tenant on 27 Nov 2026, 14:54:58 UTC"}},
		{"how long was it off", under("2 ·"), []string{"14:28:26", "14:52:07", "at most 23 min 41 s"}},
		{"who could have used that", under("5 ·"), []string{"none up to 14:29:11 UTC", "Sign-ins of the account"}},
		{"what was changed", under("3 ·"), []string{"Global Administrator : not assigned → assigned", "request req-2", "Directory_2", "stays"}},
		{"was anything else changed", under("6 ·"), []string{"per-user MFA", "not there → enforced", "change 5"}},
		{"who was the operator, with which rights", under("1 ·"), []string{operator, "Global Administrator", "Policy.Read.All", "Microsoft Graph Command Line Tools"}},
		{"which third party has access to what", under("4 ·"), []string{"Delegate365 Setup", "Microsoft Graph : User.ReadWrite.All"}},
		{"what privileged access remains", under("7 ·"), []string{"Global Administrator, assigned to " + account}},
		{"until when", under("9 ·"), []string{"27 December 2026", "Global Administrator"}},
		{"how do I undo it", under("7 ·"), []string{"remove the account's assignment"}},
		{"is it unaltered, and whose", under("10 ·"), []string{s.SHA256, "It does not say who made it", "minisign -V"}},
		{"what was not checked", under("10 ·"), []string{"What could not be read", "A change ticket"}},
	} {
		for _, answer := range q.answers {
			if !strings.Contains(q.where, answer) {
				t.Errorf("%s: %q is not in %q", q.question, answer, q.where)
			}
		}
	}
}

func TestOpenWindowIsDrawnToTheEnd(t *testing.T) {
	f := facts(t)
	b := &book{}
	b.write(t, "14:00:00", journal.Entry{Kind: journal.KindWindowOpened, CapSeconds: 1800})
	f.Lines, f.Before, f.After = b.lines, nil, nil
	r, err := report.Make(f)
	if err != nil {
		t.Fatal(err)
	}
	s, err := report.Close(r)
	if err != nil {
		t.Fatal(err)
	}
	if said := text(s.Page); !strings.Contains(said, "IT IS NOT KNOWN") || !strings.Contains(said, "still open") || !strings.Contains(said, "Not compared") {
		t.Error(said)
	}
}
