package steps

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// A window is opened before anybody has read whether MFA is off: before the role is asked for, before MFA is suspended, and where a read shows no demand a moment
// after another has shown one. Where the next read finds MFA demanded, it was never off.

// unexposedRow says of such a window what it was watched from, and why it was none.
func unexposedRow(m memory, e Exposure) Fact {
	row := Fact{Mark: MarkOK, Label: phrase.Moment(e.Opened, e.Closed)}
	within := func(step ID) bool {
		return slices.ContainsFunc(m.record, func(w change.Entry) bool { return w.Step == step && !w.At.Before(e.Opened) && !w.At.After(e.Closed) })
	}
	switch {
	case e.By == window.RoleNotAssigned():
		row.Value, row.Note = phrase.T("not off: the role was not assigned"), phrase.T("Watched from before it was asked for.")
	case within(AssignAdmin):
		row.Value, row.Note = phrase.T("not off: the first read found MFA demanded"), phrase.T("Watched from the role's assignment on. %s.", e.By.Spoken)
	case within(SuspendMFA):
		row.Value, row.Note = phrase.T("not off: the next read found MFA demanded"), phrase.T("Watched from before it was to be suspended. %s.", e.By.Spoken)
	default:
		row.Value, row.Note = phrase.T("not off: the next read found MFA demanded"), phrase.T("Watched as soon as a read did not show it; that read may have been older. %s.", e.By.Spoken)
	}
	return row
}
