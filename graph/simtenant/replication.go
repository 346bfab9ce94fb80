package simtenant

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
)

// replicated is a value whose readers see a change only after the tenant's lag, as Graph's replicas do. Values are
// never altered in place: a writer stores a changed copy.
type replicated[T any] struct {
	versions []version[T] // oldest first
	reads    uint64       // of the flapping kind
}

// replicas answer the reads of a value that flaps, one or another.
const replicas = 3

// version is a value since it was written. A flapping one reaches each replica after a delay of its own.
type version[T any] struct {
	since  time.Time
	value  T
	delays *[replicas]time.Duration // nil: all after the tenant's lag
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
	for i := range replicas {
		if !v.reached(i, now, lag) {
			return false
		}
	}
	return true
}

// latest is the value as its writer knows it.
func (r *replicated[T]) latest() T {
	var none T
	if len(r.versions) == 0 {
		return none
	}
	return r.versions[len(r.versions)-1].value
}

// seen is the value as a reader finds it at the instant now. While a flapping version is under way, each read asks a
// replica that follows from the number of the read.
func (r *replicated[T]) seen(now time.Time, lag time.Duration) T {
	replica := 0
	if slices.ContainsFunc(r.versions, func(v version[T]) bool { return v.delays != nil && !v.everywhere(now, lag) }) {
		r.reads++
		replica = rand.New(rand.NewPCG(r.reads, uint64(r.versions[0].since.UnixNano()))).IntN(replicas)
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

// set stores value as written at now and forgets the versions that nobody can see any more.
func (r *replicated[T]) set(now time.Time, lag time.Duration, value T) {
	r.add(now, lag, version[T]{since: now, value: value})
}

func (r *replicated[T]) add(now time.Time, lag time.Duration, v version[T]) {
	r.versions = append(r.versions, v)
	for len(r.versions) > 1 && r.versions[1].everywhere(now, lag) {
		r.versions = r.versions[1:]
	}
}

// settle stores value as if it had always been there.
func (r *replicated[T]) settle(value T) { r.versions = []version[T]{{value: value}} }

// replicate stores a value that was written through Graph or a page, to be seen as the tenant's weather lets it.
func replicate[T any](t *Tenant, r *replicated[T], value T) {
	v := version[T]{since: t.instant(), value: value}
	if t.flapping {
		v.delays = t.delaysLocked()
	}
	r.add(v.since, t.opts.Lag, v)
}

// delaysLocked are those of one flapping write: one replica has it at once, one within the time of the last, and the last
// after a quarter of a minute to a minute.
func (t *Tenant) delaysLocked() *[replicas]time.Duration {
	t.flaps++
	dice := t.faults.Weather().Dice("lag", t.flaps)
	last := fault.ShortestLag + time.Duration(dice.Int64N(int64(fault.LongestLag-fault.ShortestLag)+1))
	return &[replicas]time.Duration{0, time.Duration(dice.Int64N(int64(last))), last}
}

// changeUserLocked lets f change an account, and readers see the change as the weather lets them. Who an account is and
// what it may do is looked up elsewhere and at once.
func (t *Tenant) changeUserLocked(u *user, f func()) {
	if len(u.shown.versions) == 0 {
		u.shown.settle(u.copied())
	}
	f()
	replicate(t, &u.shown, u.copied())
}

// copied is the account as it is now, for readers.
func (u *user) copied() *user {
	c := *u
	c.shown = replicated[*user]{}
	c.attributes, c.methods = maps.Clone(u.attributes), slices.Clone(u.methods)
	return &c
}

// seenUserLocked is the account as a reader finds it; nil while a new one is not known where the reader asks.
func (t *Tenant) seenUserLocked(u *user) *user {
	versions := u.shown.versions
	if n := len(versions); n == 0 || versions[n-1].everywhere(t.instant(), t.opts.Lag) {
		return u
	}
	return u.shown.seen(t.instant(), t.opts.Lag)
}
