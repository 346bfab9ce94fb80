package graph

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Rules of this file: a list that Graph replaces whole is made of what was read right before it is sent. Microsoft documents no
// ETag for a policy, so that a body that is sent again after a pause erases what somebody else wrote in that pause.

type anewKey struct{}

func isAnew(ctx context.Context) bool { return ctx.Value(anewKey{}) != nil }

// errOlder says that an answer is older than what was read before it: nothing may be made of it.
var errOlder = errors.New("the answer is older than the one before it")

// readAndWrite reads and writes again, both of them, where Graph did not begin the write (429), or where what was read is older than what
// was read before. The pauses are those of a request.
func readAndWrite(ctx context.Context, onWait func(Wait), attempt func(context.Context) error) error {
	ctx = context.WithValue(ctx, anewKey{}, true)
	pauses, number := newPauses(ctx), 0
	var last *Error
	send := func() (bool, error) {
		number++
		err := attempt(ctx)
		if err == nil {
			return true, nil
		}
		e, is := errors.AsType[*Error](err)
		if !is || !errors.Is(e, errOlder) && (e.unsent || e.Status != http.StatusTooManyRequests) {
			return false, backoff.Permanent(err)
		}
		last = e
		pauses.note(&attemptError{status: e.Status, asked: e.RetryAfter})
		return false, e
	}
	notify := func(_ error, d time.Duration) {
		if onWait != nil {
			onWait(Wait{Path: last.Path, Attempt: number, Delay: d, Status: last.Status, Asked: last.RetryAfter > 0})
		}
	}
	_, err := backoff.Retry(waitContext(ctx), send, backoff.WithBackOff(pauses), backoff.WithMaxTries(maxTries),
		backoff.WithMaxElapsedTime(0), backoff.WithNotify(notify))
	if _, is := errors.AsType[*Error](err); err != nil && !is && last != nil {
		return errors.Join(last, err) // a pause was given up: what was sent last was refused
	}
	return err
}

// readForWrite is the error of a read without which a write is not sent.
func readForWrite(err error) error {
	if e, is := errors.AsType[*Error](err); is {
		e.unsent = true
	}
	return err
}
