package graph

import (
	"context"
	"strings"

	abs "github.com/microsoft/kiota-abstractions-go"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// DeletedApp is the registration of an application, or a service principal, among the deleted objects.
type DeletedApp struct{ ID, AppID string }

const deletedItems = "/directory/deletedItems/"

// DeletedServicePrincipals reads those that can be restored: GET /directory/deletedItems/microsoft.graph.servicePrincipal,
// Application.Read.All. https://learn.microsoft.com/graph/api/directory-deleteditems-list
func (s Apps) DeletedServicePrincipals(ctx context.Context) ([]DeletedApp, error) {
	return s.deleted(ctx, "servicePrincipal")
}

// DeletedApplications reads those that can be restored: GET /directory/deletedItems/microsoft.graph.application,
// Application.Read.All. https://learn.microsoft.com/graph/api/directory-deleteditems-list
func (s Apps) DeletedApplications(ctx context.Context) ([]DeletedApp, error) {
	return s.deleted(ctx, "application")
}

func (s Apps) deleted(ctx context.Context, kind string) ([]DeletedApp, error) {
	all, err := listJSON[struct {
		ID    objectid.ID `json:"id"`
		AppID objectid.ID `json:"appId"`
	}](ctx, s.client, "look for deleted applications", s.client.v1(deletedItems+"microsoft.graph."+kind, "$select", "id,appId"))
	var out []DeletedApp
	for _, a := range all {
		out = append(out, DeletedApp{string(a.ID), string(a.AppID)})
	}
	return out, err
}

// Restore restores a deleted application or service principal by its object id, the application first: POST
// /directory/deletedItems/{id}/restore, Application.ReadWrite.All. Whether what was granted to it comes back, no page says.
// https://learn.microsoft.com/graph/api/directory-deleteditems-restore
func (s Apps) Restore(ctx context.Context, id string) error {
	return s.client.write(ctx, "restore the application", abs.POST, s.client.v1(deletedItems+segment(id)+"/restore"), nil)
}

// RestoreUser restores a deleted account by its object id, with the roles that it had when it was deleted: POST
// /directory/deletedItems/{id}/restore, User.DeleteRestore.All. Refused where another account has its name.
// https://learn.microsoft.com/graph/api/directory-deleteditems-restore
func (s Users) RestoreUser(ctx context.Context, id string) error {
	return s.client.write(ctx, "restore the account", abs.POST, s.client.v1(deletedItems+segment(id)+"/restore"), nil)
}

// AddGrant grants delegated permissions to a service principal, for one person or for everybody: POST /oauth2PermissionGrants,
// DelegatedPermissionGrant.ReadWrite.All. ErrConflict where there is a grant of the same kind already.
// https://learn.microsoft.com/graph/api/oauth2permissiongrant-post
func (s Apps) AddGrant(ctx context.Context, servicePrincipalID string, g PermissionGrant) error {
	sent := map[string]any{"clientId": servicePrincipalID, "consentType": "AllPrincipals", "resourceId": g.ResourceID, "scope": strings.Join(g.Scopes(), " ")}
	if g.PrincipalID != "" {
		sent["consentType"], sent["principalId"] = "Principal", g.PrincipalID
	}
	var made struct{}
	return s.client.postJSON(ctx, "grant the delegated permissions", s.client.v1("/oauth2PermissionGrants"), sent, &made)
}

// AddAppRole grants an application permission to a service principal: POST /servicePrincipals/{id}/appRoleAssignments,
// AppRoleAssignment.ReadWrite.All. https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
func (s Apps) AddAppRole(ctx context.Context, servicePrincipalID string, g PermissionGrant) error {
	var made struct{}
	return s.client.postJSON(ctx, "grant the application permission", s.client.v1("/servicePrincipals/"+segment(servicePrincipalID)+"/appRoleAssignments"), map[string]string{
		"principalId": servicePrincipalID, "resourceId": g.ResourceID, "appRoleId": g.Scope,
	}, &made)
}
