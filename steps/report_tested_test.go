package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What the operator saw Delegate365's test say is in the report that ends the run, in one that is made of a run that was left, and in
// one that is made anew from the journal alone.
func TestFailedTestReachesEveryReport(t *testing.T) {
	t.Parallel()
	for _, how := range []string{report.Finished, report.Left} {
		synctest.Test(t, func(t *testing.T) {
			journal, reports := t.TempDir(), t.TempDir()
			r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = journal, reports }})
			r.passUntil(steps.HandOver)
			r.answer(steps.HandOver, "test-failed", "")
			r.answer(steps.HandOver, "test-failed", "")
			r.answer(steps.HandOver, "finish-untested", "")
			first := r.hand(how)
			r.run.Close()
			for name, made := range map[string]steps.HandedReport{"first": first, "anew": r.again(journal)} {
				if made.Test == nil || made.Test.Said != "failed" || made.Test.Failed != 2 {
					t.Errorf("%s, %s: the test %+v", how, name, made.Test)
				}
				if said := strings.Join(made.Verdict.Alarms, "\n"); !strings.Contains(said, "test of the app password failed twice") {
					t.Errorf("%s, %s: alarms %q", how, name, said)
				}
				for _, l := range made.Leftovers {
					if strings.Contains(l.Why, "signs in to Exchange Online with it") {
						t.Errorf("%s, %s: %s: %s", how, name, l.What, l.Why)
					}
				}
				next := ""
				for _, n := range made.Next {
					next += n.What + "\n"
				}
				for _, out := range []string{"delete the app password of " + serviceAccount, "forbid them in the tenant again"} {
					if !strings.Contains(next, out) {
						t.Errorf("%s, %s: section 9 does not say %q:\n%s", how, name, out, next)
					}
				}
				if strings.Contains(next, "See whether Delegate365 sends mail") {
					t.Errorf("%s, %s: its test has shown that: %s", how, name, next)
				}
				if v := r.verified(made); v.Failed() {
					t.Errorf("%s, %s: %+v", how, name, v.Checks)
				}
			}
		})
	}
}

// Where a report has several alarms, the terminal names each, in a sentence.
func TestEachAlarmIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "half-done", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		r.passUntil(steps.HandOver)
		for _, said := range []string{"test-failed", "test-failed", "finish-untested"} {
			r.answer(steps.HandOver, said, "")
		}
		said := r.hand(report.Finished).AlarmSaid()
		if want := "The report has 2 alarms, on its first page: An exposure window was found open. Delegate365's test of the app password failed twice."; said != want {
			t.Errorf("it says %q", said)
		}
	})
}

// The last screen counts all of the report's alarms, also those that stand on it already, and does not say of setup that this run ran it.
func TestLastScreenCountsAllAlarms(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "drifted", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		for _, s := range steps.All() {
			r.pass(s.Info().ID)
		}
		f := r.inspect(steps.HandOver)
		h, _ := steps.Handed(r.run)
		if len(h.Verdict.Alarms) != 2 {
			t.Fatalf("%q", h.Verdict.Alarms)
		}
		says(t, f, "The report has 2 alarms, on its first page, beside the above: An exposure window was found open.", "before this run.")
		ends := slices.MinFunc(report.Renewals(&h.Report), func(a, b report.Next) int { return a.By.Compare(b.By) })
		if !slices.ContainsFunc(f.Sections[0].Facts, func(row steps.Fact) bool { return row.Label == phrase.Day(ends.By) && row.Value == ends.What }) {
			t.Errorf("Delegate365's access ends on %v, and the rows are %+v", ends.By, f.Sections[0].Facts)
		}
	})
}

// What the test said is taken from nobody by a default, the second time as little as the first.
func TestEachTestHasToBeSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.HandOver)
		for _, failed := range []bool{false, true} {
			f := r.inspect(steps.HandOver)
			if len(f.Fields) != 1 || !f.Fields[0].Undecided() || f.Actions[0].ID != steps.ActRetry {
				t.Errorf("failed before %t: it asks %+v, and Enter does %q", failed, f.Fields, f.Actions[0].ID)
			}
			if err := step(steps.HandOver).Answer(r.run, "test", typed("test", "")); err == nil {
				t.Errorf("failed before %t: an answer that says nothing is taken", failed)
			}
			r.answer(steps.HandOver, "test", "test-failed")
		}
	})
}

// A second report of one day is checked by what its own page says: the name stands in it that the file has.
func TestPageNamesTheFileThatWasWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), folder }})
		r.passUntil(steps.HandOver)
		for _, end := range []string{"", "-2", "-3"} {
			h, err := r.run.WriteReport(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			if want := h.Tenant.DefaultDomain + "-" + h.MadeAt.Format("2006-01-02") + end; h.File != want || !strings.HasSuffix(h.JSON, want+".json") {
				t.Errorf("it is called %q, and written to %s", h.File, h.JSON)
			}
		}
	})
}
