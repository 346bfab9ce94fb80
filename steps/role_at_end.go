package steps

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

const roleLabel phrase.Format = "Global Administrator"

// roleAtEnd has the last screen say how the role stands now, and offer to decide it.
func roleAtEnd(f Finding, m memory, h heldRole, err error) Finding {
	for n := range f.Sections {
		facts := f.Sections[n].Facts
		i := slices.IndexFunc(facts, func(row Fact) bool { return row.Label == phrase.T(roleLabel) })
		if i < 0 {
			continue
		}
		row := &facts[i]
		switch {
		case err != nil:
			row.Value, row.Note = phrase.T("could not be read"), Explain(err).What
			return f
		case !h.held:
			row.Value, row.Note = phrase.T("not assigned any more"), phrase.T(againFirst)
			if slices.ContainsFunc(m.changes(HandOver), func(c made) bool { return c.Change.Op == Remove }) {
				row.Mark = MarkNote // as was decided here
			}
			f.Sections[accountNow].Facts = append(f.Sections[accountNow].Facts, *row)
			f.Sections[n].Facts = slices.Delete(facts, i, i+1) // that is not left
			return f
		}
		f.Sections[n].Facts = slices.Delete(facts, i, i+1) // it stands among what the account is like
	}
	if m.role.reason != "" && !h.timed {
		f.Text = slices.Insert(f.Text, 1, keptAsItIs(m))
	}
	f.Sections[accountNow].Facts = slices.Insert(f.Sections[accountNow].Facts, 0, roleStands(m, h))
	f.Actions = append(f.Actions, Action{ID: actDecideRole, Label: phrase.T("Decide about Global Administrator")})
	return f
}

// beforeReport is the screen on which the report is written. What is somebody's to do, and what is left, stands on the next one, with the
// report. Until somebody has decided about the role, it asks: a later change needs another report. Enter changes nothing.
func beforeReport(f Finding, m memory, user graph.User, held analysis.Reading[heldRole]) Finding {
	f.Text, f.Sections = f.Text[1:], f.Sections[accountNow:accountNow+1]
	f.Sections[0].Facts = slices.DeleteFunc(f.Sections[0].Facts, func(row Fact) bool { return row.Mark == MarkOK || row.Mark == MarkNone })
	m.role.deciding = roleAsked
	asked, asks := roleQuestion(m, user, held.Content())
	if held.Err() != nil || m.role.settled || !asks {
		return f
	}
	f.Text = append(f.Text, asked.Text[0]) // what removing it means is said where it is removed
	others := slices.DeleteFunc(f.Sections[0].Facts, func(row Fact) bool { return row.Label == phrase.T(roleLabel) })
	f.Sections = []Section{{Facts: slices.Concat(asked.Sections[0].Facts, others)}}
	f.Actions[0].Label = phrase.T("Write the report, and leave the role undecided")
	f.Actions = slices.DeleteFunc(f.Actions, func(a Action) bool { return a.ID == actDecideRole })
	ways := slices.DeleteFunc(asked.Actions, func(a Action) bool { return a.ID == ActBack })
	f.Actions = slices.Insert(f.Actions, 1, ways...)
	return f
}

// roleStands is the role among what the account is like. Until somebody decides about it, it is open.
func roleStands(m memory, h heldRole) Fact {
	row := Fact{Label: phrase.T(roleLabel), Value: h.words().Spoken, Mark: MarkDecide}
	if m.role.settled {
		row.Mark = MarkOK
	}
	if m.role.reason != "" && !h.timed {
		row.Note = phrase.T("Kept, because: %s.", phrase.Name(m.role.reason))
	}
	return row
}

// keptAsItIs says that keeping a role without an end changed nothing.
func keptAsItIs(m memory) Sentence {
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
