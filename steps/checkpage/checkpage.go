// Package checkpage draws what a check found as a page for the customer, to be sent the day before: one file that loads nothing,
// in the look of the report. It holds what the check's JSON holds and nothing else.
package checkpage

import (
	"bytes"
	_ "embed"
	"errors"
	"html/template"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

//go:embed page.html
var pageText string

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("check").Funcs(template.FuncMap{
		"shown": report.Shown, "told": report.Told, "about": about,
		"date":  func(t time.Time) string { return t.UTC().Format("2 January 2006") },
		"stamp": func(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04:05 UTC") },
	}).Parse(pageText))
})

// ErrSecret says that the page would hold a secret of this run.
var ErrSecret = errors.New("the page would hold a secret")

// page is what the template draws.
type page struct {
	steps.CheckReport
	Style     template.CSS
	StyleHash string
	Rehearsal bool
	Program   string // its version

	Class, Sign, Verdict string // the verdict, by colour, mark and words
	Wanted               []steps.ReportRow
	Minutes              int
}

// Draw makes the page. program is the version of this one.
func Draw(r steps.CheckReport, program string, rehearsal bool) ([]byte, error) {
	css, hash := report.Style()
	p := page{CheckReport: r, Style: template.CSS(css), StyleHash: hash, Rehearsal: rehearsal, Program: program} //nolint:gosec // the program's own
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
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, p); err != nil {
		return nil, err
	}
	if redact.Holds(b.Bytes()) {
		return nil, ErrSecret
	}
	return b.Bytes(), nil
}

// about is a length that nobody has measured.
func about(seconds int) string { return phrase.Roughly(time.Duration(seconds) * time.Second) }
