package graphapi

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func servicePrincipalObject(s *state.ServicePrincipal) map[string]any {
	publisher := map[string]any{"displayName": nil, "verifiedPublisherId": nil, "addedDateTime": nil}
	roles, tags, replies := []any{}, []any{}, []any{}
	for _, r := range s.AppRoles {
		roles = append(roles, map[string]any{
			"id": r.ID, "value": r.Value, "displayName": r.Value, "description": r.Description, "isEnabled": true, "origin": "Application",
			"allowedMemberTypes": []any{"Application"},
		})
	}
	for _, tag := range s.Tags {
		tags = append(tags, tag)
	}
	for _, r := range s.Redirects {
		replies = append(replies, r)
	}
	return map[string]any{
		"id": s.ID, "deletedDateTime": nil, "accountEnabled": !s.Disabled, "appDisplayName": s.DisplayName, "appId": s.AppID,
		"appOwnerOrganizationId": s.OwnerTenant, "appRoleAssignmentRequired": false, "appRoles": roles, "createdByAppId": nil,
		"displayName": s.DisplayName, "servicePrincipalType": "Application", "signInAudience": "AzureADMyOrg", "tags": tags,
		"replyUrls": replies, "servicePrincipalNames": []any{s.AppID}, "verifiedPublisher": publisher, "alternativeNames": []any{},
		"notificationEmailAddresses": []any{}, "oauth2PermissionScopes": []any{}, "keyCredentials": credentialObjects(s.Credentials, true), "passwordCredentials": credentialObjects(s.Credentials, false),
		"addIns": []any{}, "resourceSpecificApplicationPermissions": []any{}, "homepage": nil, "loginUrl": nil, "logoutUrl": nil, "notes": nil,
		"appDescription": nil, "description": nil, "disabledByMicrosoftStatus": nil,
	}
}

func listServicePrincipals(c *Call) (*Answer, *odata.Error) {
	return c.stream("servicePrincipals", func(yield func(odata.Object) bool) {
		for _, s := range c.t.Applications.ServicePrincipals {
			if !yield(func() map[string]any { return servicePrincipalObject(s) }) {
				return
			}
		}
	})
}

// application is the service principal the path names, by id or by application id; nil where it names none.
func (c *Call) application() (*state.ServicePrincipal, *odata.Error) {
	if appID, ok := c.params["appId"]; ok {
		if s := c.t.Applications.ServicePrincipalByAppLocked(appID); s != nil {
			return s, nil
		}
		return nil, odata.NotFound(appID)
	}
	id, ok := c.params["id"]
	if !ok {
		return nil, nil
	}
	if s := c.t.Applications.ServicePrincipalLocked(id); s != nil {
		return s, nil
	}
	return nil, odata.NotFound(id)
}

func getServicePrincipal(c *Call) (*Answer, *odata.Error) {
	s, failure := c.application()
	if failure != nil {
		return nil, failure
	}
	return c.entity("servicePrincipals", servicePrincipalObject(s))
}

func listGrants(c *Call) (*Answer, *odata.Error) {
	s, failure := c.application()
	if failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, g := range c.t.Applications.Grants {
		if s != nil && g.ClientID != s.ID {
			continue
		}
		kind, principal := "AllPrincipals", any(nil)
		if g.PrincipalID != "" {
			kind, principal = "Principal", g.PrincipalID
		}
		objects = append(objects, map[string]any{
			"id": g.ID, "clientId": g.ClientID, "consentType": kind, "principalId": principal, "resourceId": g.ResourceID, "scope": strings.Join(g.Scopes, " "),
		})
	}
	return c.collection("oauth2PermissionGrants", objects)
}

func listAppRoleAssignments(c *Call) (*Answer, *odata.Error) {
	return c.appRoleAssignments(func(a *state.AppRoleAssignment, s *state.ServicePrincipal) bool { return a.PrincipalID == s.ID })
}

func listAppRoleAssignedTo(c *Call) (*Answer, *odata.Error) {
	return c.appRoleAssignments(func(a *state.AppRoleAssignment, s *state.ServicePrincipal) bool { return a.ResourceID == s.ID })
}

func (c *Call) appRoleAssignments(keep func(*state.AppRoleAssignment, *state.ServicePrincipal) bool) (*Answer, *odata.Error) {
	s, failure := c.application()
	if failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, a := range c.t.Applications.AppRoles {
		if !keep(a, s) {
			continue
		}
		object := map[string]any{
			"id": a.ID, "deletedDateTime": nil, "appRoleId": a.RoleID, "createdDateTime": stamp(a.Created), "principalId": a.PrincipalID,
			"principalType": "ServicePrincipal", "principalDisplayName": nil, "resourceId": a.ResourceID, "resourceDisplayName": nil,
		}
		if p := c.t.Applications.ServicePrincipalLocked(a.PrincipalID); p != nil {
			object["principalDisplayName"] = p.DisplayName
		}
		if r := c.t.Applications.ServicePrincipalLocked(a.ResourceID); r != nil {
			object["resourceDisplayName"] = r.DisplayName
		}
		objects = append(objects, object)
	}
	return c.collection("appRoleAssignments", objects)
}

// credentialObjects are the certificates, or else the secrets, without what only whoever made them knows.
func credentialObjects(credentials []*state.AppCredential, certificates bool) []any {
	objects := []any{}
	for _, c := range credentials {
		if (c.Certificate != nil) != certificates {
			continue
		}
		object := map[string]any{
			"keyId": c.ID, "displayName": c.Name, "startDateTime": stamp(c.Starts), "endDateTime": stamp(c.Ends), "customKeyIdentifier": nil,
		}
		if certificates {
			object["key"], object["type"], object["usage"] = nil, "AsymmetricX509Cert", "Verify"
		} else {
			object["secretText"], object["hint"] = nil, "d36"
		}
		objects = append(objects, object)
	}
	return objects
}

func applicationObject(a *state.Application) map[string]any {
	return map[string]any{
		"id": a.ID, "appId": a.AppID, "displayName": a.DisplayName, "createdDateTime": stamp(a.Created), "deletedDateTime": nil, "signInAudience": "AzureADMyOrg",
		"keyCredentials": credentialObjects(a.Credentials, true), "passwordCredentials": credentialObjects(a.Credentials, false), "identifierUris": []any{}, "tags": []any{},
		"publisherDomain": state.InitialDomain, "description": nil, "notes": nil, "isFallbackPublicClient": nil, "disabledByMicrosoftStatus": nil,
	}
}

func listApplications(c *Call) (*Answer, *odata.Error) {
	var objects []map[string]any
	for _, a := range c.t.Applications.Registered {
		objects = append(objects, applicationObject(a))
	}
	return c.collection("applications", objects)
}
