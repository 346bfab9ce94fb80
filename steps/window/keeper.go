package window

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// How a guard is kept on duty: it is asked for a sign of life every few seconds, and given fresh tokens. One that ends, or
// does not answer, is replaced. Where none can be had the window is due: it is closed, because nobody else could do it.

// relayEvery is how often the guard's token is looked after.
const relayEvery = 30 * time.Second

// Another guard is tried for so often, and so long each time, before the window is closed for want of one.
const (
	triesForGuard = 2
	replaceWithin = 10 * time.Second
)

// attend asks the guard for signs of life, and has another one take its place when they end.
func (k *keeper) attend(s *guardSession) {
	defer k.logged(phrase.T("attending the guard"))
	tick := time.NewTicker(guard.BeatEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.over:
			return
		case <-s.Gone():
			k.succeed(s, phrase.T("ended by itself"))
			return
		case <-tick.C:
		}
		if err := s.Beat(); err != nil {
			k.succeed(s, phrase.T("does not answer"))
			return
		}
	}
}

// renew hands fresh tokens to the guard. Getting one may take as long as the network lets it, and no sign of life waits for
// that.
func (k *keeper) renew(s *guardSession, last graph.Token) {
	defer k.logged(phrase.T("renewing the guard's token"))
	tick := time.NewTicker(relayEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.over:
			return
		case <-s.Gone():
			return
		case <-tick.C:
		}
		token, err := k.freshToken()
		switch {
		case err != nil:
			k.window.opts.Log.Warn("get a fresh token for the guard", "error", err)
			continue
		case token.Text.Reveal() == last.Text.Reveal(): // a newer one may end earlier, by a clock that was set back meanwhile
			continue
		}
		if err := s.Renew(token); err != nil {
			k.window.opts.Log.Warn("hand the guard a fresh token", "error", err)
			continue
		}
		last = token
	}
}

// logged writes a panic to the log, where there was one. It is deferred.
func (k *keeper) logged(at string) { k.log(at, panics.Caught(recover())) }

func (k *keeper) log(at string, err error) {
	if p, ok := errors.AsType[*panics.Error](err); ok {
		k.window.opts.Log.Error("panic while "+at, "type", p.Kind, "stack", string(p.Stack))
	}
}

func (k *keeper) freshToken() (graph.Token, error) {
	client, err := k.window.opts.Client()
	if err != nil {
		return graph.Token{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), relayEvery)
	defer cancel()
	return client.Token(ctx)
}

// succeed starts another guard in place of one that can't be relied on any more, unless this run has let it go meanwhile.
func (k *keeper) succeed(gone *guardSession, why string) {
	select {
	case <-gone.over:
		return
	default:
	}
	if !k.retire(gone) {
		return
	}
	k.window.opts.Log.Warn("the guard " + why)
	k.keepGuarded(func() { k.end(gone) })
}

// replace has a guard looked for in the background, in place of one or of none.
func (k *keeper) replace(gone *guardSession) {
	go func() {
		k.log(phrase.T("replacing the guard"), panics.Do(func() error {
			k.keepGuarded(func() { k.end(gone) })
			return nil
		}))
	}()
}

// keepGuarded starts a guard for a window that is open without one, and tries for as long as it is. It calls tried when it
// has one, or has given up hope: until it has one the exposure says that nobody guards it, and then that it is due.
func (k *keeper) keepGuarded(tried func()) {
	k.mu.Lock()
	over := k.over
	k.mu.Unlock()
	defer func() { tried() }()
	for tries := 1; ; tries++ {
		open, yes := k.window.Exposure()
		if !yes || !open.Unguarded {
			return
		}
		err := k.startAgain(open.User())
		if err == nil {
			if _, open := k.window.Exposure(); !open { // it was closed meanwhile
				k.release()
			}
			return
		}
		k.window.opts.Log.Warn("start another guard", "error", err)
		pause := guard.BeatEvery
		if tries >= triesForGuard {
			pause = relayEvery
			k.noGuard(err)
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
func (k *keeper) noGuard(why error) {
	if errors.Is(why, errMayNotClose) {
		return
	}
	k.window.update(func(s *state) {
		if s.open != nil {
			s.noGuard = phrase.T("no second process can be started: %s", problem.Explain(why).What)
		}
	})
}

// errMayNotClose says that the permission to put MFA back was not asked for yet.
var errMayNotClose = errors.New("the permission to put MFA back was not given yet")

func (k *keeper) startAgain(user graph.User) error {
	client, err := k.window.opts.Client()
	if err != nil {
		return err
	}
	if !slices.Contains(client.Granted(), mfa.WriteMFA.Name) {
		return &problem.Error{Op: "start the guard", Err: errors.Join(errMayNotClose, graph.ErrConsent)} // it could close nothing
	}
	ctx, cancel := context.WithTimeout(context.Background(), replaceWithin)
	defer cancel()
	return k.start(ctx, client, user)
}
