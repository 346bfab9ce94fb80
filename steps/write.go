package steps

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// How the one path for every write goes: write down what is about to be done and how to take it back; send it; where the answer says that it was refused, stop; where it was
// applied, was already so, or is unknown, read until the tenant agrees several times in a row. A lost answer is never
// sent again blindly: the tenant says what became of it.

// write is one announced change.
type write struct {
	step   ID
	change Change
	send   func(context.Context) error
	agrees func(context.Context) (bool, error) // reads the tenant: does it show the change?
	times  int                                 // how often in a row it has to
	named  bool                                // after a conflict, what is in the way may be something else of this name

	inverse  *journal.Inverse // how to take it back; nil where that is not possible, as with a password
	restores *journal.Inverse // of a write that takes something back: what
}

// How often a read has to agree: the account itself is read where it was written; role assignments and policies are
// replicated, and single reads flap.
const (
	once   = 1
	thrice = 3
)

// agreeWithin is how long the directory may take to show a change before the step says that it does not. A read that is throttled
// takes long by itself: while reads agree, and before there were as many as have to agree, it is not given up.
const agreeWithin = 2 * time.Minute

var (
	errNotYet     = errors.New("the directory does not show the change yet")
	errNotShown   = errors.New("the tenant does not show yet what was set")
	errNotOurs    = errors.New("something else in the tenant has this name or value")
	errCannotTell = errors.New("the tenant can't show whether this was changed; it is safe to do it again")
)

// apply carries out one write and returns when the tenant shows it.
func (r *Run) apply(ctx context.Context, report func(Event), w write) error {
	if err := r.owe(ctx, report, w); err != nil {
		return &refusedError{err}
	}
	intent, err := r.intend(w)
	if err != nil {
		r.settle(w)
		return &refusedError{err}
	}
	begin := time.Now()
	sending, stop := ctx, context.CancelFunc(func() {})
	if w.suspends() {
		r.set(func(m *memory) {
			m.demanded, m.stateSuspended = false, m.stateSuspended || w.inverse.Kind == journal.InversePerUserMFA
		})
		sending, stop = graph.Linger(ctx, seeThrough)
	}
	err = r.sent(sending, report, w.send)
	stop()
	entry := Entry{At: begin, Step: w.step, Change: w.change, Outcome: graph.OutcomeOf(err), RequestID: r.writeID(begin)}
	taken := errors.Is(err, graph.ErrConflict)
	if entry.Outcome == graph.Refused && !taken {
		r.settle(w)
		r.recorded(entry, w, intent)
		return &refusedError{changeError(w.change, err)}
	}
	if err != nil && ctx.Err() != nil {
		r.leaveUnsure(w)
		r.recorded(entry, w, intent)
		return changeError(w.change, ctx.Err())
	}
	if entry.Outcome == graph.Unknown {
		report(Event{Text: "The answer was lost. Reading what became of the change"})
	}
	if back := r.agree(ctx, report, w.agrees, w.times, taken && w.named); back != nil {
		r.leaveUnsure(w)
		r.recorded(entry, w, intent)
		return changeError(w.change, errors.Join(back, err))
	}
	r.settle(w)
	entry.Outcome, entry.Verified = graph.Applied, true
	r.recorded(entry, w, intent)
	done := w.change
	report(Event{Applied: &done})
	return nil
}

// seeThrough is how long a suspension that is on its way may go on after somebody gave up waiting: what became of it has to
// be known before MFA is put back.
const seeThrough = 8 * time.Second

// leaveUnsure remembers a suspension of which nobody knows whether the tenant will show it.
func (r *Run) leaveUnsure(w write) {
	if w.suspends() {
		r.set(func(m *memory) { m.unsure = now() })
	}
}

func (w write) suspends() bool { return w.inverse != nil && suspends(*w.inverse) }

// refusedError is a write that was surely not carried out. Any other error leaves that open.
type refusedError struct{ error }

func (e *refusedError) Unwrap() error { return e.error }

func refused(err error) bool {
	_, ok := errors.AsType[*refusedError](err)
	return ok
}

