package steps

import "time"

// moment is how long a look that follows a write may show what that write read back.
const moment = time.Second

// readBack is what a write read of the tenant last, for the look that follows it at once: it shows just that, and need not ask
// again. It is taken once, so that whoever looks a second time reads.
type readBack[T any] struct {
	value T
	at    time.Time
}

func justRead[T any](value T) readBack[T] { return readBack[T]{value, time.Now()} }

// take empties b. false is that nothing was read a moment ago.
func (b *readBack[T]) take() (value T, fresh bool) {
	value, fresh = b.value, !b.at.IsZero() && time.Since(b.at) <= moment
	*b = readBack[T]{}
	return value, fresh
}
