package steps

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// The times without MFA, as the last screen and the terminal say them: what was open before this run is told apart.

// exposures are those times: a window that was watched and exposed nobody is in the report. One that was longer than agreed is never ok.
func exposures(m *memory) (out []Section) {
	found, now := Section{Title: phrase.T("Found without MFA")}, Section{Title: phrase.T("Without MFA in this run")}
	add := func(before bool, row Fact) {
		to := &now
		if before {
			to = &found
		}
		to.Facts = append(to.Facts, row)
	}
	all := m.window.Exposed()
	for i := range all {
		add(all[i].Found, closedRow(&all[i]))
	}
	if open := m.window.Open; open != nil {
		since := phrase.T("not known")
		if !open.Opened.IsZero() {
			since = phrase.Stays(open.Opened, time.Now())
		}
		row := Fact{Label: phrase.T("Since %s", since), Value: phrase.T("open until all is put back"), Mark: MarkBlocks, Note: leftBy(open)}
		if row.Note == "" {
			row.Note = phrase.T("Go back to Re-enable MFA.")
		}
		add(open.Found, row)
	}
	if len(found.Facts) > 0 {
		out = append(out, found)
	} else if len(now.Facts) == 0 {
		add(false, Fact{Label: phrase.T("MFA"), Value: phrase.T("not turned off by this run"), Mark: MarkOK})
	}
	if len(now.Facts) > 0 {
		out = append(out, now)
	}
	return out
}

// exposedIn reports whether a run knows of a time without MFA, and of one of which nobody knows since when.
func exposedIn(w window.Snapshot) (any, untimed bool) {
	all := w.Exposed()
	if w.Open != nil {
		all = append(all, *w.Open)
	}
	return len(all) > 0, slices.ContainsFunc(all, func(e Exposure) bool { return e.Opened.IsZero() })
}

// leftBy is whose a window was that was found open; empty for this run's own.
func leftBy(e *Exposure) string {
	switch {
	case e.Unclaimed:
		return phrase.T("No journal here says who left it so.")
	case e.Found:
		return phrase.T("An earlier run had left it open.")
	}
	return ""
}

func closedRow(e *Exposure) Fact {
	row := Fact{Mark: MarkOK, Note: phrase.T("Closed: %s.", e.By.Spoken)}
	if by := leftBy(e); by != "" {
		row.Note = by + " " + row.Note
	}
	if e.Opened.IsZero() {
		row.Label, row.Value, row.Mark = phrase.T("Until %s", phrase.Stays(e.Closed, time.Now())), phrase.T("nobody here knows since when"), MarkLook
		return row
	}
	lasted, known := e.Was()
	row.Label = phrase.FromTo(e.Opened, e.Closed)
	span, longest := phrase.Lasted(lasted), phrase.Lasted(e.Cap)
	row.Value = phrase.T("%s of %s", span, longest)
	switch {
	case !known:
		row.Mark, row.Value = MarkLook, phrase.T("not known for how long: this computer's clock was set back")
	case e.Found: // nobody here knows what was agreed for it
		row.Mark, row.Value = MarkLook, span
		if e.Unclaimed {
			row.Value = phrase.AtMost(lasted)
		}
	case lasted > e.Cap:
		row.Mark, row.Value = MarkLook, phrase.T("%s, longer than the %s agreed", span, longest)
	}
	return row
}

// WithoutMFA are those times on the terminal, where no report has them.
func WithoutMFA(r *Run) []Sentence {
	m := r.snapshot()
	if len(m.window.Exposed()) == 0 {
		return nil
	}
	return exposed(m, false)
}

// exposed are those times. Of what a report has, or is about to have, whose sentence is told next, only what is not as it should be is told:
// the report's figure is the longest that anything measured, and may be a second more.
func exposed(m *memory, written bool) (out []Sentence) {
	for _, s := range exposures(m) {
		for _, row := range s.Facts {
			if !written || row.Mark != MarkOK {
				out = append(out, finding.Made.Of("window", row.Value).In("%s", s.Title+": "+rowSaid(row)+". "+row.Note))
			}
		}
	}
	return out
}
