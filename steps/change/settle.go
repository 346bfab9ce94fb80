package change

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// settleWithin is how long the directory may take to show a change before the step says that it does not. A read that is throttled
// takes long by itself: while reads agree, and before there were as many as have to agree, it is not given up.
const settleWithin = 2 * time.Minute

var (
	errNotYet  = errors.New("the directory does not show the change yet")
	errNotOurs = errors.New("something else in the tenant has this name or value")

	// ErrNotShown says that what was accepted was read and is not shown.
	ErrNotShown = errors.New("the tenant does not show yet what was set")
	// ErrCannotTell says that no read can decide.
	ErrCannotTell = errors.New("the tenant can't show whether this was changed; it is safe to do it again")
)

// Read reads the tenant: does it show what is waited for?
type Read func(context.Context) (bool, error)

// Policy is when a read is believed.
type Policy struct {
	times int   // how often in a row the tenant has to say yes
	noes  int   // how many reads that say no are believed; 0 means that none is, until the time is over
	no    error // what they mean
	waits phrase.Format

	beside func(context.Context) // what is done beside every read that may be believed together with an earlier one
}

// The account itself is read where it was written; role assignments and policies are replicated, and single reads flap.
var (
	Once   = Policy{times: 1}
	Stable = Policy{times: 3}
)

// known waits for the directory to know an object, and believes every other answer.
var known = Policy{times: 1, waits: NotEverywhere}

// NotEverywhere is what is said while the directory does not know a new object yet.
const NotEverywhere = "The directory does not know the new account everywhere yet"

// BelievingNo is the policy of a question: the first read that says no is believed.
func (p Policy) BelievingNo() Policy {
	p.noes, p.no = 1, errNotYet
	return p
}

// After is the policy where so many reads have agreed already.
func (p Policy) After(agreed int) Policy {
	p.times -= agreed
	return p
}

// Beside is the policy with something to read beside each of the reads that have to agree but the first, so that it need not wait for
// them: one that is enough by itself is that first and last. Where they do not agree, it is done again.
func (p Policy) Beside(read func(context.Context)) Policy {
	p.beside = read
	return p
}

// afterConflict is the policy where what is in the way is there already: a few reads are enough to know that it is not ours.
func (p Policy) afterConflict() Policy {
	p.noes, p.no = 5, errNotOurs
	return p
}

// Settle reads until the tenant says yes as often in a row as the policy asks, with a visible wait between reads and a
// deadline. An error says why it does not.
func Settle(ctx context.Context, report func(finding.Event), read Read, p Policy) error {
	if p.times <= 0 {
		return nil
	}
	s := settling{read: read, policy: p, began: time.Now()}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval = time.Second
	pause.MaxInterval = 8 * time.Second
	pause.RandomizationFactor = 0
	_, err := backoff.Retry(ctx, func() (bool, error) { return s.once(ctx) },
		backoff.WithBackOff(steadyWhileAgreeing{pause, &s.seen}),
		backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(func(_ error, d time.Duration) {
			report(finding.Event{Wait: &finding.Wait{Text: s.waiting(), Until: time.Now().Add(d)}})
		}))
	return err
}

// Agreed reports that several reads in a row say yes. The first that says no is believed.
//
//go:noinline // every copy would be carried
func Agreed(ctx context.Context, report func(finding.Event), read Read) bool {
	return Settle(ctx, report, read, Stable.BelievingNo()) == nil
}

// WhenKnown sends again while the part of the directory that is asked does not know the object yet. A refusal as
// unknown is surely not carried out (a new user is not a principal everywhere at once, https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments).
func WhenKnown(ctx context.Context, report func(finding.Event), send func() error) error {
	return Settle(ctx, report, func(context.Context) (bool, error) {
		err := send()
		if err != nil && !errors.Is(err, graph.ErrNotFound) {
			err = backoff.Permanent(err)
		}
		return err == nil, err
	}, known)
}

// settling is one Settle under way.
type settling struct {
	read   Read
	policy Policy
	began  time.Time
	seen   int // reads in a row that said yes
	noes   int // reads that said no
	reads  int
}

// once is one read.
func (s *settling) once(ctx context.Context) (bool, error) {
	ok, err := s.ask(ctx)
	s.reads++
	if !ok && err == nil {
		s.noes++
	}
	switch {
	case errors.Is(err, graph.ErrForbidden) || errors.Is(err, graph.ErrUnauthorized) || errors.Is(err, ErrCannotTell):
		return false, backoff.Permanent(err)
	case err != nil:
		return false, s.failed(err)
	case !ok && s.policy.noes > 0 && s.noes >= s.policy.noes:
		return false, backoff.Permanent(s.policy.no)
	case !ok:
		return false, s.failed(errNotYet)
	}
	if s.seen++; s.seen < s.policy.times {
		return false, errNotYet
	}
	return true, nil
}

// ask reads, and does what the policy has beside that.
func (s *settling) ask(ctx context.Context) (ok bool, err error) {
	if s.policy.beside == nil || s.seen == 0 && s.policy.times > 1 {
		return s.read(ctx)
	}
	caught := panics.Each(
		func() error { ok, err = s.read(ctx); return nil },
		func() error { s.policy.beside(ctx); return nil },
	)
	return ok, errors.Join(err, caught)
}

// failed begins to count anew, and gives up once the time is over.
func (s *settling) failed(err error) error {
	if s.seen = 0; s.reads >= s.policy.times && time.Since(s.began) >= settleWithin {
		return backoff.Permanent(err)
	}
	return err
}

func (s *settling) waiting() string {
	switch {
	case s.policy.waits != "":
		return phrase.T(s.policy.waits)
	case s.seen > 0:
		return phrase.T("It shows; reading it again, since another server may lag")
	}
	return phrase.T("Waiting for the directory to show it")
}

// steadyWhileAgreeing reads every second while the tenant agrees, and ever more rarely while it does not.
type steadyWhileAgreeing struct {
	*backoff.ExponentialBackOff
	seen *int
}

// NextBackOff is the pause before the next read.
func (s steadyWhileAgreeing) NextBackOff() time.Duration {
	if *s.seen > 0 {
		s.Reset()
		return time.Second
	}
	return s.ExponentialBackOff.NextBackOff()
}
