package state

import (
	"slices"
	"strings"
	"time"
)

// ServicePrincipal is an application as this tenant knows it. A client also has redirect addresses.
type ServicePrincipal struct {
	ID, AppID, DisplayName string
	OwnerTenant            string
	Publisher              string
	Tags                   []string
	Created                time.Time
	Redirects              []string // of a public client; "http://localhost" allows any port
	PublicClient           bool
	Preauthorized          []string // of Microsoft's own client: the Graph scopes it has everywhere; it can get no others
	AppRoles               []AppRoles
	Credentials            []*AppCredential // its own, beside those of a registration
	Disabled               bool
}

// AppRoles is a permission that an application offers to other applications.
type AppRoles struct{ ID, Value, Description string }

// PermissionGrant is a delegated permission grant (Graph: oAuth2PermissionGrant).
type PermissionGrant struct {
	ID, ClientID, ResourceID string
	PrincipalID              string // empty for the whole tenant
	Scopes                   []string
}

// AppRoleAssignment is an application permission given to a service principal.
type AppRoleAssignment struct {
	ID, PrincipalID, ResourceID, RoleID string
	Created                             time.Time
}

// ServicePrincipalLocked is the service principal with this id, or nil.
func (a *Applications) ServicePrincipalLocked(id string) *ServicePrincipal {
	i := slices.IndexFunc(a.ServicePrincipals, func(s *ServicePrincipal) bool { return strings.EqualFold(s.ID, id) })
	if i < 0 {
		return nil
	}
	return a.ServicePrincipals[i]
}

// ServicePrincipalByAppLocked is the service principal of this application, or nil.
func (a *Applications) ServicePrincipalByAppLocked(appID string) *ServicePrincipal {
	i := slices.IndexFunc(a.ServicePrincipals, func(s *ServicePrincipal) bool { return strings.EqualFold(s.AppID, appID) })
	if i < 0 {
		return nil
	}
	return a.ServicePrincipals[i]
}

// CommandLineTools is Microsoft's own public client. Every tenant may use it; its service principal appears in the
// tenant with the first consent.
var CommandLineTools = ServicePrincipal{
	AppID: AppCommandLine, DisplayName: "Microsoft Graph Command Line Tools", Publisher: "Microsoft Corporation",
	OwnerTenant: "cdc5aeea-15c5-4db6-b079-fcadd2505dc2", Redirects: []string{"http://localhost"}, PublicClient: true,
}

// AzureCLI is another public client of Microsoft's, with the scopes that its tokens for Graph carry in any tenant. For others nobody
// can consent (https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts65002).
var AzureCLI = ServicePrincipal{
	AppID: AppAzureCLI, DisplayName: "Microsoft Azure CLI", Publisher: "Microsoft Services",
	OwnerTenant: "f8cdef31-a31e-4b4a-93e4-5f571e91255a", Redirects: []string{"http://localhost"}, PublicClient: true,
	Preauthorized: []string{
		"AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All", "AuditLog.Read.All", "DelegatedPermissionGrant.ReadWrite.All",
		"Directory.AccessAsUser.All", "Group.ReadWrite.All", "User.Read.All", "User.ReadWrite.All",
	},
}

// ClientLocked finds the public client with this application id, or nil.
func (a *Applications) ClientLocked(appID string) *ServicePrincipal {
	if s := a.ServicePrincipalByAppLocked(appID); s != nil && s.PublicClient {
		return s
	}
	switch strings.ToLower(appID) {
	case AppCommandLine:
		return &CommandLineTools
	case AppAzureCLI:
		return &AzureCLI
	}
	return nil
}

// InstallLocked makes sure that the client has a service principal in this tenant.
func (a *Applications) InstallLocked(actor *User, client *ServicePrincipal) *ServicePrincipal {
	if s := a.ServicePrincipalByAppLocked(client.AppID); s != nil {
		return s
	}
	s := *client
	s.ID, s.Created = a.NewIDLocked(), a.Instant()
	a.ServicePrincipals = append(a.ServicePrincipals, &s)
	a.AuditApplicationLocked(actor, "Add service principal", "Add", &s)
	return &s
}

// AuditApplicationLocked notes a change of an application.
func (a *Applications) AuditApplicationLocked(actor *User, activity, operation string, s *ServicePrincipal, changes ...Change) {
	a.log.auditLocked(actor, NewActivity(activity, "Core Directory", operation), "ApplicationManagement",
		auditTarget{ID: s.ID, Name: s.DisplayName, Kind: "ServicePrincipal", Changes: changes})
}
