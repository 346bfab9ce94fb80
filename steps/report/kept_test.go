package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// That somebody keeps the role without an end is in the report with who, when and why, until it was given an end or taken away after
// that. It is the journal's, and held against it; and it changes nothing of what was said of the test.
func TestReportSaysWhyTheRoleIsKept(t *testing.T) {
	kept := func(why string) journal.Entry {
		return journal.Entry{Kind: journal.KindAnswered, Step: "hand-over", Note: report.RoleKept, Said: why}
	}
	inverse := func(kind journal.InverseKind) *journal.Inverse {
		return &journal.Inverse{Kind: kind, TargetID: accountID, Value: globalRole}
	}
	write := journal.Change{Op: "~", Object: "Global Administrator for " + account}
	const why = "the vendor asks for it </td><b>"
	for name, c := range map[string]struct {
		after []journal.Entry // lines, one after the other
		want  string
	}{
		"nobody decided": {nil, ""},
		"kept":           {[]journal.Entry{kept(why)}, why},
		"kept anew":      {[]journal.Entry{kept("at first"), kept(why)}, why},
		"its end taken":  {[]journal.Entry{{Kind: journal.KindIntent, Change: write, Inverse: inverse(journal.InverseRoleEnd)}, kept(why)}, why},
		"ended after":    {[]journal.Entry{kept(why), {Kind: journal.KindIntent, Change: write, Restores: inverse(journal.InverseRoleEnd)}}, ""},
		"removed after":  {[]journal.Entry{kept(why), {Kind: journal.KindIntent, Change: write, Restores: inverse(journal.InverseRoleAssignment)}}, ""},
		"taken out":      {[]journal.Entry{kept(why), {Kind: journal.KindIntent, Change: write, Inverse: inverse(journal.InverseRemovedRole)}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := tested(t, report.TestFailed)
			b := &book{lines: slices.Clone(f.Lines[:len(f.Lines)-1])}
			for _, e := range c.after {
				b.write(t, "14:54:40", e)
			}
			b.write(t, "14:54:57", journal.Entry{Kind: journal.KindFinished, Step: "hand-over"})
			f.Lines = b.lines
			r := made(t, f)
			if r.Test == nil || r.Test.Failed != 1 {
				t.Errorf("the test: %+v", r.Test)
			}
			s, err := report.Close(r)
			if err != nil {
				t.Fatal(err)
			}
			row := section(t, s.Page, "7 ·")
			if c.want == "" {
				if r.RoleKept != nil || strings.Contains(row, "because") || strings.Contains(string(s.JSON), "roleKept") {
					t.Errorf("%+v: %s", r.RoleKept, row)
				}
				return
			}
			if k := r.RoleKept; k == nil || k.By != operator || k.Reason != why || !k.Claim.At.Equal(at("14:54:40")) || k.Claim.Line == 0 {
				t.Fatalf("%+v", k)
			}
			if slices.ContainsFunc(r.Next, func(n report.Next) bool { return strings.Contains(n.What, "Global Administrator") }) {
				t.Errorf("it is decided, and is to be asked: %+v", r.Next)
			}
			for _, want := range []string{"Kept without an end, as decided by " + operator + " , because: ", "the vendor asks for it", "27 Nov 2026, 14:54:40 UTC"} {
				if !strings.Contains(row, want) {
					t.Errorf("the page does not say %q: %s", want, row)
				}
			}
			if v := check(t, report.Files{JSON: s.JSON, Seal: s.Seal}, ""); v.Exit != 0 {
				t.Errorf("%+v", v.Checks)
			}
			for _, lie := range []*report.Kept{nil, {By: "somebody@contoso.com", Reason: why, Claim: r.RoleKept.Claim}} {
				forged := r
				forged.RoleKept = lie
				if v := check(t, anew(t, forged), ""); v.Exit != 1 || !strings.Contains(said(v), "`roleKept`") {
					t.Errorf("forged as %+v: %+v", lie, v.Checks)
				}
			}
		})
	}
}
