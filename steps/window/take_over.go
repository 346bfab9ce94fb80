package window

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
)

// TakeOver makes the leftover what this window is until it is closed.
func (w *Window) TakeOver(l *Leftover) {
	owed := l.Owed
	owed.State = l.Facts.State()
	owed.Demanded = owed.State == graph.MFAEnforced && !owed.StateSuspended
	if l.Defaults != nil {
		owed.Defaults, owed.DefaultsSince = true, l.Defaults.At
	}
	w.owed.Update(func(o *mfa.Owed) {
		if owed.DefaultsSince.IsZero() {
			owed.DefaultsSince = o.DefaultsSince
		}
		*o = owed
	})
	w.update(func(s *state) {
		s.left, s.user = l, l.Facts.User
		for _, i := range l.arriving {
			s.pending = append(s.pending, suspension{inverse: i, lost: true})
		}
		if l.Exposed {
			s.open = &Exposure{Account: l.Facts.User.UserPrincipalName, id: l.Facts.User.ID, Opened: l.Opened, Cap: s.cap, Found: true, Unclaimed: !l.Journaled}
		}
	})
}

// PutBack closes what was left open.
func (w *Window) PutBack(ctx context.Context, user graph.User, step finding.ID, report func(finding.Event)) error {
	if err := w.Close(ctx, user, step, report); err != nil {
		return err
	}
	w.opts.Recorder.NoteClosed(journal.Entry{Account: journal.Account{ID: user.ID, UserPrincipalName: user.UserPrincipalName}, Note: "what was left is put back"})
	w.update(func(s *state) { s.left = nil })
	return nil
}

// KeepExclusions notes that exclusions that were found are somebody's intention.
func (w *Window) KeepExclusions() { w.lookAnew(func(a *answers) { a.keepExclusions = true }) }

// KeepDefaults notes that security defaults that are off are somebody's intention. This run's own are owed no longer.
func (w *Window) KeepDefaults() {
	if open, yes := w.Exposure(); yes && !open.Found {
		w.owed.Update(func(o *mfa.Owed) { o.Defaults = false })
		return
	}
	w.lookAnew(func(a *answers) { a.keepDefaults = true })
}

// lookAnew lets the next look decide.
func (w *Window) lookAnew(said func(*answers)) {
	w.update(func(s *state) {
		said(&s.answers)
		if s.open == nil {
			s.left = nil
		}
	})
	w.owed.Update(func(o *mfa.Owed) { o.Exclusions, o.Defaults, o.Campaign = nil, false, false })
}
