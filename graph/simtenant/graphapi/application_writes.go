package graphapi

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// What takes applications out of a tenant, and what was granted to them
// (https://learn.microsoft.com/graph/api/serviceprincipal-delete, application-delete, oauth2permissiongrant-update and -delete).

func applicationWrites() []*Route {
	roles := []string{state.RoleCloudApplicationAdmin, state.RoleApplicationAdmin}
	write := []string{"Application.ReadWrite.All"}
	grants := []string{"DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"}
	read := []string{"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	return []*Route{
		{Method: "GET", Path: "/directory/deletedItems/microsoft.graph.servicePrincipal", Versions: odata.Both, Scopes: read, Query: odata.Rules{SelectType: "servicePrincipal", Top: 999, Count: true, PageSize: 100}, Handle: listDeletedPrincipals},
		{Method: "GET", Path: "/directory/deletedItems/microsoft.graph.application", Versions: odata.Both, Scopes: read, Query: odata.Rules{SelectType: "application", Top: 999, Count: true, PageSize: 100}, Handle: listDeletedApplications},
		{Method: "POST", Path: "/oauth2PermissionGrants", Versions: odata.Both, Scopes: grants, Roles: roles, BodyType: "oAuth2PermissionGrant", Handle: createGrant},
		{
			Method: "POST", Path: "/servicePrincipals/{id}/appRoleAssignments", Versions: odata.Both, Scopes: []string{"AppRoleAssignment.ReadWrite.All"},
			Roles: []string{state.RolePrivilegedRoleAdministrator}, BodyType: "appRoleAssignment", Handle: createAppRoleAssignment,
		},
		{Method: "DELETE", Path: "/servicePrincipals/{id}", Versions: odata.Both, Scopes: write, Roles: roles, Handle: deleteServicePrincipal},
		{Method: "DELETE", Path: "/applications/{id}", Versions: odata.Both, Scopes: write, Roles: roles, Handle: deleteApplication},
		{Method: "PATCH", Path: "/oauth2PermissionGrants/{id}", Versions: odata.Both, Scopes: grants, Roles: roles, BodyType: "oAuth2PermissionGrant", Handle: updateGrant},
		{Method: "DELETE", Path: "/oauth2PermissionGrants/{id}", Versions: odata.Both, Scopes: grants, Roles: roles, Handle: deleteGrant},
	}
}

func deleteServicePrincipal(c *Call) (*Answer, *odata.Error) {
	s, failure := c.application()
	if failure != nil {
		return nil, failure
	}
	if s.OwnerTenant == state.MicrosoftTenant {
		return nil, odata.BadRequest("Specified App Id is reserved and can not be used.")
	}
	c.t.Applications.DropPrincipalLocked(c.who.User, s)
	return noContent()
}

func deleteApplication(c *Call) (*Answer, *odata.Error) {
	i := slices.IndexFunc(c.t.Applications.Registered, func(a *state.Application) bool { return strings.EqualFold(a.ID, c.params["id"]) })
	if i < 0 {
		return nil, odata.NotFound(c.params["id"])
	}
	c.t.Applications.UnregisterLocked(c.who.User, c.t.Applications.Registered[i])
	return noContent()
}

// grantOf is the grant that the path names. Its id is told apart by case, as base64 is.
func grantOf(c *Call) (*state.PermissionGrant, *odata.Error) {
	i := slices.IndexFunc(c.t.Applications.Grants, func(g *state.PermissionGrant) bool { return g.ID == c.params["id"] })
	if i < 0 {
		return nil, odata.NotFound(c.params["id"])
	}
	return c.t.Applications.Grants[i], nil
}

// updateGrant replaces all scopes of a grant.
func updateGrant(c *Call) (*Answer, *odata.Error) {
	g, failure := grantOf(c)
	if failure != nil {
		return nil, failure
	}
	for name := range c.body {
		if name != "scope" {
			return nil, odata.BadRequest("Property '%s' is read-only and cannot be set.", name).At(name)
		}
	}
	c.t.Applications.AuditGrantLocked(c.who.User, "Remove delegated permission grant", g, g.Scopes, strings.Fields(c.text("scope")))
	g.Scopes = strings.Fields(c.text("scope"))
	return noContent()
}

func deleteGrant(c *Call) (*Answer, *odata.Error) {
	g, failure := grantOf(c)
	if failure != nil {
		return nil, failure
	}
	c.t.Applications.AuditGrantLocked(c.who.User, "Remove delegated permission grant", g, g.Scopes, nil)
	c.t.Applications.Grants = slices.DeleteFunc(c.t.Applications.Grants, func(other *state.PermissionGrant) bool { return other == g })
	return noContent()
}
