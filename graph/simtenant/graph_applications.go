package simtenant

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

func (s *servicePrincipal) object() map[string]any {
	publisher := map[string]any{"displayName": nil, "verifiedPublisherId": nil, "addedDateTime": nil}
	roles, tags, replies := []any{}, []any{}, []any{}
	for _, r := range s.appRoles {
		roles = append(roles, map[string]any{
			"id": r.id, "value": r.value, "displayName": r.value, "description": r.description, "isEnabled": true, "origin": "Application",
			"allowedMemberTypes": []any{"Application"},
		})
	}
	for _, tag := range s.tags {
		tags = append(tags, tag)
	}
	for _, r := range s.redirects {
		replies = append(replies, r)
	}
	return map[string]any{
		"id": s.id, "deletedDateTime": nil, "accountEnabled": true, "appDisplayName": s.displayName, "appId": s.appID,
		"appOwnerOrganizationId": s.ownerTenant, "appRoleAssignmentRequired": false, "appRoles": roles, "createdByAppId": nil,
		"displayName": s.displayName, "servicePrincipalType": "Application", "signInAudience": "AzureADMyOrg", "tags": tags,
		"replyUrls": replies, "servicePrincipalNames": []any{s.appID}, "verifiedPublisher": publisher, "alternativeNames": []any{},
		"notificationEmailAddresses": []any{}, "oauth2PermissionScopes": []any{}, "keyCredentials": []any{}, "passwordCredentials": []any{},
		"addIns": []any{}, "resourceSpecificApplicationPermissions": []any{}, "homepage": nil, "loginUrl": nil, "logoutUrl": nil, "notes": nil,
		"appDescription": nil, "description": nil, "disabledByMicrosoftStatus": nil,
	}
}

func listServicePrincipals(c *graphCall) (*graphAnswer, *odata.Error) {
	return c.stream("servicePrincipals", func(yield func(odata.Object) bool) {
		for _, s := range c.t.sps {
			if !yield(s.object) {
				return
			}
		}
	})
}

// application is the service principal the path names, by id or by application id; nil where it names none.
func (c *graphCall) application() (*servicePrincipal, *odata.Error) {
	if appID, ok := c.params["appId"]; ok {
		if s := c.t.servicePrincipalByAppLocked(appID); s != nil {
			return s, nil
		}
		return nil, odata.NotFound(appID)
	}
	id, ok := c.params["id"]
	if !ok {
		return nil, nil
	}
	if s := c.t.servicePrincipalLocked(id); s != nil {
		return s, nil
	}
	return nil, odata.NotFound(id)
}

func getServicePrincipal(c *graphCall) (*graphAnswer, *odata.Error) {
	s, failure := c.application()
	if failure != nil {
		return nil, failure
	}
	return c.entity("servicePrincipals", s.object())
}

func listGrants(c *graphCall) (*graphAnswer, *odata.Error) {
	s, failure := c.application()
	if failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, g := range c.t.grants {
		if s != nil && g.clientID != s.id {
			continue
		}
		kind, principal := "AllPrincipals", any(nil)
		if g.principalID != "" {
			kind, principal = "Principal", g.principalID
		}
		objects = append(objects, map[string]any{
			"id": g.id, "clientId": g.clientID, "consentType": kind, "principalId": principal, "resourceId": g.resourceID, "scope": strings.Join(g.scopes, " "),
		})
	}
	return c.collection("oauth2PermissionGrants", objects)
}

func listAppRoleAssignments(c *graphCall) (*graphAnswer, *odata.Error) {
	return c.appRoleAssignments(func(a *appRoleAssignment, s *servicePrincipal) bool { return a.principalID == s.id })
}

func listAppRoleAssignedTo(c *graphCall) (*graphAnswer, *odata.Error) {
	return c.appRoleAssignments(func(a *appRoleAssignment, s *servicePrincipal) bool { return a.resourceID == s.id })
}

func (c *graphCall) appRoleAssignments(keep func(*appRoleAssignment, *servicePrincipal) bool) (*graphAnswer, *odata.Error) {
	s, failure := c.application()
	if failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, a := range c.t.appRole {
		if !keep(a, s) {
			continue
		}
		object := map[string]any{
			"id": a.id, "deletedDateTime": nil, "appRoleId": a.roleID, "createdDateTime": stamp(a.created), "principalId": a.principalID,
			"principalType": "ServicePrincipal", "principalDisplayName": nil, "resourceId": a.resourceID, "resourceDisplayName": nil,
		}
		if p := c.t.servicePrincipalLocked(a.principalID); p != nil {
			object["principalDisplayName"] = p.displayName
		}
		if r := c.t.servicePrincipalLocked(a.resourceID); r != nil {
			object["resourceDisplayName"] = r.displayName
		}
		objects = append(objects, object)
	}
	return c.collection("appRoleAssignments", objects)
}
