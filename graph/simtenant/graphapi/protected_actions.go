package graphapi

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file: a protected action is refused to every token that does not carry the authentication context the
// tenant demands for it, whatever scopes and roles stand behind it. The claim is in a token only when the request for that
// token asked for it, and the person met it in that sign-in
// (https://learn.microsoft.com/entra/identity/role-based-access-control/protected-actions-overview,
// https://learn.microsoft.com/entra/identity-platform/claims-challenge).

// checkProtected refuses a protected action to a token without the context. A client that can answer a claims challenge
// gets one.
func (c *Call) checkProtected() *odata.Error {
	context := c.t.Policies.Protected[c.route.Action]
	if context == "" || slices.Contains(c.who.Contexts, context) {
		return nil
	}
	if !c.who.ContinuousAccess {
		return odata.Refuse(http.StatusForbidden, "AccessDenied", "Operation requires conditional access and client does not support it")
	}
	claims, err := json.Marshal(map[string]any{"access_token": map[string]any{"acrs": map[string]any{"essential": true, "value": context}}})
	if err != nil {
		panic(err)
	}
	e := odata.Refuse(http.StatusUnauthorized, "InvalidAuthenticationToken", "The operation requires an authentication context that the presented token does not carry.")
	e.Header = http.Header{"Www-Authenticate": {
		`Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="` + state.AppGraph +
			`", error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString(claims) + `"`,
	}}
	return e
}

// listResourceActions are the actions of the directory that can be protected, with what protects them
// (https://learn.microsoft.com/graph/api/unifiedrbacresourcenamespace-list-resourceactions).
func listResourceActions(c *Call) (*Answer, *odata.Error) {
	if c.params["namespace"] != "microsoft.directory" {
		return nil, odata.NotFound(c.params["namespace"])
	}
	var objects []map[string]any
	for _, a := range []struct {
		id, verb, name string
		settable       bool
	}{
		{"microsoft.directory-conditionalAccessPolicies-basic-update-patch", "PATCH", state.ActionPolicyUpdate, true},
		{"microsoft.directory-conditionalAccessPolicies-create-post", "POST", "microsoft.directory/conditionalAccessPolicies/create", true},
		{"microsoft.directory-conditionalAccessPolicies-delete-delete", "DELETE", "microsoft.directory/conditionalAccessPolicies/delete", true},
		{"microsoft.directory-users-basic-update-patch", "PATCH", "microsoft.directory/users/basic/update", false},
	} {
		object := map[string]any{
			"id": a.id, "actionVerb": a.verb, "name": a.name, "description": "Simulated", "isPrivileged": true,
			"resourceScopeId": nil, "authenticationContextId": nil, "isAuthenticationContextSettable": a.settable,
		}
		if context := c.t.Policies.Protected[a.name]; context != "" {
			object["authenticationContextId"] = context
		}
		objects = append(objects, object)
	}
	return c.collection("roleManagement/directory/resourceNamespaces('microsoft.directory')/resourceActions", objects)
}
