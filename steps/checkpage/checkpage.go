// Package checkpage draws what a check found as a page for the customer, to be sent the day before: one file that loads nothing,
// in the look of the report and in the language of the process. It holds what the check's JSON holds and nothing else.
package checkpage

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// ErrSecret says that the page would hold a secret of this run.
var ErrSecret = errors.New("the page would hold a secret")

// page is what is drawn: the report, and what follows from it.
type page struct {
	steps.CheckReport
	Program string // its version

	Class, Sign, Verdict string // the verdict, by colour, mark and words
	Wanted               []steps.ReportRow
	Minutes              int
}

// Draw makes the page. program is the version of this one.
func Draw(r steps.CheckReport, program string, rehearsal bool) ([]byte, error) {
	p := page{CheckReport: r, Program: program}
	for _, row := range r.Rows {
		if slices.Contains([]string{steps.MarkBlocks.String(), steps.MarkDecide.String(), steps.MarkLook.String()}, row.Mark) {
			p.Wanted = append(p.Wanted, row)
		}
	}
	switch {
	case r.Verdict == steps.VerdictBlocked:
		p.Class, p.Sign, p.Verdict = "bad", "✗", freed(r.Rows)
	case r.Verdict == steps.VerdictDecide:
		p.Class, p.Sign, p.Verdict = "look", "!", freed(r.Rows)
	case len(p.Wanted) > 0:
		p.Class, p.Sign, p.Verdict = "look", "!", phrase.T("The onboarding can begin.")
	default:
		p.Class, p.Sign, p.Verdict = "good", "✓", phrase.T("The onboarding can begin.")
	}
	seconds := 0
	for _, s := range r.Plan.Steps {
		if s.Needed {
			seconds += s.AboutSeconds
		}
	}
	p.Minutes = (seconds + 59) / 60
	title := phrase.T("Check of %s before the Delegate365 onboarding, %s", report.Shown(r.Tenant.DefaultDomain), phrase.Day(r.CheckedAt.UTC()))
	drawn, err := paper.Page(phrase.Spoken(), title, rehearsal, p.body()...)
	if err == nil && redact.Holds(drawn) {
		return nil, ErrSecret
	}
	return drawn, err
}

// freed says what frees the rows that block, each kind of them by itself.
func freed(rows []steps.ReportRow) string {
	var said []string
	for _, kind := range []struct {
		takes string
		words phrase.Format
	}{
		{steps.TakesRestore, "The program puts back itself what an earlier run left: %s. Change nothing in the tenant for it."},
		{steps.TakesMend, "Please have this mended in the tenant before the onboarding, as its row says: %s."},
		{steps.TakesReading, "This could not be read, and the onboarding can't begin before it was: %s. Its row says why."},
		{steps.TakesChoice, "Change nothing in the tenant for this beforehand: %s. The program asks on its own screen during the onboarding, before it writes anything; the tenant's administrator decides then."},
	} {
		var labels []string
		for _, row := range rows {
			if row.Takes == kind.takes && row.Mark == steps.MarkBlocks.String() {
				labels = append(labels, row.Label)
			}
		}
		if len(labels) > 0 {
			said = append(said, phrase.T(kind.words, report.Told(phrase.JoinAnd(labels))))
		}
	}
	return strings.Join(said, " ")
}

// about is a length that nobody has measured.
func about(seconds int) string { return phrase.Roughly(time.Duration(seconds) * time.Second) }

func stamp(t time.Time) string { return phrase.Day(t.UTC()) + t.UTC().Format(", 15:04:05 UTC") }
