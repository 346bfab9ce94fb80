package graphapi

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// What brings applications back, and grants again what was granted to them
// (https://learn.microsoft.com/graph/api/directory-deleteditems-restore, oauth2permissiongrant-post,
// serviceprincipal-post-approleassignments).

func listDeletedPrincipals(c *Call) (*Answer, *odata.Error) {
	var objects []map[string]any
	for _, s := range c.t.Applications.DeletedPrincipalsLocked() {
		objects = append(objects, servicePrincipalObject(s))
	}
	return c.collection("servicePrincipals", objects)
}

func listDeletedApplications(c *Call) (*Answer, *odata.Error) {
	var objects []map[string]any
	for _, a := range c.t.Applications.DeletedApplicationsLocked() {
		objects = append(objects, applicationObject(a))
	}
	return c.collection("applications", objects)
}

// restoreDeleted restores what has this id: whoever may restore accounts may not restore applications by that.
func restoreDeleted(c *Call) (*Answer, *odata.Error) {
	a, id := c.t.Applications, c.params["id"]
	principals, applications := a.DeletedPrincipalsLocked(), a.DeletedApplicationsLocked()
	i := slices.IndexFunc(principals, func(s *state.ServicePrincipal) bool { return strings.EqualFold(s.ID, id) })
	j := slices.IndexFunc(applications, func(r *state.Application) bool { return strings.EqualFold(r.ID, id) })
	needed := []string{"Application.ReadWrite.All"}
	if i < 0 && j < 0 {
		needed = []string{"User.DeleteRestore.All", "User.ReadWrite.All"}
	}
	if !c.hasScopes(needed) {
		return nil, odata.Denied()
	}
	switch {
	case i >= 0:
		if !a.RestorePrincipalLocked(c.who.User, principals[i]) {
			return nil, odata.BadRequest("The application of the service principal '%s' is deleted. Restore it first.", id)
		}
		return restored(c, "servicePrincipal", servicePrincipalObject(principals[i]))
	case j >= 0:
		a.RestoreApplicationLocked(c.who.User, applications[j])
		return restored(c, "application", applicationObject(applications[j]))
	}
	return restoreUser(c)
}

func restored(c *Call, kind string, object map[string]any) (*Answer, *odata.Error) {
	answer, failure := c.entity("directoryObjects", object)
	if failure == nil {
		answer.body["@odata.type"] = "#microsoft.graph." + kind
	}
	return answer, failure
}

func createGrant(c *Call) (*Answer, *odata.Error) {
	a, kind, who := c.t.Applications, c.text("consentType"), c.text("principalId")
	client, api := a.ServicePrincipalLocked(c.text("clientId")), a.ServicePrincipalLocked(c.text("resourceId"))
	switch {
	case client == nil || api == nil:
		return nil, odata.BadRequest("One or more of the reference properties of the permission grant do not exist.")
	case kind != "AllPrincipals" && kind != "Principal" || (kind == "Principal") != (who != ""):
		return nil, odata.BadRequest("Invalid value specified for property 'consentType' of resource 'OAuth2PermissionGrant'.")
	case slices.ContainsFunc(a.Grants, func(g *state.PermissionGrant) bool {
		return g.ClientID == client.ID && g.ResourceID == api.ID && g.PrincipalID == who
	}):
		return nil, odata.Refuse(409, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.")
	}
	g := &state.PermissionGrant{ID: a.NewKeyLocked(43), ClientID: client.ID, ResourceID: api.ID, PrincipalID: who}
	c.t.Applications.AuditGrantLocked(c.who.User, "Add delegated permission grant", g, nil, strings.Fields(c.text("scope")))
	g.Scopes = strings.Fields(c.text("scope"))
	a.Grants = append(a.Grants, g)
	return created(map[string]any{"id": g.ID, "clientId": g.ClientID, "consentType": kind, "principalId": c.body["principalId"], "resourceId": g.ResourceID, "scope": strings.Join(g.Scopes, " ")})
}

func createAppRoleAssignment(c *Call) (*Answer, *odata.Error) {
	s, failure := c.application()
	if failure != nil {
		return nil, failure
	}
	a := c.t.Applications
	api := a.ServicePrincipalLocked(c.text("resourceId"))
	if api == nil || !strings.EqualFold(c.text("principalId"), s.ID) {
		return nil, odata.BadRequest("Not a valid reference update.")
	}
	i := slices.IndexFunc(api.AppRoles, func(r state.AppRoles) bool { return strings.EqualFold(r.ID, c.text("appRoleId")) })
	if i < 0 {
		return nil, odata.BadRequest("Permission being assigned was not found on application")
	}
	if slices.Contains(a.AppRolesOfLocked(s, api), api.AppRoles[i].Value) {
		return nil, odata.BadRequest("Permission being assigned already exists on the object")
	}
	a.GiveAppRoleLocked(c.who.User, s, api, api.AppRoles[i].Value)
	made := a.AppRoles[len(a.AppRoles)-1]
	return created(map[string]any{
		"id": made.ID, "deletedDateTime": nil, "appRoleId": made.RoleID, "createdDateTime": stamp(made.Created), "principalId": s.ID, "principalType": "ServicePrincipal",
		"principalDisplayName": s.DisplayName, "resourceId": api.ID, "resourceDisplayName": api.DisplayName,
	})
}
