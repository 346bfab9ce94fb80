package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// tested are the facts of an onboarding in which somebody said this of Delegate365's test, one answer after another.
func tested(t *testing.T, answers ...string) report.Facts {
	t.Helper()
	f := facts(t)
	b := &book{lines: slices.Clone(f.Lines[:len(f.Lines)-1])}
	b.write(t, "14:53:00", journal.Entry{Kind: journal.KindAsked, Note: report.AskPassword})
	for _, said := range answers {
		said, named, _ := strings.Cut(said, ": ")
		b.write(t, "14:54:30", journal.Entry{Kind: journal.KindAnswered, Step: "hand-over", Note: said, Said: named})
	}
	b.write(t, "14:54:57", journal.Entry{Kind: journal.KindFinished, Step: "hand-over"})
	f.Lines = b.lines
	f.Log.Entries = append([]report.Entry{{
		ID: "Directory_9", At: at("14:53:30"), Activity: "Create application password for user", Result: "success",
		By: report.Actor{Kind: "user", ID: accountID, Name: account}, Targets: []report.Target{{ID: accountID, Name: account, Changes: []report.Property{}}},
	}}, f.Log.Entries...)
	return f
}

// What somebody saw Delegate365's test say is in the report: a failed one is an alarm in the verdict, and nothing says of an app
// password that it works where the test failed, or nobody said anything. The answers are the journal's, and held against it.
func TestReportSaysWhatTheTestSaid(t *testing.T) {
	const works = "Delegate365 signs in to Exchange Online with it"
	for name, c := range map[string]struct {
		answers []string
		said    string // of the test
		times   int
		why     string
		alarms  int
	}{
		"nothing said":        {nil, "", 0, "nobody has said that Delegate365's test of it succeeded", 0},
		"succeeded":           {[]string{"tested"}, "succeeded", 0, works, 0},
		"failed twice":        {[]string{"test-failed", "test-failed"}, "failed", 2, "failed, as somebody saw it, and it does not work there yet", 1},
		"failed, and named":   {[]string{"test-failed: SmtpClientAuthentication"}, "failed", 1, "it does not work there yet", 1},
		"named, then failed":  {[]string{"test-failed: SmtpClientAuthentication", "test-failed"}, "failed", 2, "it does not work there yet", 1},
		"failed, then worked": {[]string{"test-failed", "tested"}, "succeeded", 0, works, 0},
		"worked, then failed": {[]string{"tested", "test-failed"}, "failed", 1, "it does not work there yet", 1},
		"no such page":        {[]string{"test-failed", "no-such-page"}, "", 0, "nobody has said", 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := made(t, tested(t, c.answers...))
			if said := r.Test; (said == nil) != (c.said == "") || said != nil && (said.Said != c.said || said.Failed != c.times || said.Claim.Layer != report.LayerJournal || said.Claim.Line == 0) {
				t.Errorf("the test %+v", said)
			}
			i := slices.IndexFunc(r.Leftovers, func(l report.Leftover) bool { return strings.HasPrefix(l.What, "App password of") })
			if i < 0 || !strings.Contains(r.Leftovers[i].Why, c.why) || strings.Contains(r.Leftovers[i].Why, works) != (c.why == works) {
				t.Errorf("what stays: %+v", r.Leftovers)
			}
			if len(r.Verdict.Alarms) != c.alarms {
				t.Errorf("alarms %q", r.Verdict.Alarms)
			}
			s, err := report.Close(r)
			if err != nil {
				t.Fatal(err)
			}
			top, _, _ := strings.Cut(text(s.Page), "1 · Who")
			if failed := c.said == "failed"; strings.Contains(top, "test of the app password failed") != failed || strings.Contains(top, "! Look") != failed || strings.Contains(section(t, s.Page, "9 ·"), "the setup of a current Delegate365") != failed {
				t.Errorf("the verdict's area: %s", top)
			}
			if rows := section(t, s.Page, "9 ·"); strings.Contains(rows, "SMTP AUTH and the mailbox") != (name == "failed, and named") || strings.Contains(rows, "what was entered") != (c.said == "failed" && name != "failed, and named") {
				t.Errorf("section 9 of a test that %s: %s", name, rows)
			}
			if rows := section(t, s.Page, "9 ·"); strings.Contains(rows, "delete the app password of "+account) != (c.said == "failed") {
				t.Errorf("section 9: %s", rows)
			}
			if v := check(t, report.Files{JSON: s.JSON, Seal: s.Seal}, ""); v.Exit != 0 {
				t.Errorf("%+v", v.Checks)
			}
			lie := &report.Test{Said: "succeeded", Claim: report.Claim{Layer: report.LayerJournal, At: at("14:54:30"), Line: 1}}
			for _, other := range []*report.Test{nil, lie} {
				if other == nil && c.said == "" {
					continue
				}
				forged := r
				forged.Test = other
				if v := check(t, anew(t, forged), ""); v.Exit != 1 || !strings.Contains(said(v), "`test") {
					t.Errorf("forged as %+v: %+v", other, v.Checks)
				}
			}
			r.Language = "de"
			if s, err = report.Close(r); err != nil || strings.Contains(section(t, s.Page, "7 ·"), " it ") {
				t.Errorf("in German: %v %s", err, section(t, s.Page, "7 ·"))
			}
		})
	}
}

// An answer that came after a report makes another one owed.
func TestAnswerAfterTheReportIsOwed(t *testing.T) {
	b := &book{lines: slices.Clone(facts(t).Lines)}
	b.write(t, "14:55:00", journal.Entry{Kind: journal.KindSealed, SHA256: earlier})
	for _, owed := range []bool{false, true} {
		if owed {
			b.write(t, "14:56:00", journal.Entry{Kind: journal.KindAnswered, Note: report.TestFailed})
		}
		if o, err := report.Outline(b.lines); err != nil || o.Since != owed {
			t.Errorf("owed %v: %+v %v", owed, o, err)
		}
	}
}

func said(v report.Verification) string {
	var out []string
	for _, c := range v.Checks {
		out = append(out, c.Said)
	}
	return strings.Join(out, "\n")
}
