package graph

import (
	"context"
	"time"
)

// Closing the exposure window is in a hurry: whoever closes tries again all the time, so that no single request may take
// long, wait long, or hang on a connection that died when the network changed.

const (
	// closingAttempt bounds one attempt while closing, its body included.
	closingAttempt = 8 * time.Second
	// closingWait bounds a pause that Microsoft asked for while closing.
	closingWait = 10 * time.Second
	// closingPause bounds a pause that nobody asked for while closing.
	closingPause = 3 * time.Second
)

type closingKey struct{}

// Closing is a context for requests that close the exposure window: each attempt is short, a pause is at most ten seconds
// whatever Retry-After says, a connection that broke is the caller's to try again, and a token is used for as long as it
// lasts.
func Closing(ctx context.Context) context.Context {
	return context.WithValue(ctx, closingKey{}, true)
}

func isClosing(ctx context.Context) bool { return ctx.Value(closingKey{}) != nil }

// attemptLimit is how long one attempt may take.
func attemptLimit(ctx context.Context) time.Duration {
	if isClosing(ctx) {
		return closingAttempt
	}
	return attemptTimeout
}

// closingLimit is how long a pause after such an answer may be while closing.
func closingLimit(e *attemptError) time.Duration {
	if e.asked > 0 {
		return closingWait
	}
	return closingPause
}
