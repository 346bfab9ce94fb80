package steps

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A role that was assigned a moment ago may not be shown yet. On the computer that assigned it the journal says that a window
// was opened. On another nothing does: an account of this program that is as new as that, and of which nothing demands MFA, may
// be Global Administrator. It is asked.

// weighLate asks, or takes the answer, whether an account of this program is about to be shown as Global Administrator.
func (r *Run) weighLate(l *leftover) {
	u := l.facts.user
	if r.opts.By != journal.ByRestore || l.exposed || l.facts.administrator || !mayShowRole(u) {
		return
	}
	if demands := demandsOn(l.facts); len(demands) > 0 || r.journalKnows(u.ID) {
		return
	}
	c, m := lateClaim(u), r.see()
	switch {
	case slices.Contains(m.declined, c.id):
	case slices.Contains(m.believed, c.id):
		l.exposed, l.unshown = true, true
	default:
		l.ask = &c
	}
}

// mayShowRole reports an account so new that a role of it may not be shown yet.
func mayShowRole(u graph.User) bool {
	return !u.Created.IsZero() && time.Since(u.Created) < roleShownWithin
}

// journalKnows reports that a line of this computer's journal is about the account: it then says as well whether a window was
// opened.
func (r *Run) journalKnows(id string) bool {
	return slices.ContainsFunc(r.recorder.Read().Entries, func(e journal.Entry) bool { return e.Account.ID == id })
}

func lateClaim(u graph.User) claim {
	return claim{id: "late:" + u.ID, yes: "Put MFA back for it", text: []string{
		"This program made the account " + u.UserPrincipalName + " at " + phrase.Clock(u.Created) + ", from another computer or without a journal. Nothing demands MFA of it.",
		"The tenant does not show that it is Global Administrator. A role that was assigned a moment ago may be shown some minutes later. If that run was ended in the middle, put MFA back.",
	}}
}
