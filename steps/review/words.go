package review

import (
	"errors"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// day is a date as a row has it.
func day(t time.Time) string { return phrase.Day(t.UTC()) }

// unread is a row about what could not be read. Without the licence for it, nobody can read it here.
func (f Facts) unread(id, label string, err error) Row {
	r := Row{ID: id, Label: label, Value: phrase.T("could not be read"), Mark: Unread}
	switch {
	case err == nil:
		r.Note = phrase.T("Nobody tried.")
	case errors.Is(err, graph.ErrUnlicensed):
		r.Value, r.Mark, r.Note = phrase.T("not seen"), NotSeen, phrase.T("The tenant has no licence for it.")
	case f.AppOnly && errors.Is(err, graph.ErrForbidden):
		r.Note = phrase.T("The application lacks a permission for it.")
	default:
		r.Note = problem.Explain(err).What
	}
	return r
}

// reportRole finds a role of a report by its template id.
func reportRole(templateID string) func(report.Role) bool {
	return func(r report.Role) bool { return objectid.Same(r.TemplateID, templateID) }
}
