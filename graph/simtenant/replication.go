package simtenant

import "time"

// replicated is a value whose readers see a change only after the tenant's lag, as Graph's replicas do. Values are
// never altered in place: a writer stores a changed copy.
type replicated[T any] struct {
	versions []version[T] // oldest first
}

type version[T any] struct {
	since time.Time
	value T
}

// latest is the value as its writer knows it.
func (r *replicated[T]) latest() T {
	var none T
	if len(r.versions) == 0 {
		return none
	}
	return r.versions[len(r.versions)-1].value
}

// seen is the value as a reader finds it at the instant now.
func (r *replicated[T]) seen(now time.Time, lag time.Duration) T {
	for i := len(r.versions) - 1; i > 0; i-- {
		if !r.versions[i].since.Add(lag).After(now) {
			return r.versions[i].value
		}
	}
	var none T
	if len(r.versions) == 0 {
		return none
	}
	return r.versions[0].value
}

// set stores value as written at now and forgets the versions that nobody can see any more.
func (r *replicated[T]) set(now time.Time, lag time.Duration, value T) {
	r.versions = append(r.versions, version[T]{now, value})
	for len(r.versions) > 1 && !r.versions[1].since.Add(lag).After(now) {
		r.versions = r.versions[1:]
	}
}

// settle stores value as if it had always been there.
func (r *replicated[T]) settle(value T) { r.versions = []version[T]{{value: value}} }
