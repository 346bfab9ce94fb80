// Package pause waits, in the one way that everything here does that has nothing else to listen to.
package pause

import (
	"context"
	"time"
)

// For waits for d, unless ctx ends first, or has ended; then the error is its cause.
func For(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
