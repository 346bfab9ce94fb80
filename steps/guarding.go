package steps

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// How the window is guarded: a guard is started before the change that opens the window, and told of each further
// suspension before it is sent. Fresh tokens follow. It is let go only after the tenant was read to demand MFA again:
// whatever else ends this process breaks the pipe, and the guard closes the window. How it is kept on duty is in
// guard_relief.go.

// StartGuard starts a guard, which is ready when it returns.
type StartGuard func(context.Context, guard.Order) (*guard.Guard, error)

// watch is a guard on duty.
type watch struct {
	*guard.Guard
	end  sync.Once
	over chan struct{} // closed when this run lets it go
}

func (w *watch) stop() { w.end.Do(func() { close(w.over) }) }

// ready makes sure that the window can be closed again, also by somebody else, for as long as it may be open. It is
// asked before each change that opens it.
func (r *Run) ready(ctx context.Context, report func(Event)) error {
	client, user, err := r.account()
	if err != nil {
		return err
	}
	if err := outlasts(client, r.see().cap); err != nil {
		return err
	}
	if r.opts.Guard == nil || r.onWatch() != nil {
		return nil
	}
	if err := r.standsAlone(); err != nil {
		return err
	}
	report(Event{Text: "Starting the guard, which puts MFA back if this program is ended"})
	return r.startGuard(ctx, client, user)
}

// outlasts reports a sign-in that would end before the window has to be closed.
func outlasts(client *graph.Client, longest time.Duration) error {
	ends := client.TokenExpires()
	if client.Renewable() || ends.After(time.Now().Add(longest)) {
		return nil
	}
	return &Error{
		Op:   "open the exposure window",
		Hint: "Nothing was changed. Your sign-in ends at " + phrase.Clock(ends) + " and can't be renewed: after that, MFA could not be put back. Go back to Sign in and sign in again, or choose a shorter window in the check.",
		Err:  graph.ErrUnauthorized,
	}
}

func (r *Run) onWatch() *watch {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.watch
}

// startGuard starts a guard unless one is on duty.
func (r *Run) startGuard(ctx context.Context, client *graph.Client, user graph.User) error {
	r.hiring.Lock()
	defer r.hiring.Unlock()
	if r.onWatch() != nil {
		return nil
	}
	token, err := client.Token(ctx)
	if err != nil {
		return &Error{Op: "give the guard a token", Err: err}
	}
	m := r.see()
	order := guard.Order{
		Cloud: r.opts.Cloud, TenantID: m.identity.TenantID, Journal: r.opts.Journal, Operator: m.identity.UserPrincipalName,
		Account: journal.Account{ID: user.ID, UserPrincipalName: user.UserPrincipalName},
		Opened:  now(), Cap: m.cap, Inverses: r.inverses(m), Token: token, Key: r.recorder.Proof.Held(), Underway: len(m.pending) > 0 || !m.unsure.IsZero(),
	}
	if m.exposure != nil {
		order.Opened, order.Past, order.Open = m.exposure.Opened, m.exposure.Past(time.Now()), true
	}
	if m.posture != nil {
		order.StepUp = m.posture.stepUpFor()
	}
	order.Run = r.recorder.Run()
	g, err := r.opts.Guard(ctx, order)
	if err != nil {
		return &Error{
			Op:   "start the guard",
			Hint: "Nothing was changed: the window is only opened when a second process can close it. Look whether this computer may start the program a second time, then try again.",
			Err:  err,
		}
	}
	w := &watch{Guard: g, over: make(chan struct{})}
	r.mu.Lock()
	r.watch, r.last, r.mem.noGuard = w, w, ""
	r.mu.Unlock()
	go r.attend(w)
	go r.renew(w, token.Expires)
	return nil
}

// inverses are what a run owes the tenant, as a guard is told of it.
func (r *Run) inverses(m memory) []journal.Inverse {
	var out []journal.Inverse
	if m.defaultsOff {
		out = append(out, *r.defaultsInverse())
	}
	if m.campaignLeft {
		out = append(out, journal.Inverse{Kind: journal.InverseCampaignExclusion, TargetID: m.identity.TenantID, Value: m.user.ID})
	}
	for _, p := range m.undoing {
		out = append(out, journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: p.policyID, Value: m.user.ID})
	}
	return out
}

