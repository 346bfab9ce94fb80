package checkpage

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

const hostile = `<script>alert(1)</script>"'&` + "\u202e\x1b[31m"

// Whatever a stranger wrote, it is text on the page; and the page loads nothing.
func TestHostileTenant(t *testing.T) {
	r := steps.CheckReport{
		CheckedAt: time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC), Operator: hostile, Verdict: steps.VerdictReady,
		Tenant:  steps.ReportTenant{ID: hostile, DisplayName: hostile, DefaultDomain: hostile, Cloud: hostile},
		Rows:    []steps.ReportRow{{Label: hostile, Value: hostile, Mark: "decide", Note: hostile}},
		Demands: []steps.ReportDemand{{SignIn: hostile, Source: hostile, Why: hostile}}, NotRead: []steps.ReportNotRead{{Label: "Conditional Access", Why: hostile}},
		Plan: steps.ReportPlan{Account: hostile, Steps: []steps.ReportStep{{
			Title: hostile, What: hostile, Needed: true, AboutSeconds: 90, Changes: []steps.ReportChange{{Object: hostile, From: hostile, To: hostile}},
		}}},
	}
	data, err := Draw(r, "v1", false)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, bad := range []string{"<script", "\u202e", "\x1b", "src=", "href=", "REHEARSAL"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is on the page", bad)
		}
	}
	for _, good := range []string{"! Ready, and to decide: ", "answer whoever sent you the page", "2 min", "27 Nov 2026, 10:00:00 UTC", "any sign-in", "not known", "&lt;script&gt;"} {
		if !strings.Contains(text, good) {
			t.Errorf("%q is not on the page", good)
		}
	}
}

func TestVerdicts(t *testing.T) {
	for mark, c := range map[string]struct{ verdict, takes, want string }{
		"ok": {steps.VerdictReady, "", "✓ Ready: "}, "decide": {steps.VerdictReady, "", "! Ready, and to decide: x"},
		"blocks":                  {steps.VerdictBlocked, steps.TakesMend, "Why: x.</strong> Please have this mended in the tenant before the onboarding, as its row says: x.</p>"},
		"blocks until it is read": {steps.VerdictBlocked, steps.TakesReading, "Why: x.</strong> This could not be read, and the onboarding "},
		"blocks until restore":    {steps.VerdictBlocked, steps.TakesRestore, "Why: x.</strong> The program puts back itself what an earlier run left: x."},
		"blocks until then":       {steps.VerdictDecide, steps.TakesChoice, "Change nothing in the tenant for this beforehand: x."},
	} {
		r := steps.CheckReport{Verdict: c.verdict, Rows: []steps.ReportRow{{Label: "x", Mark: strings.Fields(mark)[0], Takes: c.takes}}}
		data, err := Draw(r, "v1", true)
		if err != nil || !strings.Contains(string(data), c.want) || !strings.Contains(string(data), "REHEARSAL") {
			t.Errorf("%s: %v", mark, err)
		}
	}
}

// A change of what has no state before is none from nothing, and one from a state has both.
func TestChangeWithoutBefore(t *testing.T) {
	r := steps.CheckReport{Verdict: steps.VerdictReady, Plan: steps.ReportPlan{Steps: []steps.ReportStep{{Title: "s", Changes: []steps.ReportChange{
		{Op: "+", Object: "a", To: "b"}, {Op: "~", Object: "c", From: "d", To: "e"},
	}}}}}
	data, err := Draw(r, "v1", false)
	if text := string(data); err != nil || strings.Count(text, "→") != 1 || !strings.Contains(text, "<bdi>d</bdi> → <bdi>e</bdi>") {
		t.Errorf("%v, in\n%s", err, text)
	}
}
