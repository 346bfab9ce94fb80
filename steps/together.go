package steps

import (
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A guard that ends together with this process closes nothing. Where that is sure, the operator decides before the window is
// opened; where it only may be so, it is said.

const actTogether = "go-on-together"

// unlessTogether is the finding of a step that opens the window, or the question that comes before it.
func unlessTogether(r *Run, f Finding) Finding {
	if r.window.OnDuty() || f.Status != Ready {
		return f
	}
	if sure := r.window.Together(); len(sure) > 0 {
		return mayEndTogether(sure)
	}
	for _, d := range r.window.PerhapsTogether() {
		f.Notice = f.Notice.And(finding.Computer.Of("guard", "perhaps together").In("%s %s", d.Why, d.Way))
	}
	return f
}

func mayEndTogether(sure []guard.Doubt) Finding {
	f := Finding{
		Status: Blocked,
		Text:   []Sentence{finding.Computer.Of("guard", "together").In("Nothing would put MFA back if this program were ended.").And(finding.Opened.Of("", "none").In("Nothing has been opened yet."))},
		Actions: []Action{
			{ID: ActRetry, Label: phrase.T("Look again")},
			{ID: actTogether, Label: phrase.T("Go on: I stay until MFA is back")},
			{ID: ActLeave, Label: phrase.T("Leave")},
		},
	}
	for _, d := range sure {
		f.Text = append(f.Text, finding.Computer.Of("guard", "together").In("%s", d.Why), finding.Computer.Of("guard", "together").In("%s", d.Way))
	}
	return f
}
