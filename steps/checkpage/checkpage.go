// Package checkpage draws what a check found as a page for the customer, to be sent the day before: one file that loads nothing,
// in the look of the report. It holds what the check's JSON holds and nothing else.
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
		p.Class, p.Sign = "bad", "✗ Blocked"
		p.Verdict = "The onboarding can't begin in this tenant as it was read: " + phrase.Count(blocks, "thing stands", "things stand") + " in the way."
	case decide > 0:
		p.Class, p.Sign = "look", "! Ready, with something to decide"
		p.Verdict = "The onboarding can begin. " + phrase.Upper(phrase.Count(decide, "thing is", "things are")) + " to be decided before."
	default:
		p.Class, p.Sign, p.Verdict = "good", "✓ Ready", "The onboarding can begin."
	}
	seconds := 0
	for _, s := range r.Plan.Steps {
		if s.Needed {
			seconds += s.AboutSeconds
		}
	}
	p.Minutes = (seconds + 59) / 60
	title := "Check of " + report.Shown(r.Tenant.DefaultDomain) + " before the Delegate365 onboarding, " + date(r.CheckedAt)
	drawn, err := paper.Page(phrase.English, title, rehearsal, p.body()...)
	if err == nil && redact.Holds(drawn) {
		return nil, ErrSecret
	}
	return drawn, err
}

// about is a length that nobody has measured.
func about(seconds int) string { return phrase.Roughly(time.Duration(seconds) * time.Second) }

func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

func stamp(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04:05 UTC") }