// agree reads until the tenant agrees times in a row, with a visible wait between reads and a deadline. After a
// conflict, what is in the way is there already, and a few reads are enough to know that it is not ours.
func (r *Run) agree(ctx context.Context, report func(Event), agrees func(context.Context) (bool, error), times int, conflict bool) error {
	const enoughAfterConflict = 5
	seen, reads, began := 0, 0, time.Now()
	failed := func(err error) error {
		if seen = 0; reads >= times && time.Since(began) >= agreeWithin {
			return backoff.Permanent(err)
		}
		return err
	}
	read := func() (bool, error) {
		ok, err := agrees(ctx)
		if reads++; conflict && !ok && reads >= enoughAfterConflict {
			return false, backoff.Permanent(errNotOurs)
		}
		switch {
		case errors.Is(err, graph.ErrForbidden) || errors.Is(err, graph.ErrUnauthorized) || errors.Is(err, errCannotTell):
			return false, backoff.Permanent(err)
		case err != nil:
			return false, failed(err)
		case !ok:
			return false, failed(errNotYet)
		}
		if seen++; seen < times {
			return false, errNotYet
		}
		return true, nil
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval = time.Second
	pause.MaxInterval = 8 * time.Second
	pause.RandomizationFactor = 0
	_, err := backoff.Retry(ctx, read,
		backoff.WithBackOff(steadyWhileAgreeing{pause, &seen}),
		backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(func(_ error, d time.Duration) {
			text := "Waiting for the directory to show it"
			if seen > 0 {
				text = "Shown; reading again to be sure"
			}
			report(Event{Wait: &Wait{Text: text, Until: time.Now().Add(d)}})
		}))
	return err
}

// surely reports that several reads in a row say yes. The first that says no is believed.
func (r *Run) surely(ctx context.Context, report func(Event), read func(context.Context) (bool, error)) bool {
	return r.agree(ctx, report, func(ctx context.Context) (bool, error) {
		yes, err := read(ctx)
		if err == nil && !yes {
			err = errCannotTell
		}
		return err == nil, err
	}, thrice, false) == nil
}

const notEverywhere = "The directory does not know the new account everywhere yet"

// whenKnown sends again while the part of the directory that is asked does not know the object yet. A refusal as
// unknown is surely not carried out (a new user is not a principal everywhere at once, https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments).
func whenKnown(ctx context.Context, report func(Event), send func() error) error {
	pause := backoff.NewExponentialBackOff()
	pause.RandomizationFactor = 0
	pause.MaxInterval = 8 * time.Second
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := send()
		if err != nil && !errors.Is(err, graph.ErrNotFound) {
			return struct{}{}, backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(agreeWithin), backoff.WithNotify(func(_ error, d time.Duration) {
		report(Event{Wait: &Wait{Text: notEverywhere, Until: time.Now().Add(d)}})
	}))
	return err
}

// steadyWhileAgreeing reads every second while the tenant agrees, and ever more rarely while it does not.
type steadyWhileAgreeing struct {
	*backoff.ExponentialBackOff
	seen *int
}

func (s steadyWhileAgreeing) NextBackOff() time.Duration {
	if *s.seen > 0 {
		s.Reset()
		return time.Second
	}
	return s.ExponentialBackOff.NextBackOff()
}

// writeID is the request id of the answer to the write that began then; empty when none came.
func (r *Run) writeID(begin time.Time) string {
	for _, x := range slices.Backward(r.Exchanges()) {
		if x.At.Before(begin) {
			break
		}
		if x.Method != http.MethodGet && !strings.Contains(x.Path, "/oauth2/") && !strings.HasSuffix(x.Path, "/evaluate") {
			return x.RequestID
		}
	}
	return ""
}

func changeError(c Change, err error) error {
	hint := ""
	switch {
	case errors.Is(err, errNotOurs):
		hint = "An account or address in the tenant has this name already. Go back to the check and choose another."
	case errors.Is(err, errNotShown):
		hint = "Microsoft accepted the change, and reading it back does not show it yet. It is sent and read again; or try again by hand."
	case errors.Is(err, errNotYet):
		hint = "The tenant did not show the change within two minutes. Try again: what is done is read first, and nothing is done twice."
	}
	return &Error{Op: "change " + c.Object, Hint: hint, Err: err}
}
