package state

import (
	"slices"
	"time"
)

const deletedLifetime = 30 * 24 * time.Hour

// DeletedUsersLocked are the soft-deleted accounts that can still be restored.
func (d *Directory) DeletedUsersLocked() []*User {
	return slices.DeleteFunc(slices.Clone(d.Deleted), func(u *User) bool { return !u.DeletedAt.Add(deletedLifetime).After(d.Instant()) })
}
