package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
)

// How a guard is kept on duty: it is asked for a sign of life every few seconds, and given fresh tokens. One that ends, or
// does not answer, is replaced. Where none can be had the window is due: it is closed, because nobody else could do it.

// relayEvery is how often the guard's token is looked after.
const relayEvery = 30 * time.Second

// Another guard is tried for so often, and so long each time, before the window is closed for want of one.
const (
	triesForGuard = 2
	relieveWithin = 10 * time.Second
)

// attend asks the guard for signs of life, and has another one take its place when they end.
func (r *Run) attend(w *watch) {
	defer r.loggedPanic("attending the guard")
	tick := time.NewTicker(guard.BeatEvery)
	defer tick.Stop()
	for {
		select {
		case <-w.over:
			return
		case <-w.Gone():
			r.relieve(w, "ended by itself")
			return
		case <-tick.C:
		}
		if err := w.Beat(); err != nil {
			r.relieve(w, "does not answer")
			return
		}
	}
}

// renew hands fresh tokens to the guard. Getting one may take as long as the network lets it, and no sign of life waits for
// that.
func (r *Run) renew(w *watch, until time.Time) {
	defer r.loggedPanic("renewing the guard's token")
	tick := time.NewTicker(relayEvery)
	defer tick.Stop()
	for {
		select {
		case <-w.over:
			return
		case <-w.Gone():
			return
		case <-tick.C:
		}
		token, err := r.freshToken()
		switch {
		case err != nil:
			r.log.Warn("get a fresh token for the guard", "error", err)
			continue
		case !token.Expires.After(until):
			continue
		}
		if err := w.Renew(token); err != nil {
			r.log.Warn("hand the guard a fresh token", "error", err)
			continue
		}
		until = token.Expires
	}
}

func (r *Run) loggedPanic(at string) {
	if v := recover(); v != nil {
		r.log.Error("panic while "+at, "type", fmt.Sprintf("%T", v))
	}
}

func (r *Run) freshToken() (graph.Token, error) {
	client, err := r.tenant()
	if err != nil {
		return graph.Token{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), relayEvery)
	defer cancel()
	return client.Token(ctx)
}

// relieve starts another guard in place of one that can't be relied on any more.
func (r *Run) relieve(gone *watch, why string) {
	r.mu.Lock()
	mine := r.watch == gone
	if mine {
		r.watch = nil
	}
	r.mu.Unlock()
	if !mine {
		return
	}
	gone.stop()
	r.log.Warn("the guard " + why)
	r.keepGuarded(func() { r.end(gone) })
}

// end ends a guard whose place another one has taken.
func (r *Run) end(w *watch) {
	if w == nil {
		return
	}
	w.stop()
	if err := w.Dismiss(); err != nil {
		r.log.Info("end the earlier guard", "error", err)
	}
}

// replaceGuard has a guard looked for in the background, in place of one or of none.
func (r *Run) replaceGuard(gone *watch) {
	go func() {
		_ = r.logged(panics.Do(func() error { r.keepGuarded(func() { r.end(gone) }); return nil }))
	}()
}

// keepGuarded starts a guard for a window that is open without one, and tries for as long as it is. It calls tried when it
// has one, or has given up hope: until it has one the exposure says that nobody guards it, and then that it is due.
func (r *Run) keepGuarded(tried func()) {
	r.mu.Lock()
	over := r.over
	r.mu.Unlock()
	defer func() { tried() }()
	for tries := 1; ; tries++ {
		if open, yes := r.Exposure(); !yes || !open.Unguarded {
			return
		}
		err := r.startRelief()
		if err == nil {
			if _, open := r.Exposure(); !open { // it was closed meanwhile
				r.dismiss()
			}
			return
		}
		r.log.Warn("start another guard", "error", err)
		pause := guard.BeatEvery
		if tries >= triesForGuard {
			pause = relayEvery
			r.noGuard(err)
			tried()
			tried = func() {}
		}
		select {
		case <-over:
			return
		case <-time.After(pause):
		}
	}
}

// noGuard makes a window due that nobody guards. One that was open before this run may close it, which no permission was asked
// for yet, is closed by the step that asks.
func (r *Run) noGuard(why error) {
	if errors.Is(why, errMayNotClose) {
		return
	}
	r.set(func(m *memory) {
		if m.exposure != nil {
			m.noGuard = "no second process can be started: " + Explain(why).What
		}
	})
}

// errMayNotClose says that the permission to put MFA back was not asked for yet.
var errMayNotClose = errors.New("the permission to put MFA back was not given yet")

func (r *Run) startRelief() error {
	client, user, err := r.account()
	if err != nil {
		return err
	}
	if !slices.Contains(client.Granted(), writeMFA.name) {
		return &Error{Op: "start the guard", Err: errors.Join(errMayNotClose, graph.ErrConsent)} // it could close nothing
	}
	ctx, cancel := context.WithTimeout(context.Background(), relieveWithin)
	defer cancel()
	return r.startGuard(ctx, client, user)
}
