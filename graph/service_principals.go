package graph

import (
	"context"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"golang.org/x/sync/errgroup"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// ServicePrincipal is an application as it stands in the tenant.
type ServicePrincipal struct {
	ID            string
	AppID         string
	DisplayName   string
	OwnerTenantID string // tenant the application is registered in
	Enabled       bool
}

// PermissionGrant is something a service principal was allowed.
type PermissionGrant struct {
	ID          string
	ClientID    string // delegated: service principal of the application that was allowed
	PrincipalID string // delegated, of one person alone: who that is
	Application bool   // without a user; otherwise on behalf of one
	ResourceID  string // service principal of the API
	Resource    string // its name, where Graph says it
	Scope       string // delegated: scopes, separated by spaces; application: the id of the app role
	ConsentType string // delegated: AllPrincipals or Principal
}

// ServicePrincipals reads the service principals whose display name begins with namePrefix, which must not be empty:
// GET /servicePrincipals, Application.Read.All. https://learn.microsoft.com/graph/api/serviceprincipal-list
func (s Apps) ServicePrincipals(ctx context.Context, namePrefix string) ([]ServicePrincipal, error) {
	const op = "read the service principals"
	if namePrefix == "" {
		return nil, &Error{Op: op, Message: "a name to look for is needed", kind: ErrInvalid, unsent: true}
	}
	return s.principals(ctx, op, "startswith(displayName,"+quoted(namePrefix)+")")
}

// ServicePrincipal reads the service principal of an application: GET /servicePrincipals, Application.Read.All. ErrNone where the
// tenant has none of it. https://learn.microsoft.com/graph/api/serviceprincipal-list
func (s Apps) ServicePrincipal(ctx context.Context, appID string) (ServicePrincipal, error) {
	const op = "read the service principal of the application"
	all, err := s.principals(ctx, op, "appId eq "+quoted(appID))
	if err != nil {
		return ServicePrincipal{}, err
	}
	if len(all) == 0 {
		return ServicePrincipal{}, &Error{Op: op, Message: "the tenant has none of " + appID, kind: ErrNone}
	}
	if !objectid.Same(all[0].AppID, appID) {
		return ServicePrincipal{}, another(op)
	}
	return all[0], nil
}

func (s Apps) principals(ctx context.Context, op, filter string) ([]ServicePrincipal, error) {
	all, err := listJSON[struct {
		ID      objectid.ID `json:"id"`
		AppID   objectid.ID `json:"appId"`
		Name    string      `json:"displayName"`
		Owner   objectid.ID `json:"appOwnerOrganizationId"`
		Enabled bool        `json:"accountEnabled"`
	}](ctx, s.client, op, s.client.v1("/servicePrincipals",
		"$filter", filter,
		"$select", "id,appId,displayName,appOwnerOrganizationId,accountEnabled"))
	var principals []ServicePrincipal
	for _, p := range all {
		principals = append(principals, ServicePrincipal{ID: string(p.ID), AppID: string(p.AppID), DisplayName: p.Name, OwnerTenantID: string(p.Owner), Enabled: p.Enabled})
	}
	return principals, err
}

// Grants reads what a service principal was allowed, side by side: on behalf of users (GET
// /servicePrincipals/{id}/oauth2PermissionGrants, Directory.Read.All) and by itself (GET
// /servicePrincipals/{id}/appRoleAssignments, Application.Read.All).
// https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants
// https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments
func (s Apps) Grants(ctx context.Context, servicePrincipalID string) ([]PermissionGrant, error) {
	path := "/servicePrincipals/" + segment(servicePrincipalID)
	var grants []PermissionGrant
	var roles []models.AppRoleAssignmentable
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		grants, err = s.delegated(ctx, path)
		return err
	})
	both.Go(func() (err error) {
		roles, err = list[models.AppRoleAssignmentable](ctx, s.client, "read the application permissions",
			s.client.v1(path+"/appRoleAssignments"), models.CreateAppRoleAssignmentFromDiscriminatorValue)
		return err
	})
	if err := both.Wait(); err != nil {
		return nil, err
	}
	for _, m := range roles {
		g := PermissionGrant{ID: deref(m.GetId()), Application: true, Resource: deref(m.GetResourceDisplayName())}
		if id := m.GetResourceId(); id != nil {
			g.ResourceID = id.String()
		}
		if id := m.GetAppRoleId(); id != nil {
			g.Scope = id.String()
		}
		grants = append(grants, g)
	}
	return grants, nil
}

// Delegated reads what an application was allowed on behalf of users: GET /servicePrincipals(appId='{appId}')/oauth2PermissionGrants,
// Directory.Read.All. ErrNotFound where the tenant has none of the application.
// https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants
func (s Apps) Delegated(ctx context.Context, appID string) ([]PermissionGrant, error) {
	return s.delegated(ctx, "/servicePrincipals(appId="+segment(quoted(appID))+")")
}

func (s Apps) delegated(ctx context.Context, path string) ([]PermissionGrant, error) {
	all, err := list[models.OAuth2PermissionGrantable](ctx, s.client, "read the delegated permissions",
		s.client.v1(path+"/oauth2PermissionGrants"), models.CreateOAuth2PermissionGrantFromDiscriminatorValue)
	if err != nil {
		return nil, err
	}
	var grants []PermissionGrant
	for _, m := range all {
		grants = append(grants, PermissionGrant{
			ID: deref(m.GetId()), ClientID: objectid.Canonical(deref(m.GetClientId())), PrincipalID: objectid.Canonical(deref(m.GetPrincipalId())),
			ResourceID: objectid.Canonical(deref(m.GetResourceId())), Scope: deref(m.GetScope()), ConsentType: deref(m.GetConsentType()),
		})
	}
	return grants, nil
}

// Scopes are the delegated permissions of a grant, each once. Graph's text often begins with a blank, and has them in any order.
func (g PermissionGrant) Scopes() []string { return union(nil, strings.Fields(g.Scope)) }
