package steps

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

const roleLabel phrase.Format = "Global Administrator"

// roleAtEnd has the last screen offer to decide about the role, where it is there.
func roleAtEnd(f Finding, m *memory, h heldRole, err error) Finding {
	if err != nil || !h.held {
		return f
	}
	if m.role.reason != "" && !h.timed {
		f.Text = slices.Insert(f.Text, 1, keptAsItIs(m))
	}
	decide := Action{ID: actDecideRole, Label: phrase.T("Decide about Global Administrator")}
	if m.role.settled {
		decide.Label = phrase.T("Decide otherwise about Global Administrator")
	}
	f.Actions = append(f.Actions, decide)
	return f
}

// beforeReport is the screen on which the report is written. What is somebody's to do, and what is left, stands on the next one, with the
// report. Until somebody has decided about the role, it asks: a later change needs another report. Enter changes nothing.
func beforeReport(f Finding, m *memory, user graph.User, now leftNow) Finding {
	open := slices.DeleteFunc(append(heldRows(m, now), accountRows(m, now)...), func(row Fact) bool { return row.Mark == MarkOK || row.Mark == MarkNone })
	f.Text, f.Sections = f.Text[1:], nil
	if len(open) > 0 {
		f.Sections = []Section{{Title: phrase.T("The account now"), Facts: open, Folds: true}}
	}
	asking := *m
	asking.role.deciding = roleAsked
	asked, asks := roleQuestion(&asking, user, now.role.Content())
	if now.role.Err() != nil || m.role.settled || !asks {
		return f
	}
	f.Text = append(f.Text, asked.Text[0]) // what removing it means is said where it is removed
	f.Sections = []Section{{Facts: open}}
	f.Actions[0].Label = phrase.T("Write the report, and leave the role undecided")
	f.Actions = slices.DeleteFunc(f.Actions, func(a Action) bool { return a.ID == actDecideRole })
	ways := slices.DeleteFunc(asked.Actions, func(a Action) bool { return a.ID == ActBack })
	if endsAnyway(m) && onlyTimed(m, now.role.Content()) {
		f.Actions[0].Label = phrase.T("Write the report, and let the role end")
		ways = slices.DeleteFunc(ways, func(a Action) bool { return a.ID == actEndRole })
	}
	f.Actions = slices.Insert(f.Actions, 1, ways...)
	return f
}

// roleStands is how the role stands, on every screen that has it once setup is over, and on the terminal. Until somebody decides about it, it
// is open.
func roleStands(m *memory, h heldRole, unread error) Fact {
	row := h.fact()
	row.Value = h.words().Spoken
	switch {
	case unread != nil:
		row.Value, row.Mark, row.Note = phrase.T("could not be read"), MarkNote, Explain(unread).What
	case !h.held:
		row.Value, row.Mark, row.Note = phrase.T("not assigned any more"), MarkLook, phrase.T(againFirst)
		if slices.ContainsFunc(m.changes(HandOver), func(c made) bool { return c.Change.Op == Remove }) {
			row.Mark = MarkNote // as was decided here
		}
	case !m.role.settled:
		row.Mark = MarkDecide
	case row.Mark == MarkOK:
		row.Mark = MarkNone
	}
	if m.role.settled && m.role.noted == "" && h.timed && !h.last && h.end.After(time.Now()) {
		row.Value += "; " + phrase.T("as decided")
	}
	if onlyTimed(m, h) {
		row.Note = phrase.T("The tenant's rules let it be assigned only with an end, so it can't be kept beyond this one.")
	}
	if m.role.reason != "" && h.held && !h.timed {
		row.Value += "; " + phrase.T("kept, because: %s", phrase.Name(m.role.reason))
	}
	return row
}

// onlyTimed reports a role that the tenant's rules let nobody keep beyond its end.
func onlyTimed(m *memory, h heldRole) bool {
	return h.held && h.timed && m.posture != nil && termsOf(m.posture, m).must
}

// endsAnyway reports that this run assigned the role with an end, where the tenant's rules let nobody keep it: to write the report without
// another word is to let it end.
func endsAnyway(m *memory) bool {
	return m.posture != nil && !m.role.until.IsZero() && termsOf(m.posture, m).must
}

// keptAsItIs says that keeping a role without an end changed nothing.
func keptAsItIs(m *memory) Sentence {
	upn := m.user.UserPrincipalName
	return finding.Role.Of(upn, "yes").In("%s stays Global Administrator, as it was.", upn)
}

// settleRole forgets a decision that leaves nothing to change, so that what is applied next is what its screen announces.
func settleRole(r *Run, h heldRole, unread error) {
	decision := r.snapshot().role
	if unread != nil || !decision.decided() || h.held && h.unread != nil {
		return
	}
	r.update(func(m *memory) { m.role.deciding, m.role.settled = roleUndecided, true })
	if decision.deciding == roleKeeps && h.held && !h.timed {
		noteKept(r)
	}
}

// roleApplied remembers a decision that was carried out, and what takes it back.
func roleApplied(r *Run, d roleDecision, inverse *journal.Inverse) {
	if d == roleKeeps {
		noteKept(r)
	}
	r.update(func(m *memory) {
		m.role.deciding, m.role.settled, m.role.kept = roleUndecided, true, inverse
		if d != roleKeeps {
			m.role.noted = ""
		}
		if d == roleRemoves {
			m.role.assigned, m.role.until, m.role.reason = "", time.Time{}, ""
		}
	})
}

// noteKept writes down why the role is kept, once for each reason: the report says it by that line.
func noteKept(r *Run) {
	if role := r.snapshot().role; role.reason != role.noted {
		r.recorder.Note(journal.Entry{Kind: journal.KindAnswered, Step: string(HandOver), Note: report.RoleKept, Said: role.reason})
		r.update(func(m *memory) { m.role.noted = role.reason })
	}
}
