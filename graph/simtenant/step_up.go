package simtenant

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Rules of this file: a protected action is refused to every token that does not carry the authentication context the
// tenant demands for it, whatever scopes and roles stand behind it. The claim is in a token only when the request for that
// token asked for it, and the person met it in that sign-in
// (https://learn.microsoft.com/entra/identity/role-based-access-control/protected-actions-overview,
// https://learn.microsoft.com/entra/identity-platform/claims-challenge).

const (
	actionPolicyUpdate = "microsoft.directory/conditionalAccessPolicies/basic/update"
	stepUpContext      = "c1"
)

// ProtectActions has the tenant demand an authentication context before a Conditional Access policy is changed.
func (t *Tenant) ProtectActions(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.protected = map[string]string{}
	if on {
		t.protected[actionPolicyUpdate] = stepUpContext
	}
}

// buildProtected is the company of business, where changing a Conditional Access policy is a protected action.
func buildProtected(t *Tenant) {
	buildBusiness(t)
	t.protected = map[string]string{actionPolicyUpdate: stepUpContext}
}

// checkProtected refuses a protected action to a token without the context. A client that can answer a claims challenge
// gets one.
func (c *graphCall) checkProtected() *odata.Error {
	context := c.t.protected[c.route.Action]
	if context == "" || slices.Contains(c.who.contexts, context) {
		return nil
	}
	if !c.who.continuousAccess {
		return odata.Refuse(http.StatusForbidden, "AccessDenied", "Operation requires conditional access and client does not support it")
	}
	claims, err := json.Marshal(map[string]any{"access_token": map[string]any{"acrs": map[string]any{"essential": true, "value": context}}})
	if err != nil {
		panic(err)
	}
	e := odata.Refuse(http.StatusUnauthorized, "InvalidAuthenticationToken", "The operation requires an authentication context that the presented token does not carry.")
	e.Header = http.Header{"Www-Authenticate": {
		`Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="` + appGraph +
			`", error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString(claims) + `"`,
	}}
	return e
}

// contextsAsked are the authentication contexts that a claims parameter demands.
func contextsAsked(claims string) []string {
	var c struct {
		AccessToken struct {
			ACRS struct {
				Value  string   `json:"value"`
				Values []string `json:"values"`
			} `json:"acrs"`
		} `json:"access_token"`
	}
	if json.Unmarshal([]byte(claims), &c) != nil {
		return nil
	}
	asked := c.AccessToken.ACRS.Values
	if v := c.AccessToken.ACRS.Value; v != "" {
		asked = append(asked, v)
	}
	return asked
}

// unmetContextLocked refuses to renew a sign-in for a context that the person did not meet in it; nil when they did.
func (t *Tenant) unmetContextLocked(asked, met []string, client *servicePrincipal) *aadError {
	if !slices.ContainsFunc(asked, func(c string) bool { return !slices.Contains(met, c) }) {
		return nil
	}
	return t.refuseLocked(aadMFARequired, "Sign in again with a second factor.", mfaRequiredText, client.displayName)
}

// listResourceActions are the actions of the directory that can be protected, with what protects them
// (https://learn.microsoft.com/graph/api/unifiedrbacresourcenamespace-list-resourceactions).
func listResourceActions(c *graphCall) (*graphAnswer, *odata.Error) {
	if c.params["namespace"] != "microsoft.directory" {
		return nil, odata.NotFound(c.params["namespace"])
	}
	var objects []map[string]any
	for _, a := range []struct {
		id, verb, name string
		settable       bool
	}{
		{"microsoft.directory-conditionalAccessPolicies-basic-update-patch", "PATCH", actionPolicyUpdate, true},
		{"microsoft.directory-conditionalAccessPolicies-create-post", "POST", "microsoft.directory/conditionalAccessPolicies/create", true},
		{"microsoft.directory-conditionalAccessPolicies-delete-delete", "DELETE", "microsoft.directory/conditionalAccessPolicies/delete", true},
		{"microsoft.directory-users-basic-update-patch", "PATCH", "microsoft.directory/users/basic/update", false},
	} {
		object := map[string]any{
			"id": a.id, "actionVerb": a.verb, "name": a.name, "description": "Simulated", "isPrivileged": true,
			"resourceScopeId": nil, "authenticationContextId": nil, "isAuthenticationContextSettable": a.settable,
		}
		if context := c.t.protected[a.name]; context != "" {
			object["authenticationContextId"] = context
		}
		objects = append(objects, object)
	}
	return c.collection("roleManagement/directory/resourceNamespaces('microsoft.directory')/resourceActions", objects)
}

// ForgetStepUps makes every sign-in one in which no authentication context was met, as a sign-in frequency does.
func (t *Tenant) ForgetStepUps() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.refreshTokens {
		r.contexts = nil
	}
}
