package window

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A role that was assigned a moment ago may not be shown yet. On the computer that assigned it the journal says that a window
// was opened. On another nothing does: an account of this program that is as new as that, and of which nothing demands MFA, may
// be Global Administrator. It is asked.

// weighLate asks, or takes the answer, whether an account of this program is about to be shown as Global Administrator.
func (in search) weighLate(l *Leftover) {
	u := l.Facts.User
	if in.window.opts.Recorder.By() != journal.ByRestore || l.Exposed || l.Facts.Administrator || !MayShowRole(u, in.window.opts.Requests.Now()) {
		return
	}
	if demands := l.Facts.Demands(); len(demands) > 0 || in.journalKnows(u.ID) {
		return
	}
	c, said := lateClaim(u), in.said
	switch {
	case slices.Contains(said.declined, c.ID):
	case slices.Contains(said.believed, c.ID):
		l.Exposed, l.Unshown = true, true
	default:
		l.Ask = &c
	}
}

// MayShowRole reports an account so new that a role of it may not be shown yet.
func MayShowRole(u graph.User, now time.Time) bool {
	return !u.Created.IsZero() && now.Sub(u.Created) < shownLateWithin
}

// journalKnows reports that a line of this computer's journal is about the account: it then says as well whether a window was
// opened.
func (in search) journalKnows(id string) bool {
	return slices.ContainsFunc(in.window.opts.Recorder.Read().Entries, func(e journal.Entry) bool { return e.Account.ID == id })
}

func lateClaim(u graph.User) Claim {
	return Claim{ID: "late:" + u.ID, Yes: phrase.T("Put MFA back for it"), Text: []finding.Sentence{
		finding.Exists.Of(u.UserPrincipalName, "ours").In("%s carries this program's mark, was created at %s, and this computer's journal does not know it.", u.UserPrincipalName, phrase.Zoned(u.Created)).
			And(finding.Demanded.Of(u.UserPrincipalName, "no").In("Nothing demands MFA of it.")),
		finding.Role.Of(u.UserPrincipalName, "no").In("The tenant does not show that it is Global Administrator. A role that was assigned a moment ago may be shown some minutes later. If that run was ended in the middle, put MFA back."),
	}}
}