// dismiss lets the guard go: the window is closed.
func (r *Run) dismiss() {
	r.desert()
	r.mu.Lock()
	w := r.watch
	r.watch = nil
	r.mu.Unlock()
	r.letGo(w)
}

// Guarded reports that a guard goes on trying to close the window when this process ends.
func (r *Run) Guarded() bool {
	w := r.onWatch()
	if w == nil {
		return false
	}
	select {
	case <-w.Gone():
		return false
	default:
		return true
	}
}

// desert leaves the guard alone with an open window: it goes on trying to close it.
func (r *Run) desert() {
	r.mu.Lock()
	last := r.last
	close(r.over)
	r.over = make(chan struct{})
	r.mu.Unlock()
	if last != nil {
		last.stop()
	}
}

// suspensions are the run's, as its writer tells of them.
type suspensions struct{ *Run }

// Register tells the guard of a suspension before it is sent. A guard that has ended is replaced first. Nothing is suspended in
// a window that has reached its cap.
func (r suspensions) Register(ctx context.Context, report func(Event), i journal.Inverse) error {
	if open, yes := r.Exposure(); yes && open.Due(time.Now()) {
		return overdue(open)
	}
	on := r.onWatch()
	if r.opts.Guard == nil || on != nil && on.Owe(i) == nil {
		r.set(func(m *memory) { m.pending = append(m.pending, i) })
		return nil
	}
	r.forget(on)
	if err := r.ready(ctx, report); err != nil {
		r.replaceGuard(on)
		return err
	}
	r.end(on)
	if on = r.onWatch(); on == nil {
		return &Error{Op: "reach the guard", Hint: "Nothing was changed. Try again.", Err: errors.New("it has ended")}
	}
	if err := on.Owe(i); err != nil {
		return err
	}
	r.set(func(m *memory) { m.pending = append(m.pending, i) })
	return nil
}

// Sending remembers that what was put back is put back no longer.
func (r suspensions) Sending(i journal.Inverse) {
	r.set(func(m *memory) {
		m.demanded, m.stateSuspended = false, m.stateSuspended || i.Kind == journal.InversePerUserMFA
	})
}

// Lost remembers a suspension of which nobody knows whether the tenant will show it.
func (r suspensions) Lost(journal.Inverse) { r.set(func(m *memory) { m.unsure = now() }) }

func overdue(open Exposure) error {
	e := &Error{
		Op:   "suspend MFA",
		Hint: "Nothing was changed. The window has reached its limit, and MFA is being put back. Suspend it again after that.",
		Err:  errors.New("the window has been open for " + phrase.Roughly(open.Cap)),
	}
	if open.NoGuard != "" {
		e.Hint = "Nothing was changed. MFA is being put back, because nobody else could do it if this program were ended."
		e.Err = errors.New(open.NoGuard)
	}
	return e
}

// Settled tells the guard that a suspension can't reach the tenant later than now.
func (r suspensions) Settled(i journal.Inverse) {
	clear := false
	r.set(func(m *memory) {
		m.pending = slices.DeleteFunc(slices.Clone(m.pending), func(p journal.Inverse) bool { return p == i })
		clear = len(m.pending) == 0 && m.unsure.IsZero()
	})
	on := r.onWatch()
	if !clear || on == nil {
		return
	}
	if err := on.Settle(); err != nil {
		r.log.Warn("tell the guard that nothing is under way", "error", err) // the next sign of life that is missing replaces it
	}
}

// forget takes a guard off duty that does not answer any more.
func (r *Run) forget(w *watch) {
	if w == nil {
		return
	}
	r.mu.Lock()
	if r.watch == w {
		r.watch = nil
	}
	r.mu.Unlock()
	w.stop()
}

// letGo says goodbye to a guard whose window is closed.
func (r *Run) letGo(w *watch) {
	if w == nil {
		return
	}
	if err := w.Goodbye(); err != nil {
		r.log.Info("let the guard go", "error", err)
		r.end(w)
	}
}
