package steps

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A guard that ends together with this process closes nothing. Where that is sure, the operator decides before the window is
// opened; where it only may be so, it is said.

const actTogether = "go-on-together"

// answerBeforeOpening takes the answer.
func answerBeforeOpening(r *Run, id string) {
	if id == actTogether {
		r.window.AcceptTogether()
		return
	}
	r.update(func(m *memory) { m.choices.roleLasts = true })
}

// beforeOpening is the finding of a step that opens the window, or the question that comes before it.
func beforeOpening(ctx context.Context, r *Run, client *graph.Client, f Finding) Finding {
	if f.Status != Ready {
		return f
	}
	if ask, yes := asksRole(ctx, r, client); yes {
		return ask
	}
	if r.window.OnDuty() {
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
	text := []Sentence{finding.Computer.Of("guard", "together").In("Nothing would put MFA back if this program were ended.").And(finding.Opened.Of("", "none").In("Nothing has been opened yet."))}
	for _, d := range sure {
		text = append(text, finding.Computer.Of("guard", "together").In("%s", d.Why), finding.Computer.Of("guard", "together").In("%s", d.Way))
	}
	return askFirst(Action{ID: actTogether, Label: phrase.T("Go on: I stay until MFA is back")}, text...)
}

// askFirst asks whether to open the window nevertheless.
func askFirst(anyway Action, text ...Sentence) Finding {
	return Finding{
		Status: Blocked, Text: text,
		Actions: []Action{{ID: ActRetry, Label: phrase.T("Look again")}, anyway, {ID: ActLeave, Label: phrase.T("Leave")}},
	}
}
