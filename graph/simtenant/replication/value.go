// Package replication has values whose readers see a change later than its writer, as those of Graph do.
package replication

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Value is a value whose readers see a change only after the tenant's lag, as Graph's replicas do. Values are
// never altered in place: a writer stores a changed copy.
type Value[T any] struct {
	versions []version[T] // oldest first
	reads    uint64       // of the flapping kind
}

// Replicas answer the reads of a value that flaps, one or another.
const Replicas = 3

// version is a value since it was written. A flapping one reaches each replica after a delay of its own.
type version[T any] struct {
	since  time.Time
	value  T
	delays *[Replicas]time.Duration // nil: all after the tenant's lag
}

// reached says whether a replica shows v at the instant now.
func (v version[T]) reached(replica int, now time.Time, lag time.Duration) bool {
	if v.delays != nil {
		lag = v.delays[replica]
	}
	return !v.since.Add(lag).After(now)
}

// everywhere says whether all replicas show v.
func (v version[T]) everywhere(now time.Time, lag time.Duration) bool {
	for i := range Replicas {
		if !v.reached(i, now, lag) {
			return false
		}
	}
	return true
}

// Latest is the value as its writer knows it.
func (r *Value[T]) Latest() T {
	var none T
	if len(r.versions) == 0 {
		return none
	}
	return r.versions[len(r.versions)-1].value
}

// Seen is the value as a reader finds it at the instant now. While a flapping version is under way, each read asks a
// replica that follows from the number of the read.
func (r *Value[T]) Seen(now time.Time, lag time.Duration) T {
	replica := 0
	if slices.ContainsFunc(r.versions, func(v version[T]) bool { return v.delays != nil && !v.everywhere(now, lag) }) {
		r.reads++
		replica = rand.New(rand.NewPCG(r.reads, uint64(r.versions[0].since.UnixNano()))).IntN(Replicas)
	}
	for i := len(r.versions) - 1; i > 0; i-- {
		if r.versions[i].reached(replica, now, lag) {
			return r.versions[i].value
		}
	}
	var none T
	if len(r.versions) == 0 {
		return none
	}
	return r.versions[0].value
}

// Everywhere says whether every replica shows what was written last, or nothing was written at all.
func (r *Value[T]) Everywhere(now time.Time, lag time.Duration) bool {
	n := len(r.versions)
	return n == 0 || r.versions[n-1].everywhere(now, lag)
}

// Unwritten says whether nothing was written yet.
func (r *Value[T]) Unwritten() bool { return len(r.versions) == 0 }

// Write stores value as written at now, to reach each replica after a delay of its own; without delays, all of them after
// the lag. The versions that nobody can see any more are forgotten.
func (r *Value[T]) Write(now time.Time, lag time.Duration, value T, delays *[Replicas]time.Duration) {
	r.versions = append(r.versions, version[T]{since: now, value: value, delays: delays})
	for len(r.versions) > 1 && r.versions[1].everywhere(now, lag) {
		r.versions = r.versions[1:]
	}
}

// Settle stores value as if it had always been there.
func (r *Value[T]) Settle(value T) { r.versions = []version[T]{{value: value}} }
