package window

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Open starts the clock before a write that may open the window, unless it runs already. A window that
// opens again in the same run goes on with its first clock.
// It fails, and opens nothing, when the window could not surely be closed again: without a guard, without a journal, or
// with a sign-in that ends too soon.
func (w *Window) Open(ctx context.Context, user graph.User, report func(finding.Event)) error {
	if err := w.ready(ctx, user, report); err != nil {
		return err
	}
	if _, open := w.Exposure(); open {
		return nil
	}
	account := journal.Account{ID: user.ID, UserPrincipalName: user.UserPrincipalName}
	if err := w.opts.Recorder.Line(openedLine(account, w.current().cap)); err != nil {
		w.guard.release()
		return err
	}
	w.update(func(s *state) { w.openFor(s, user, presumed) })
	if w.Unguarded() { // the guard has ended since
		w.guard.replace(nil)
	}
	return nil
}

// ready makes sure that the window can be closed again, also by somebody else, for as long as it may be open. It is
// asked before each change that opens it.
func (w *Window) ready(ctx context.Context, user graph.User, report func(finding.Event)) error {
	client, err := w.opts.Client()
	if err != nil {
		return err
	}
	if err := outlasts(client, w.current().cap); err != nil {
		return err
	}
	if w.opts.Lasts != nil {
		if err := w.opts.Lasts(ctx, w.Due()); err != nil {
			return err
		}
	}
	if !w.Unguarded() {
		return nil
	}
	if err := w.unlessTogether(); err != nil {
		return err
	}
	report(finding.Event{Text: phrase.T("Starting the guard, which puts MFA back if this program is ended")})
	if err := w.guard.start(ctx, client, user); err != nil {
		return err
	}
	err = w.unlessTogether() // it has said by now what it is in
	if _, open := w.Exposure(); err != nil && !open {
		w.guard.release()
	}
	if err == nil {
		perhaps := w.PerhapsTogether()
		w.update(func(s *state) {
			if s.while = ""; len(perhaps) > 0 {
				s.while = perhaps[0].While
			}
		})
		report(finding.Event{Text: phrase.T("The guard runs")})
	}
	return err
}

// Due is when the window has to be closed, if it is open from now on.
func (w *Window) Due() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if open := w.state.open; open != nil && !open.Found {
		return now.Add(open.Cap - open.Past(now))
	}
	return now.Add(w.state.cap)
}

// unlessTogether is an error where the guard would surely end with this process, and the operator has not accepted that.
func (w *Window) unlessTogether() error {
	sure := w.Together()
	if len(sure) == 0 {
		return nil
	}
	return &problem.Error{Op: "open the exposure window", Hint: phrase.T("Nothing was changed. %s %s", sure[0].Why, sure[0].Way), Err: errTogether}
}

// outlasts reports a sign-in that would end before the window has to be closed.
func outlasts(client *graph.Client, longest time.Duration) error {
	ends := client.TokenExpires()
	if client.Renewable() || ends.After(time.Now().Add(longest)) {
		return nil
	}
	return &problem.Error{
		Op:   "open the exposure window",
		Hint: phrase.T("Nothing was changed. Your sign-in ends at %s and can't be renewed: after that, MFA could not be put back. Go back to Sign in and sign in again, or choose a shorter window in the check.", phrase.Clock(ends)),
		Err:  graph.ErrUnauthorized,
	}
}

// A guard that ends together with this process closes nothing. Where that is sure, the operator decides before the window is
// opened; where it only may be so, it is said.

var errTogether = errors.New("the guard would end together with this program")

// Together are the reasons for which a guard would surely end with this process, before the operator accepted them.
func (w *Window) Together() []guard.Doubt {
	if w.current().together {
		return nil
	}
	return slices.DeleteFunc(w.doubts(), func(d guard.Doubt) bool { return !d.Sure })
}

// AcceptTogether notes that the operator stays until MFA is back.
func (w *Window) AcceptTogether() { w.update(func(s *state) { s.together = true }) }

// PerhapsTogether are the reasons for which a guard may end with this process.
func (w *Window) PerhapsTogether() []guard.Doubt {
	return slices.DeleteFunc(w.doubts(), func(d guard.Doubt) bool { return d.Sure })
}

func (w *Window) doubts() []guard.Doubt {
	if w.opts.Guard == nil || w.opts.Around == nil {
		return nil
	}
	around := w.opts.Around()
	around.Job = max(around.Job, w.current().job)
	return around.Doubts()
}

