package report

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
)

// Kept is that somebody decided that the account stays Global Administrator without an end, and why. No read shows it.
type Kept struct {
	By     string `json:"by"` // user principal name of who was signed in
	Reason string `json:"reason"`
	Claim  Claim  `json:"claim"`
}

// RoleKept is the answer by which somebody keeps it, as the journal has it.
const RoleKept = "role-kept"

// keptOf is the decision that holds; nil where there is none, or the role was given an end or taken away after it. What Microsoft
// refused changed nothing.
func keptOf(entries []journal.Entry) (k *Kept) {
	refused := map[int]bool{}
	for _, e := range entries {
		if e.Kind == journal.KindOutcome && e.Outcome.Undone() {
			refused[e.Intent] = true
		}
	}
	for _, e := range entries {
		switch i := inverseOf(e); {
		case refused[e.Seq]:
		case e.Kind == journal.KindAnswered && e.Note == RoleKept:
			k = &Kept{By: e.Operator, Reason: e.Said, Claim: Claim{Layer: LayerJournal, At: second(e.At), Line: e.Seq}}
		case e.Kind != journal.KindIntent || i == nil:
		case i.Kind == journal.InverseRemovedRole, e.Restores != nil && (i.Kind == journal.InverseRoleEnd || i.Kind == journal.InverseRoleAssignment):
			k = nil
		}
	}
	return k
}

// keptSaid is who decided that a role stays, why and when, in the row of that role.
func keptSaid(p page, l Leftover) tag.Node {
	k := p.RoleKept
	if k == nil || l.Kind != string(journal.InverseRoleAssignment) {
		return nil
	}
	return tag.Group{tag.Text(" " + p.l.T("Kept without an end, as decided by") + " "), name(k.By), tag.Text(", " + p.l.T("because:") + " "), paper.Name(spelt(k.Reason)), saidBy(p.l, &k.Claim)}
}
