package window

import (
	"context"
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// How the window is guarded: a guard is started before the change that opens the window, and told of each further
// suspension before it is sent. Fresh tokens follow. It is released only after the tenant was read to demand MFA again:
// whatever else ends this process breaks the pipe, and the guard closes the window. How it is kept on duty is in
// keeper.go.

// StartGuard starts a guard, which is ready when it returns.
type StartGuard func(context.Context, guard.Order) (*guard.Guard, error)

// guardSession is a guard on duty.
type guardSession struct {
	*guard.Guard
	end  sync.Once
	over chan struct{} // closed when this run lets it go
}

func (g *guardSession) stop() { g.end.Do(func() { close(g.over) }) }

// keeper keeps a guard on duty.
type keeper struct {
	window   *Window
	starting sync.Mutex // one guard is started at a time

	mu   sync.Mutex
	on   *guardSession // nil when no guard is on duty
	last *guardSession // the guard that was started last
	over chan struct{} // closed when nobody needs to be guarded any more
}

// Unguarded reports that a guard is wanted, and none stands by just now.
func (w *Window) Unguarded() bool { return w.opts.Guard != nil && w.guard.onDuty() == nil }

// OnDuty reports a guard that stands by.
func (w *Window) OnDuty() bool { return w.guard.onDuty() != nil }

// Guarded reports that a guard goes on trying to close the window when this process ends.
func (w *Window) Guarded() bool {
	on := w.guard.onDuty()
	if on == nil {
		return false
	}
	select {
	case <-on.Gone():
		return false
	default:
		return true
	}
}

// Abandon leaves the guard alone with an open window: it goes on trying to close it.
func (w *Window) Abandon() { w.guard.abandon() }

func (k *keeper) onDuty() *guardSession {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.on
}

// start starts a guard unless one is on duty.
func (k *keeper) start(ctx context.Context, client *graph.Client, user graph.User) error {
	k.starting.Lock()
	defer k.starting.Unlock()
	if k.onDuty() != nil {
		return nil
	}
	token, err := client.Token(ctx)
	if err != nil {
		return &problem.Error{Op: "give the guard a token", Err: err}
	}
	g, err := k.window.opts.Guard(ctx, k.window.order(user, token))
	if err != nil {
		return &problem.Error{
			Op:   "start the guard",
			Hint: phrase.T("Nothing was changed: the window is only opened when a second process can close it. Look whether this computer may start the program a second time, then try again."),
			Err:  err,
		}
	}
	s := &guardSession{Guard: g, over: make(chan struct{})}
	k.mu.Lock()
	k.on, k.last = s, s
	k.mu.Unlock()
	k.window.update(func(s *state) { s.noGuard, s.job = "", g.Job() })
	go k.attend(s)
	go k.renew(s, token)
	return nil
}

// abandon leaves the guard alone, on duty.
func (k *keeper) abandon() {
	k.mu.Lock()
	last := k.last
	close(k.over)
	k.over = make(chan struct{})
	k.mu.Unlock()
	if last != nil {
		last.stop()
	}
}

// release says goodbye to the guard: the window is closed.
func (k *keeper) release() {
	k.abandon()
	k.mu.Lock()
	on := k.on
	k.on = nil
	k.mu.Unlock()
	if on == nil {
		return
	}
	if err := on.Goodbye(); err != nil {
		k.window.opts.Log.Info("let the guard go", "error", err)
		k.end(on)
	}
}

// retire takes a guard off duty that does not answer any more. It reports whether that was on duty.
func (k *keeper) retire(s *guardSession) bool {
	if s == nil {
		return false
	}
	k.mu.Lock()
	was := k.on == s
	if was {
		k.on = nil
	}
	k.mu.Unlock()
	s.stop()
	return was
}

// end ends a guard whose place another one has taken.
func (k *keeper) end(s *guardSession) {
	if s == nil {
		return
	}
	s.stop()
	if err := s.Dismiss(); err != nil {
		k.window.opts.Log.Info("end the earlier guard", "error", err)
	}
}

// HandOver gives the guard the token that a stronger sign-in brought.
func (w *Window) HandOver(ctx context.Context, client *graph.Client) {
	on := w.guard.onDuty()
	if on == nil {
		return
	}
	token, err := client.Token(ctx)
	if err == nil {
		err = on.Renew(token)
	}
	if err != nil {
		w.opts.Log.Warn("hand the guard a fresh token", "error", err)
	}
}
