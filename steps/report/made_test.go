package report_test

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A change counts once, however often it was sent, and one that was refused not at all: as a screen and the terminal count it.
func TestReportCountsChangesAndNoTries(t *testing.T) {
	try := func(object, to string, outcome journal.Outcome, found bool) report.Change {
		c := report.Change{Op: "~", Object: report.Object{Name: object}, To: to, Outcome: string(outcome), Audit: &report.ChangeAudit{State: report.Pending}}
		if found {
			c.Audit.State = report.Found
		}
		return c
	}
	r := report.Report{Changes: []report.Change{
		try("a", "on", journal.Unknown, false), try("b", "on", journal.Applied, false), try("a", "on", journal.Applied, true),
		try("b", "off", journal.Refused, true), try("a", "off", journal.Applied, true), try("a", "on", journal.Applied, true),
	}}
	if made, found := r.Made(report.Change.InLog); made != 4 || found != 3 {
		t.Errorf("%d, of which %d are in the log", made, found)
	}
}
