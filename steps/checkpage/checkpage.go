// Package checkpage draws what a check found as a page for the customer, to be sent the day before: one file that loads nothing,
// in the look of the report and in the language of the process. It holds what the check's JSON holds and nothing else.
package checkpage

import (
	"errors"
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
		if row.Mark == steps.MarkBlocks.String() || row.Mark == steps.MarkDecide.String() {
			p.Wanted = append(p.Wanted, row)
		}
	}
	switch {
	case r.Verdict == steps.VerdictBlocked:
		p.Class, p.Sign = "bad", "✗"
		p.Verdict = phrase.T("Please have it mended in the tenant before the onboarding; each row says how.")
	case r.Verdict == steps.VerdictDecide:
		p.Class, p.Sign = "look", "!"
		p.Verdict = phrase.T("Change nothing in the tenant for it beforehand. The program asks on its own screen during the onboarding, before it writes anything; the tenant's administrator decides then.")
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

// about is a length that nobody has measured.
func about(seconds int) string { return phrase.Roughly(time.Duration(seconds) * time.Second) }

func stamp(t time.Time) string { return phrase.Day(t.UTC()) + t.UTC().Format(", 15:04:05 UTC") }
