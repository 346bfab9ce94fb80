package simtenant

import (
	"slices"
	"strings"
	"time"
)

// servicePrincipal is an application as this tenant knows it. A client also has redirect addresses.
type servicePrincipal struct {
	id, appID, displayName string
	ownerTenant            string
	publisher              string
	tags                   []string
	created                time.Time
	redirects              []string // of a public client; "http://localhost" allows any port
	publicClient           bool
	appRoles               []appRole
}

// appRole is a permission that an application offers to other applications.
type appRole struct{ id, value, description string }

// permissionGrant is a delegated permission grant (Graph: oAuth2PermissionGrant).
type permissionGrant struct {
	id, clientID, resourceID string
	principalID              string // empty for the whole tenant
	scopes                   []string
}

// appRoleAssignment is an application permission given to a service principal.
type appRoleAssignment struct {
	id, principalID, resourceID, roleID string
	created                             time.Time
}

func (t *Tenant) servicePrincipalLocked(id string) *servicePrincipal {
	i := slices.IndexFunc(t.sps, func(s *servicePrincipal) bool { return strings.EqualFold(s.id, id) })
	if i < 0 {
		return nil
	}
	return t.sps[i]
}

func (t *Tenant) servicePrincipalByAppLocked(appID string) *servicePrincipal {
	i := slices.IndexFunc(t.sps, func(s *servicePrincipal) bool { return strings.EqualFold(s.appID, appID) })
	if i < 0 {
		return nil
	}
	return t.sps[i]
}

// commandLineTools is Microsoft's own public client. Every tenant may use it; its service principal appears in the
// tenant with the first consent.
var commandLineTools = servicePrincipal{
	appID: appCommandLine, displayName: "Microsoft Graph Command Line Tools", publisher: "Microsoft Corporation",
	ownerTenant: "cdc5aeea-15c5-4db6-b079-fcadd2505dc2", redirects: []string{"http://localhost"}, publicClient: true,
}

// clientLocked finds the public client with this application id, or nil.
func (t *Tenant) clientLocked(appID string) *servicePrincipal {
	if s := t.servicePrincipalByAppLocked(appID); s != nil && s.publicClient {
		return s
	}
	if strings.EqualFold(appID, appCommandLine) {
		return &commandLineTools
	}
	return nil
}

// installLocked makes sure that the client has a service principal in this tenant.
func (t *Tenant) installLocked(actor *user, client *servicePrincipal) *servicePrincipal {
	if s := t.servicePrincipalByAppLocked(client.appID); s != nil {
		return s
	}
	s := *client
	s.id, s.created = t.newIDLocked(), t.instant()
	t.sps = append(t.sps, &s)
	t.auditApplicationLocked(actor, "Add service principal", "Add", &s)
	return &s
}

func (t *Tenant) auditApplicationLocked(actor *user, activity, operation string, s *servicePrincipal, changes ...change) {
	t.auditLocked(actor, activity, "Core Directory", "ApplicationManagement", operation,
		auditTarget{id: s.id, name: s.displayName, kind: "ServicePrincipal", changes: changes})
}
