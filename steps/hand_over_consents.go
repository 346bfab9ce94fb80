package steps

import (
	"context"
	"slices"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// When the report is written, what was accepted for the application that this program signs in with can be taken back at once. It is
// the last thing that a run does: with it this program may get no new access. What this run added is known where the grants were read before
// the plan's consent; of anything else it is not, and it is taken back only where somebody chooses so.

// consentDecision is what becomes of them.
type consentDecision string

const (
	consentsStay  consentDecision = ""
	consentsTaken consentDecision = "take" // they are about to be taken back
	consentsGone  consentDecision = "gone" // this run took them back
)

const actTakeConsents = "take-consents"

// offerConsents has the last screen offer it, once the report is written.
func offerConsents(r *Run, f Finding) Finding {
	if _, written := Handed(r); written {
		f.Actions = append(f.Actions, Action{ID: actTakeConsents, Label: phrase.T("Take back what was accepted for this program")})
	}
	return f
}

// answerConsents takes the answers about them, and reports whether it is one. Going back is, while it is decided.
func answerConsents(r *Run, id string) bool {
	switch {
	case id == actTakeConsents:
		r.update(func(m *memory) { m.handed.consents = consentsTaken })
	case id == ActBack && r.snapshot().handed.consents == consentsTaken:
		r.update(func(m *memory) { m.handed.consents = consentsStay })
	case id == actAllConsents:
		r.update((*memory).pickConsents)
	default:
		return false
	}
	return true
}

// consentsAtEnd is the finding while it is decided, and when it is done.
func consentsAtEnd(ctx context.Context, r *Run, client *graph.Client) (Finding, error) {
	m := r.snapshot()
	if m.handed.consents == consentsGone {
		keepLost(ctx, r)
		m = r.snapshot()
		n := len(m.changes(finding.TakeBackConsents))
		f := Finding{
			Status: Done,
			Text: []Sentence{finding.Made.Of("consents", strconv.Itoa(n)).In("The permissions are taken back, and that was read back.").
				And(finding.Computer.Of("report", "").In("The report was written before that, and does not have it: the journal on this computer has."))},
			Actions: []Action{{ID: ActNext, Label: phrase.T("Finish")}},
		}
		if rows := lostRows(r.snapshot()); len(rows) > 0 {
			f.Sections = []Section{{Facts: rows}}
		}
		return f, nil
	}
	found, err := consentsLeft(ctx, r, client)
	if err != nil {
		return Finding{}, err
	}
	f := Finding{
		Status: Ready, Notice: askedOnceMore(client, []scope{writeGrants}), Details: found.details,
		Text: finding.Advise("It is the last thing that this program does, because it may get no new access after it. It may hold for everybody in the tenant, and somebody else may rely on it."),
	}
	back := Action{ID: ActBack, Label: phrase.T("Leave them")}
	for _, p := range found.parts {
		f.Changes = append(f.Changes, p.change)
	}
	if len(found.facts) > 0 {
		f.Sections = []Section{{Facts: found.facts}}
	}
	f.Actions = append([]Action{back}, found.actions...)
	if len(found.parts) > 0 {
		f.Actions = append([]Action{back, {ID: ActApply, Label: found.label}}, found.actions...)
		if m.choices.offboard.picked {
			f.Actions[0], f.Actions[1] = f.Actions[1], f.Actions[0]
		}
	}
	return f, nil
}

// consentsGone reports that this run took back all of what it had read of what was accepted.
func (m *memory) consentsGone() bool {
	return m.handed.consents == consentsGone && !slices.ContainsFunc(m.choices.offboard.drawn, func(w withdrawal) bool { return len(w.rest) > 0 })
}

// takeConsentsBack carries it out.
func takeConsentsBack(ctx context.Context, r *Run, say func(Event)) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	found, err := consentsLeft(ctx, r, client)
	if err != nil || len(found.parts) == 0 {
		return err
	}
	if err := r.require(ctx, say, writeGrants); err != nil {
		return err
	}
	for _, p := range found.parts {
		if err := p.take(ctx, say); err != nil {
			return err
		}
	}
	r.update(func(m *memory) { m.handed.consents = consentsGone })
	return nil
}
