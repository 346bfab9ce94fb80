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
	blocks, decide := 0, 0
	for _, row := range r.Rows {
		switch row.Mark {
		case steps.MarkBlocks.String():
			blocks++
		case steps.MarkDecide.String():
			decide++
		default:
			continue
		}
		p.Wanted = append(p.Wanted, row)
	}
	switch {
	case r.Verdict == steps.VerdictBlocked:
		p.Class, p.Sign = "bad", phrase.T("✗ Blocked")
		p.Verdict = phrase.T("The onboarding can't begin in this tenant as it was read: %s in the way.", phrase.Count(blocks, "thing stands", "things stand"))
	case decide > 0:
		p.Class, p.Sign = "look", phrase.T("! Ready, with something to decide")
		p.Verdict = phrase.T("The onboarding can begin. %s to be decided before.", phrase.Count(decide, "thing is", "things are"))
	default:
		p.Class, p.Sign, p.Verdict = "good", phrase.T("✓ Ready"), phrase.T("The onboarding can begin.")
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
