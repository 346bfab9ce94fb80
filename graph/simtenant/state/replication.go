package state

import (
	"maps"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/replication"
)

// Replicate stores a value that was written through Graph or a page, to be seen as the tenant's weather lets it.
func Replicate[T any](t *Base, r *replication.Value[T], value T) {
	var delays *[replication.Replicas]time.Duration
	if t.Flapping {
		t.flaps++
		delays = t.Delays(t.flaps)
	}
	r.Write(t.Instant(), t.Lag, value, delays)
}

// ChangeUserLocked lets f change an account, and readers see the change as the weather lets them. Who an account is and
// what it may do is looked up elsewhere and at once.
func (d *Directory) ChangeUserLocked(u *User, f func()) {
	if u.Shown.Unwritten() {
		u.Shown.Settle(u.Copied())
	}
	f()
	Replicate(d.Base, &u.Shown, u.Copied())
}

// Copied is the account as it is now, for readers.
func (u *User) Copied() *User {
	c := *u
	c.Shown = replication.Value[*User]{}
	c.Attributes, c.Factors.Methods = maps.Clone(u.Attributes), slices.Clone(u.Factors.Methods)
	return &c
}

// SeenUserLocked is the account as a reader finds it; nil while a new one is not known where the reader asks.
func (d *Directory) SeenUserLocked(u *User) *User {
	if u.Shown.Everywhere(d.Instant(), d.Lag) {
		return u
	}
	return u.Shown.Seen(d.Instant(), d.Lag)
}
