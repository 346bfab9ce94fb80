package graph

import (
	"context"
	"time"
)

// waitKey is the context that decides how long a request waits for its turn.
type waitKey struct{}

// Linger is a context in which a request that is on its way goes on for as long as d after ctx has ended, so that what
// became of it is known. One that only waits, for its turn or before another attempt, is given up together with ctx. The
// returned function has to be called.
func Linger(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithValue(context.WithoutCancel(ctx), waitKey{}, ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-longer.Done():
		}
	})
	return longer, func() { stop(); cancel() }
}

// waitContext is the context that ends a wait of a request.
func waitContext(ctx context.Context) context.Context {
	if waits, ok := ctx.Value(waitKey{}).(context.Context); ok {
		return waits
	}
	return ctx
}
