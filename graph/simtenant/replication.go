package simtenant

import (
	"maps"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/replication"
)

// replicate stores a value that was written through Graph or a page, to be seen as the tenant's weather lets it.
func replicate[T any](t *Tenant, r *replication.Value[T], value T) {
	var delays *[replication.Replicas]time.Duration
	if t.flapping {
		delays = t.delaysLocked()
	}
	r.Write(t.instant(), t.opts.Lag, value, delays)
}

// delaysLocked are those of one flapping write: one replica has it at once, one within the time of the last, and the last
// after a quarter of a minute to a minute.
func (t *Tenant) delaysLocked() *[replication.Replicas]time.Duration {
	t.flaps++
	dice := t.faults.Weather().Dice("lag", t.flaps)
	last := fault.ShortestLag + time.Duration(dice.Int64N(int64(fault.LongestLag-fault.ShortestLag)+1))
	return &[replication.Replicas]time.Duration{0, time.Duration(dice.Int64N(int64(last))), last}
}

// changeUserLocked lets f change an account, and readers see the change as the weather lets them. Who an account is and
// what it may do is looked up elsewhere and at once.
func (t *Tenant) changeUserLocked(u *user, f func()) {
	if u.shown.Unwritten() {
		u.shown.Settle(u.copied())
	}
	f()
	replicate(t, &u.shown, u.copied())
}

// copied is the account as it is now, for readers.
func (u *user) copied() *user {
	c := *u
	c.shown = replication.Value[*user]{}
	c.attributes, c.methods = maps.Clone(u.attributes), slices.Clone(u.methods)
	return &c
}

// seenUserLocked is the account as a reader finds it; nil while a new one is not known where the reader asks.
func (t *Tenant) seenUserLocked(u *user) *user {
	if u.shown.Everywhere(t.instant(), t.opts.Lag) {
		return u
	}
	return u.shown.Seen(t.instant(), t.opts.Lag)
}
