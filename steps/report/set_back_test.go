package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// setBack is the onboarding as a computer has it whose clock is set back in the window, before MFA is put back; the window, 23 min 41 s
// long, was measured as that, where it was.
func setBack(t *testing.T, by time.Duration, measured int) report.Facts {
	t.Helper()
	f := facts(t)
	b := &book{}
	for _, line := range f.Lines {
		var e journal.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		clock := e.At
		if clock.After(at("14:30:00")) {
			clock = clock.Add(-by)
		}
		if e.Kind == journal.KindWindowClosed {
			e.OpenFor = measured
		}
		b.write(t, clock.Format(time.TimeOnly), e)
	}
	f.Lines = b.lines
	return f
}

// restoredLog is what the log has at last: what put MFA back as well.
func restoredLog() []report.Entry {
	by := report.Actor{Kind: "user", ID: operatorID, Name: operator}
	entry := func(id, clock, activity, target string) report.Entry {
		return report.Entry{ID: "Directory_" + id, At: at(clock), Activity: activity, Result: "success", CorrelationID: "c-" + id, By: by, Targets: []report.Target{{ID: target}}}
	}
	return append([]report.Entry{
		entry("7", "14:52:03", "Update conditional access policy", policyB), entry("6", "14:51:58", "Update conditional access policy", policyA),
		entry("5", "14:51:52", "Enable Strong Authentication", accountID),
	}, logOf()...)
}

// A clock that is set back in a window makes it no shorter: it is as long as it was measured, or as long as nobody knows. Nothing says that
// it was in time, or for less than nothing.
func TestClockSetBackInAWindow(t *testing.T) {
	for name, c := range map[string]struct {
		by        time.Duration
		measured  int
		verdict   string
		atMost    int
		says      string
		verifying int
	}{
		"as long as measured":      {20 * time.Minute, 1421, report.WindowsClosed, 1421, "for at most 23 min 41 s of the 30 min allowed", 0},
		"closed before it is open": {2 * time.Hour, 1421, report.WindowsClosed, 1421, "for at most 23 min 41 s of the 30 min allowed", 0},
		"longer than allowed":      {2 * time.Hour, 2401, report.WindowsLate, 2401, "for at most 40 min 1 s, 10 min 1 s longer than allowed", 0},
		"measured by nobody":       {2 * time.Hour, 0, report.WindowsUnknown, 0, "for nobody knows how long", 3},
		"measured as too short":    {0, 1, report.WindowsClosed, 1421, "for at most 23 min 41 s of the 30 min allowed", 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := setBack(t, c.by, c.measured)
			f.Log.Entries = nil
			r := made(t, f)
			if w := r.Windows[0]; w.AtMostSeconds != c.atMost || (w.OverCap != nil && *w.OverCap) != (c.verdict == report.WindowsLate) || r.Verdict.Windows != c.verdict || !strings.Contains(r.Verdict.Sentence, c.says) {
				t.Errorf("%+v, verdict %s: %s", w, r.Verdict.Windows, r.Verdict.Sentence)
			}
			if known := c.verdict != report.WindowsUnknown; known == slices.Contains(r.Verdict.Alarms, "For how long an exposure window was open is not known.") {
				t.Errorf("alarms %q", r.Verdict.Alarms)
			}
			s, err := report.Close(r)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(s.Page), "set back meanwhile") != (c.by > 0) || strings.Contains(string(s.Page), "-") && strings.Contains(string(s.Page), "at most -") {
				t.Error("the page does not say that the clock was set back, or says so where it was not")
			}
			if v := check(t, report.Files{JSON: s.JSON, Seal: s.Seal}, ""); v.Exit != c.verifying {
				t.Errorf("verifying it ends with %d: %+v", v.Exit, v.Checks)
			}
			r.Windows[0].AtMostSeconds, r.Windows[0].OverCap, r.Windows[0].Unmeasured = 601, new(bool), false
			if v := check(t, anew(t, r), ""); v.Exit != 1 {
				t.Errorf("another length holds: %+v", v.Checks)
			}
		})
	}
}

// A journal by which the window was shorter than it was, because its clock was set back or because somebody wrote it so, does not pass where
// Microsoft's log says otherwise, and no report is made that does not know of that.
func TestLogMeasuresTheWindow(t *testing.T) {
	f := setBack(t, 4*time.Minute, 0)
	short := made(t, f)
	if w := short.Windows[0]; w.AtMostSeconds != 19*60+41 {
		t.Fatalf("%+v", w)
	}
	v, log := report.Verification{}, f.Log
	log.Entries, log.At = restoredLog(), at("16:00:00")
	v.Tenant(short, tenantID, log, f.After)
	if !v.Failed() || !slices.ContainsFunc(v.Checks, func(c report.Check) bool {
		return c.About == "window" && c.State == report.Fails && strings.Contains(c.Said, "open for 23 min 35 s; the report has at most 19 min 41 s")
	}) {
		t.Errorf("against the log: %+v", v.Checks)
	}
	f.Log.Entries = restoredLog()
	r := made(t, f)
	if w := r.Windows[0]; w.AtMostSeconds != 23*60+35 || w.ByAuditSeconds != w.AtMostSeconds {
		t.Errorf("%+v", w)
	}
	if v := check(t, anew(t, r), ""); v.Exit != 0 {
		t.Errorf("verifying it ends with %d: %+v", v.Exit, v.Checks)
	}
}

// A window in which nobody was exposed, by the journal, counts where somebody else changed meanwhile what demands MFA of the account.
func TestSomebodyElseExposes(t *testing.T) {
	tom := report.Actor{Kind: "user", ID: "tom", Name: "tom@contoso.com"}
	for name, c := range map[string]struct {
		at, activity, target string
		unexposed            bool
	}{
		"nobody":         {"15:30:00", "Update conditional access policy", policyA, true},
		"another thing":  {"14:40:00", "Reset user password", accountID, true},
		"a policy":       {"14:40:00", "Update conditional access policy", policyA, false},
		"per-user MFA":   {"14:40:00", "Disable Strong Authentication", accountID, false},
		"a moment early": {"14:28:23", "Update conditional access policy", policyB, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(t)
			b := &book{}
			for _, line := range f.Lines {
				var e journal.Entry
				if err := json.Unmarshal([]byte(line), &e); err != nil {
					t.Fatal(err)
				}
				e.Unexposed = e.Kind == journal.KindWindowClosed
				b.write(t, e.At.Format(time.TimeOnly), e)
			}
			f.Lines = b.lines
			f.Log.Entries = append([]report.Entry{
				{ID: "Directory_9", At: at(c.at), Activity: c.activity, Result: "success", CorrelationID: "c-9", By: tom, Targets: []report.Target{{ID: c.target}}},
			}, restoredLog()...)
			r := made(t, f)
			if r.Windows[0].Unexposed != c.unexposed || (r.Verdict.Windows == report.WindowsNone) != c.unexposed || len(r.Unexplained) != 1 {
				t.Errorf("%+v, unexplained %v: %s", r.Windows[0], r.Unexplained, r.Verdict.Sentence)
			}
			if s, err := report.Close(r); err != nil || strings.Contains(string(s.Page), "MFA not seen off; closed by the") != c.unexposed {
				t.Errorf("%v: its drawing does not tell it from one in which MFA was off", err)
			}
			if v := check(t, anew(t, r), ""); v.Exit != 0 {
				t.Errorf("verifying it ends with %d: %+v", v.Exit, v.Checks)
			}
		})
	}
}
