package steps

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// Two wizards on one computer are kept apart by the journal. On two computers nothing keeps them apart: an account of this program that is
// new, and that the journal here does not know, may be one that somebody else is onboarding just now.

// justNow is for how long an onboarding may be at work on what it made, or gave a role.
const justNow = time.Hour

// newElsewhere reports an account of this program that was created within the last hour, and that by this computer's journal nobody here
// has changed.
func newElsewhere(r *Run, u graph.User) bool {
	if !ours(u) || !isNew(u.Created) || !r.recorder.Recording() {
		return false
	}
	return !slices.ContainsFunc(r.recorder.Read().Entries, func(e journal.Entry) bool {
		made := e.Inverse != nil && e.Inverse.Kind == journal.InverseUser && strings.EqualFold(e.Inverse.TargetID, u.UserPrincipalName) && e.At.After(u.Created.Add(-justNow)) // not one that was deleted since
		return e.Kind == journal.KindIntent && (made || objectid.Same(e.Account.ID, u.ID))
	})
}

func isNew(at time.Time) bool { return !at.IsZero() && time.Since(at) < justNow }

// elsewhereSaid says it of an account.
func elsewhereSaid(u graph.User) string {
	return phrase.T("It was created at %s, and this computer's journal does not know it: somebody may be onboarding this tenant on another computer just now. Ask them before you go on, and let one of you finish.", phrase.Zoned(u.Created))
}

// openedElsewhere says it of a window that was found open; nothing of one that the journal here knows, or that has been open for long.
func openedElsewhere(l *window.Leftover) Sentence {
	since := l.Opened
	if since.IsZero() {
		since = l.Facts.User.Created // the audit log has not said it yet
	}
	if l.Journaled || !ours(l.Facts.User) || !isNew(since) {
		return Sentence{}
	}
	return finding.Advice("Somebody may be onboarding this tenant on another computer just now: ask them first, because what is put back here ends their setup.")
}
