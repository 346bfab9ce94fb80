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

// deleted is an object that can be restored for a while.
type deleted[T any] struct {
	object T
	at     time.Time
}

// live are those that can still be restored.
func live[T any](all []deleted[T], now time.Time) (out []T) {
	for _, d := range all {
		if d.at.Add(deletedLifetime).After(now) {
			out = append(out, d.object)
		}
	}
	return out
}

// DeletedPrincipalsLocked are the soft-deleted service principals that can still be restored.
func (a *Applications) DeletedPrincipalsLocked() []*ServicePrincipal {
	return live(a.deletedPrincipals, a.Instant())
}

// DeletedApplicationsLocked are the soft-deleted registrations that can still be restored.
func (a *Applications) DeletedApplicationsLocked() []*Application {
	return live(a.deletedApplications, a.Instant())
}

// RestorePrincipalLocked brings a service principal back under its id, without what was granted to it. It reports false where its
// registration is this tenant's and is not there: that has to come first
// (https://learn.microsoft.com/entra/identity/enterprise-apps/restore-application).
func (a *Applications) RestorePrincipalLocked(actor *User, s *ServicePrincipal) bool {
	if s.OwnerTenant == a.organization.ID && a.RegisteredLocked(s.AppID) == nil {
		return false
	}
	a.deletedPrincipals = slices.DeleteFunc(a.deletedPrincipals, func(d deleted[*ServicePrincipal]) bool { return d.object == s })
	a.ServicePrincipals = append(a.ServicePrincipals, s)
	a.AuditApplicationLocked(actor, "Restore service principal", "Update", s)
	return true
}

// RestoreApplicationLocked brings a registration back under its id.
func (a *Applications) RestoreApplicationLocked(actor *User, r *Application) {
	a.deletedApplications = slices.DeleteFunc(a.deletedApplications, func(d deleted[*Application]) bool { return d.object == r })
	a.Registered = append(a.Registered, r)
	a.AuditApplicationLocked(actor, "Restore application", "Update", &ServicePrincipal{ID: r.ID, DisplayName: r.DisplayName})
}
