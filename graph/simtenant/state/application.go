package state

import (
	"crypto/x509"
	"slices"
	"strings"
	"time"
)

// Application is the registration of an application, which only the tenant that it belongs to has. A service principal stands
// for it in each tenant that uses it (https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals).
type Application struct {
	ID, AppID, DisplayName string
	Created                time.Time
	Credentials            []*AppCredential
}

// AppCredential is a client secret or a certificate, of an application or of a service principal.
type AppCredential struct {
	ID, Name     string
	Starts, Ends time.Time
	Certificate  *x509.Certificate // nil of a client secret
}

// DropPrincipalLocked takes a service principal out of the tenant, with what was granted to it. It can be restored for 30 days
// (https://learn.microsoft.com/entra/identity/enterprise-apps/delete-recover-faq).
func (a *Applications) DropPrincipalLocked(actor *User, s *ServicePrincipal) {
	a.ServicePrincipals = slices.DeleteFunc(a.ServicePrincipals, func(other *ServicePrincipal) bool { return other.ID == s.ID })
	a.Grants = slices.DeleteFunc(a.Grants, func(g *PermissionGrant) bool { return g.ClientID == s.ID })
	a.AppRoles = slices.DeleteFunc(a.AppRoles, func(r *AppRoleAssignment) bool { return r.PrincipalID == s.ID })
	a.deletedPrincipals = append(a.deletedPrincipals, deleted[*ServicePrincipal]{s, a.Instant()})
	a.AuditApplicationLocked(actor, "Remove service principal", "Delete", s)
}

// UnregisterLocked deletes the registration of an application. Its service principal stays: Graph does not delete it as well, as the
// portal does.
func (a *Applications) UnregisterLocked(actor *User, r *Application) {
	a.Registered = slices.DeleteFunc(a.Registered, func(other *Application) bool { return other.ID == r.ID })
	a.deletedApplications = append(a.deletedApplications, deleted[*Application]{r, a.Instant()})
	a.AuditApplicationLocked(actor, "Delete application", "Delete", &ServicePrincipal{ID: r.ID, DisplayName: r.DisplayName})
}

// RegisteredLocked is the registration of this application in this tenant, or nil.
func (a *Applications) RegisteredLocked(appID string) *Application {
	i := slices.IndexFunc(a.Registered, func(r *Application) bool { return strings.EqualFold(r.AppID, appID) })
	if i < 0 {
		return nil
	}
	return a.Registered[i]
}

// RegisterLocked adds an application of this tenant's own, with its service principal.
func (a *Applications) RegisterLocked(actor *User, name string, credentials ...*AppCredential) (*Application, *ServicePrincipal) {
	r := &Application{ID: a.NewIDLocked(), AppID: a.NewIDLocked(), DisplayName: name, Created: a.Instant(), Credentials: credentials}
	s := &ServicePrincipal{
		ID: a.NewIDLocked(), AppID: r.AppID, DisplayName: name, OwnerTenant: a.organization.ID, Created: r.Created,
		Tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"},
	}
	a.Registered = append(a.Registered, r)
	a.ServicePrincipals = append(a.ServicePrincipals, s)
	a.AuditApplicationLocked(actor, "Add application", "Add", s)
	a.AuditApplicationLocked(actor, "Add service principal", "Add", s)
	return r, s
}

// AppRolesOfLocked are the application permissions that a service principal has for an API, by their values.
func (a *Applications) AppRolesOfLocked(s *ServicePrincipal, api *ServicePrincipal) []string {
	var values []string
	for _, given := range a.AppRoles {
		if given.PrincipalID != s.ID || given.ResourceID != api.ID {
			continue
		}
		for _, r := range api.AppRoles {
			if r.ID == given.RoleID {
				values = append(values, r.Value)
			}
		}
	}
	slices.Sort(values)
	return values
}

// GiveAppRoleLocked gives a service principal an application permission of an API, by its value. It does nothing where the API has
// no such permission.
func (a *Applications) GiveAppRoleLocked(actor *User, s, api *ServicePrincipal, value string) {
	for _, r := range api.AppRoles {
		if r.Value == value {
			a.AppRoles = append(a.AppRoles, &AppRoleAssignment{ID: a.NewKeyLocked(43), PrincipalID: s.ID, ResourceID: api.ID, RoleID: r.ID, Created: a.Instant()})
			a.auditAppRoleLocked(actor, s, api, r)
		}
	}
}