// suspension is a write that suspends a demand for MFA, under way.
type suspension struct {
	inverse journal.Inverse
	lost    bool // its answer was: it may reach the tenant later
}

// suspensions are told by the writer.
type suspensions struct{ of *Window }

// Register tells the guard of a suspension before it is sent. A guard that has ended is replaced first. Nothing is suspended in
// a window that has reached its cap.
func (s suspensions) Register(ctx context.Context, report func(finding.Event), i journal.Inverse) error {
	if open, yes := s.of.Exposure(); yes && open.Due(time.Now()) {
		return overdue(open)
	}
	if err := s.of.registerWithGuard(ctx, report, i); err != nil {
		return err
	}
	s.of.update(func(now *state) { now.pending = append(slices.Clone(now.pending), suspension{inverse: i}) })
	return nil
}

func (w *Window) registerWithGuard(ctx context.Context, report func(finding.Event), i journal.Inverse) error {
	on := w.guard.onDuty()
	if w.opts.Guard == nil || on != nil && on.Register(i) == nil {
		return nil
	}
	w.guard.retire(on)
	if err := w.ready(ctx, w.current().user, report); err != nil {
		w.guard.replace(on)
		return err
	}
	w.guard.end(on)
	if on = w.guard.onDuty(); on == nil {
		return &problem.Error{Op: "reach the guard", Hint: phrase.T("Nothing was changed. Try again."), Err: errors.New("it has ended")}
	}
	return on.Register(i)
}

func overdue(open Exposure) error {
	e := &problem.Error{
		Op:   "suspend MFA",
		Hint: phrase.T("Nothing was changed. The window has reached its limit, and MFA is being put back. Suspend it again after that."),
		Err:  errors.New("the window has been open for " + phrase.Roughly(open.Cap)),
	}
	if open.NoGuard != "" {
		e.Hint = phrase.T("Nothing was changed. MFA is being put back, because nobody else could do it if this program were ended.")
		e.Err = errors.New(open.NoGuard)
	}
	return e
}

// Sending remembers that what was put back is put back no longer.
func (s suspensions) Sending(i journal.Inverse) { s.of.owed.Suspending(i) }

// Lost remembers a suspension of which nobody knows whether the tenant will show it.
func (s suspensions) Lost(i journal.Inverse) {
	s.of.update(func(now *state) {
		now.pending = append(now.without(i), suspension{inverse: i, lost: true})
	})
}

// Settled tells the guard that a suspension can't reach the tenant later than now.
func (s suspensions) Settled(i journal.Inverse) {
	underway := false
	s.of.update(func(now *state) {
		now.pending = now.without(i)
		underway = len(now.pending) > 0
	})
	on := s.of.guard.onDuty()
	if underway || on == nil {
		return
	}
	if err := on.Settle(); err != nil {
		s.of.opts.Log.Warn("tell the guard that nothing is under way", "error", err) // the next sign of life that is missing replaces it
	}
}

// without are the pending suspensions but this one. One whose answer was lost is another: it stays.
func (s *state) without(i journal.Inverse) []suspension {
	return slices.DeleteFunc(slices.Clone(s.pending), func(p suspension) bool { return p.inverse == i && !p.lost })
}

// mayArrive reports a suspension whose answer was lost.
func (s *state) mayArrive() bool {
	return slices.ContainsFunc(s.pending, func(p suspension) bool { return p.lost })
}

// order is what a guard is told.
func (w *Window) order(user graph.User, token graph.Token) guard.Order {
	s, owed, tenant := w.current(), w.owed.Owed(), w.opts.Tenant()
	o := guard.Order{
		Cloud: tenant.Cloud, TenantID: tenant.ID, Journal: w.opts.Recorder.Folder(), Operator: w.opts.Recorder.Identity().UserPrincipalName,
		Account: journal.Account{ID: user.ID, UserPrincipalName: user.UserPrincipalName}, Run: w.opts.Recorder.Run(), Key: w.opts.Recorder.Proof.Held(),
		Opened: Now(), Cap: s.cap, Inverses: owed.Inverses(tenant.ID, user.ID), Token: token, Underway: len(s.pending) > 0,
	}
	if s.open != nil {
		o.Opened, o.Past, o.Cap, o.Open = s.open.Opened, s.open.Past(time.Now()), s.open.Cap, true
	}
	if w.opts.Context != nil {
		o.StepUp = w.opts.Context()
	}
	return o
}
