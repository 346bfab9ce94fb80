package graphapi_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// changed is simtest.NewUserBody with one piece of text replaced.
func changed(old, replacement string) string {
	return strings.Replace(simtest.NewUserBody, old, replacement, 1)
}

func TestStrictness(t *testing.T) {
	const (
		users    = "/v1.0/users"
		roles    = "/v1.0/roleManagement/directory/roleAssignments"
		policies = "/v1.0/identity/conditionalAccess/policies"
		what     = "/v1.0/identity/conditionalAccess/evaluate"
		sps      = "/v1.0/servicePrincipals"
	)
	bad, unsupported := "Request_BadRequest", "Request_UnsupportedQuery"
	tests := []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		code                     string
	}{
		{"unknown path", "GET", "/v1.0/nothing", "", nil, 400, "BadRequest"},
		{"unknown path below a known one", "GET", "/v1.0/users/{operator}/nothing", "", nil, 400, "BadRequest"},
		{"path that ends early", "GET", "/v1.0/identity", "", nil, 400, "BadRequest"},
		{"version alone", "GET", "/v1.0", "", nil, 400, "BadRequest"},
		{"beta path at v1.0", "GET", "/v1.0/users/{operator}/authentication/requirements", "", nil, 400, "BadRequest"},
		{"undocumented policy at v1.0", "GET", "/v1.0/policies/mfaServicePolicy", "", nil, 400, "BadRequest"},
		{"transitive assignments at v1.0", "GET", "/v1.0/roleManagement/directory/transitiveRoleAssignments", "", nil, 400, "BadRequest"},
		{"wrong method", "PUT", "/v1.0/users/{operator}", "{}", nil, 405, bad},
		{"wrong method on a collection", "DELETE", users, "", nil, 405, bad},
		{"POST where only PATCH", "POST", "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", "{}", nil, 405, bad},
		{"no token", "GET", "/v1.0/me", "", []string{"Authorization", ""}, 401, "InvalidAuthenticationToken"},
		{"token that is none", "GET", "/v1.0/me", "", []string{"Authorization", "Bearer abc"}, 401, "InvalidAuthenticationToken"},
		{"basic authentication", "GET", "/v1.0/me", "", []string{"Authorization", "Basic YTpi"}, 401, "InvalidAuthenticationToken"},
		{"unknown user", "GET", users + "/nobody@contoso.com", "", nil, 404, "Request_ResourceNotFound"},
		{"unknown user id", "GET", users + "/11111111-1111-4111-8111-111111111111", "", nil, 404, "Request_ResourceNotFound"},
		{"unknown domain", "GET", "/v1.0/domains/fabrikam.com", "", nil, 404, "Request_ResourceNotFound"},
		{"unknown service principal", "GET", sps + "(appId='11111111-1111-4111-8111-111111111111')", "", nil, 404, "Request_ResourceNotFound"},
		{"unknown policy", "GET", policies + "/11111111-1111-4111-8111-111111111111", "", nil, 404, "ResourceNotFound"},

		{"select of an unknown property", "GET", users + "?$select=id,shoeSize", "", nil, 400, bad},
		{"select where there is none", "GET", "/v1.0/users/{operator}/authentication/methods?$select=id", "", nil, 400, bad},
		{"unknown option", "GET", users + "?$colour=red", "", nil, 400, bad},
		{"search", "GET", users + "?$search=\"displayName:a\"", "", nil, 400, bad},
		{"option given twice", "GET", users + "?$top=1&$top=2", "", nil, 400, bad},
		{"top zero", "GET", users + "?$top=0", "", nil, 400, bad},
		{"top too large", "GET", users + "?$top=1000", "", nil, 400, bad},
		{"count without ConsistencyLevel", "GET", users + "?$count=true", "", nil, 400, unsupported},
		{"filter on an unsupported property", "GET", users + "?$filter=aboutMe eq 'x'", "", nil, 400, unsupported},
		{"filter with an unsupported operator", "GET", users + "?$filter=displayName ge 'x'", "", nil, 400, unsupported},
		{"filter that is no filter", "GET", users + "?$filter=displayName is 'x'", "", nil, 400, "BadRequest"},
		{"filter with an operator that is none", "GET", users + "?$filter=userPrincipalName xx 'a'", "", nil, 400, "BadRequest"},
		{"filter with or", "GET", users + "?$filter=displayName eq 'x' or displayName eq 'y'", "", nil, 400, unsupported},
		{"filter with contains", "GET", sps + "?$filter=contains(displayName,'x')", "", nil, 400, unsupported},
		{"filter with not", "GET", users + "?$filter=not(displayName eq 'x')", "", nil, 400, unsupported},
		{"filter with in", "GET", users + "?$filter=userType in ('Guest')", "", nil, 400, unsupported},
		{"filter in brackets", "GET", users + "?$filter=(displayName eq 'x')", "", nil, 400, unsupported},
		{"filter with a lambda", "GET", users + "?$filter=otherMails/any(m:m eq 'x')", "", nil, 400, unsupported},
		{"filter with an open quote", "GET", users + "?$filter=displayName eq 'x", "", nil, 400, "BadRequest"},
		{"ne outside advanced queries", "GET", users + "?$filter=userType ne 'Guest'", "", nil, 400, unsupported},
		{"ne with the header and no count", "GET", users + "?$filter=userType ne 'Guest'", "", []string{"ConsistencyLevel", "eventual"}, 400, unsupported},
		{"ends with, outside advanced queries", "GET", users + "?$filter=endsWith(mail,'x')&$count=true", "", nil, 400, unsupported},
		{"ends with, where there is none", "GET", sps + "?$filter=endsWith(displayName,'x')&$count=true", "", []string{"ConsistencyLevel", "eventual"}, 400, unsupported},
		{"consistency that is none", "GET", users, "", []string{"ConsistencyLevel", "perhaps"}, 400, bad},
		{"order of users by something else", "GET", users + "?$orderby=jobTitle", "", nil, 400, unsupported},
		{"order beside a filter", "GET", users + "?$orderby=displayName&$filter=userType eq 'Member'", "", nil, 400, unsupported},
		{"order that is none", "GET", users + "?$orderby=displayName up", "", nil, 400, "BadRequest"},
		{"search without quotes", "GET", users + "?$search=displayName:a", "", []string{"ConsistencyLevel", "eventual"}, 400, "BadRequest"},
		{"search for what can't be searched", "GET", users + "?$search=\"jobTitle:a\"", "", []string{"ConsistencyLevel", "eventual"}, 400, unsupported},
		{"search where there is none", "GET", "/v1.0/domains?$search=\"id:a\"", "", []string{"ConsistencyLevel", "eventual"}, 400, bad},
		{"order of the log by something else", "GET", "/v1.0/auditLogs/directoryAudits?$orderby=category", "", nil, 400, unsupported},
		{"skip of users", "GET", users + "?$skip=1", "", nil, 400, bad},
		{"count as a path, without the header", "GET", users + "/$count", "", nil, 400, bad},
		{"count of what does not count", "GET", "/v1.0/domains/$count", "", []string{"ConsistencyLevel", "eventual"}, 400, bad},
		{"version that is none", "GET", "/v9/me", "", nil, 400, "BadRequest"},
		{"version that is none, without a token", "GET", "/v1.1/me", "", []string{"Authorization", ""}, 400, "BadRequest"},
		{"ETag of what has none", "PATCH", users + "/{reader}", `{"jobTitle":"x"}`, []string{"If-Match", `W/"1"`}, 412, "PreconditionFailed"},
		{"expand of the unknown", "GET", roles + "?$expand=colour", "", nil, 400, bad},
		{"expand with an unknown property", "GET", roles + "?$expand=roleDefinition($select=colour)", "", nil, 400, bad},
		{"expand with what only an account of one's own shows", "GET", roles + "?$expand=principal($select=perUserMfaState)", "", nil, 400, bad},
		{"expand with an open bracket", "GET", roles + "?$expand=roleDefinition($select=id", "", nil, 400, bad},
		{"expand with another option", "GET", roles + "?$expand=roleDefinition($levels=2)", "", nil, 400, bad},
		{"skip token of another kind", "GET", users + "?$skiptoken=zzz", "", nil, 400, bad},
		{"transitive assignments without ConsistencyLevel", "GET", "/beta/roleManagement/directory/transitiveRoleAssignments?$count=true&$filter=principalId eq '{operator}'", "", nil, 404, "Request_ResourceNotFound"},

		{"create without a body", "POST", users, "", []string{"Content-Type", "application/json"}, 400, "BadRequest"},
		{"create with broken JSON", "POST", users, `{"displayName":`, nil, 400, "BadRequest"},
		{"create with a list", "POST", users, `[]`, nil, 400, "BadRequest"},
		{"create with two objects", "POST", users, simtest.NewUserBody + "{}", nil, 400, "BadRequest"},
		{"create with text", "POST", users, simtest.NewUserBody, []string{"Content-Type", "text/plain"}, 415, "UnsupportedMediaType"},
		{"unknown property", "POST", users, changed(`"usageLocation"`, `"shoeSize"`), nil, 400, bad},
		{"unknown property of a complex type", "POST", users, changed(`"password":`, `"secret":`), nil, 400, bad},
		{"property twice, in two cases", "POST", users, changed(`{"accountEnabled"`, `{"DisplayName":"x","accountEnabled"`), nil, 400, bad},
		{"read-only property in another case", "POST", users, changed(`"usageLocation":"AT"`, `"CREATEDDATETIME":"2026-01-01T00:00:00Z"`), nil, 400, bad},
		{"read-only property", "POST", users, changed(`"usageLocation":"AT"`, `"createdDateTime":"2026-01-01T00:00:00Z"`), nil, 400, bad},
		{"wrong type: string for boolean", "POST", users, changed(`true`, `"true"`), nil, 400, bad},
		{"wrong type: number for string", "POST", users, changed(`"AT"`, `43`), nil, 400, bad},
		{"wrong type: object for string", "POST", users, changed(`"AT"`, `{}`), nil, 400, bad},
		{"foreign @odata.type", "POST", users, changed("#microsoft.graph.user", "#microsoft.graph.group"), nil, 400, bad},
		{"missing display name", "POST", users, changed(`"displayName":"Delegate365 Service",`, ``), nil, 400, bad},
		{"missing password", "POST", users, changed(`,"password":"Correct-Horse-9"`, ``), nil, 400, bad},
		{"password too short", "POST", users, changed("Correct-Horse-9", "Ab1!xyz"), nil, 400, bad},
		{"password of two classes", "POST", users, changed("Correct-Horse-9", "onlylowercase99"), nil, 400, bad},
		{"password beyond ASCII", "POST", users, changed("Correct-Horse-9", "Größe-12345"), nil, 400, bad},
		{"password too long", "POST", users, changed("Correct-Horse-9", "Aa1!"+strings.Repeat("x", 253)), nil, 400, bad},
		{"illegal user principal name", "POST", users, changed("service.delegate365@", "service delegate365@"), nil, 400, bad},
		{"user principal name with a dot before the @", "POST", users, changed("service.delegate365@", "service.@"), nil, 400, bad},
		{"unverified domain", "POST", users, changed("@contoso.onmicrosoft.com", "@contoso.example"), nil, 400, bad},
		{"foreign domain", "POST", users, changed("@contoso.onmicrosoft.com", "@fabrikam.com"), nil, 400, bad},
		{"federated domain", "POST", users, changed("@contoso.onmicrosoft.com", "@corp.contoso.com"), nil, 400, bad},
		{"name taken", "POST", users, changed("service.delegate365@contoso.onmicrosoft.com", "DELEGATE365@contoso.com"), nil, 400, bad},
		{"unknown password policy", "POST", users, changed("DisablePasswordExpiration", "NeverExpire"), nil, 400, bad},
		{"country that is none", "POST", users, changed(`"AT"`, `"Austria"`), nil, 400, bad},
		{"lying gzip", "POST", users, simtest.NewUserBody, []string{"Content-Encoding", "gzip"}, 400, "BadRequest"},
		{"unknown content encoding", "POST", users, simtest.NewUserBody, []string{"Content-Encoding", "br"}, 400, "BadRequest"},

		{"role assignment without a principal", "POST", roles, `{"roleDefinitionId":"` + state.RoleGlobalAdministrator + `","directoryScopeId":"/"}`, nil, 400, bad},
		{"role assignment of an unknown role", "POST", roles, strings.Replace(simtest.AssignBody("{reader}"), state.RoleGlobalAdministrator, "11111111-1111-4111-8111-111111111111", 1), nil, 404, "Request_ResourceNotFound"},
		{"role assignment to nobody", "POST", roles, simtest.AssignBody("11111111-1111-4111-8111-111111111111"), nil, 404, "Request_ResourceNotFound"},
		{"role assignment elsewhere", "POST", roles, strings.Replace(simtest.AssignBody("{reader}"), `"/"`, `"/administrativeUnits/1"`, 1), nil, 400, bad},
		{"role assigned already", "POST", roles, simtest.AssignBody("{operator}"), nil, 400, bad},
		{"role assignment with an id", "POST", roles, strings.Replace(simtest.AssignBody("{reader}"), `{"`, `{"id":"x","`, 1), nil, 400, bad},
		{"time-bound assignment without P2", "POST", "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests", `{"action":"adminAssign","principalId":"{reader}"}`, nil, 400, "AadPremiumLicenseRequired"},
		{"unknown action", "POST", "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests", `{"action":"assign"}`, nil, 400, bad},
		{"schedules without P2", "GET", "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances", "", nil, 400, "AadPremiumLicenseRequired"},

		{"unknown MFA state", "PATCH", "/beta/users/{reader}/authentication/requirements", `{"perUserMfaState":"on"}`, nil, 400, bad},
		{"future MFA state", "PATCH", "/beta/users/{reader}/authentication/requirements", `{"perUserMfaState":"unknownFutureValue"}`, nil, 400, bad},
		{"no MFA state", "PATCH", "/beta/users/{reader}/authentication/requirements", `{}`, nil, 400, bad},
		{"unknown member of the service policy", "PATCH", "/beta/policies/mfaServicePolicy", `{"allowAppPassword":true}`, nil, 400, bad},
		{"wrong type in the service policy", "PATCH", "/beta/policies/mfaServicePolicy", `{"allowAppPasswords":"yes"}`, nil, 400, bad},
		{"security defaults without a value", "PATCH", "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", `{}`, nil, 400, bad},
		{"snooze out of range", "PATCH", "/v1.0/policies/authenticationMethodsPolicy", `{"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"snoozeDurationInDays":15}}}`, nil, 400, bad},
		{"campaign without targets", "PATCH", "/v1.0/policies/authenticationMethodsPolicy", `{"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"includeTargets":[]}}}`, nil, 400, bad},
		{"beta member of the campaign at v1.0", "PATCH", "/v1.0/policies/authenticationMethodsPolicy", `{"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"enforceRegistrationAfterAllowedSnoozes":true}}}`, nil, 400, bad},

		{"policy with an unknown state", "PATCH", policies + "/{policy}", `{"state":"on"}`, nil, 400, bad},
		{"policy with an unknown control", "PATCH", policies + "/{policy}", `{"grantControls":{"operator":"OR","builtInControls":["sms"]}}`, nil, 400, bad},
		{"policy that excludes nobody known", "PATCH", policies + "/{policy}", `{"conditions":{"users":{"includeUsers":["All"],"excludeUsers":["11111111-1111-4111-8111-111111111111"]}}}`, nil, 400, "BadRequest"},
		{"policy that includes nobody", "PATCH", policies + "/{policy}", `{"conditions":{"users":{"includeUsers":[],"includeGroups":[],"includeRoles":[]}}}`, nil, 400, "BadRequest"},
		{"managed policy renamed", "PATCH", policies + "/{managed}", `{"displayName":"Microsoft-managed: Mine"}`, nil, 400, "BadRequest"},
		{"managed policy with other inclusions", "PATCH", policies + "/{managed}", `{"conditions":{"users":{"includeUsers":["All"]}}}`, nil, 400, "BadRequest"},

		{"what-if without an identity", "POST", what, `{"signInContext":{"@odata.type":"#microsoft.graph.applicationContext","includeApplications":["All"]},"signInConditions":{}}`, nil, 400, bad},
		{"what-if with an unknown client", "POST", what, simtest.EvaluateBody("{reader}", `"clientAppType":"telnet"`), nil, 400, bad},
		{"what-if with an unknown condition", "POST", what, simtest.EvaluateBody("{reader}", `"colour":"red"`), nil, 400, bad},
		{"what-if of nobody", "POST", what, simtest.EvaluateBody("11111111-1111-4111-8111-111111111111", ``), nil, 404, "Request_ResourceNotFound"},
		{"what-if about two applications", "POST", what, strings.Replace(simtest.EvaluateBody("{reader}", ``), state.AppGraph, state.AppGraph+`","`+state.AppExchange, 1), nil, 400, bad},

		{"too long a pass", "POST", "/v1.0/users/{reader}/authentication/temporaryAccessPassMethods", `{"lifetimeInMinutes":43201}`, nil, 400, bad},
		{"a pass with a chosen value", "POST", "/v1.0/users/{reader}/authentication/temporaryAccessPassMethods", `{"temporaryAccessPass":"abc"}`, nil, 400, bad},
		{"batch of a batch", "POST", "/v1.0/$batch", `{"requests":[{"id":"1","method":"POST","url":"/$batch"}]}`, nil, 400, "BadRequest"},
		{"batch with an id twice", "POST", "/v1.0/$batch", `{"requests":[{"id":"1","method":"GET","url":"/me"},{"id":"1","method":"GET","url":"/me"}]}`, nil, 400, "BadRequest"},
		{"batch with an absolute url", "POST", "/v1.0/$batch", `{"requests":[{"id":"1","method":"GET","url":"https://graph.microsoft.com/v1.0/me"}]}`, nil, 400, "BadRequest"},
		{"batch body without a type", "POST", "/v1.0/$batch", `{"requests":[{"id":"1","method":"POST","url":"/users","body":{}}]}`, nil, 400, "BadRequest"},
		{"batch without requests", "POST", "/v1.0/$batch", `{}`, nil, 400, "BadRequest"},
		{"batch that depends on what comes later", "POST", "/v1.0/$batch", `{"requests":[{"id":"1","method":"GET","url":"/me","dependsOn":["2"]},{"id":"2","method":"GET","url":"/me"}]}`, nil, 400, "BadRequest"},
		{"batch with a tree of dependencies", "POST", "/v1.0/$batch", `{"requests":[{"id":"1","method":"GET","url":"/me"},{"id":"2","method":"GET","url":"/me","dependsOn":["1"]},{"id":"3","method":"GET","url":"/me"},{"id":"4","method":"GET","url":"/me","dependsOn":["3"]}]}`, nil, 400, "BadRequest"},
		{"batch item that depends on two", "POST", "/v1.0/$batch", `{"requests":[{"id":"1","method":"GET","url":"/me"},{"id":"2","method":"GET","url":"/me"},{"id":"3","method":"GET","url":"/me","dependsOn":["1","2"]}]}`, nil, 400, "BadRequest"},
		{"batch of twenty-one", "POST", "/v1.0/$batch", `{"requests":[` + strings.TrimSuffix(strings.Repeat(`{"id":"x","method":"GET","url":"/me"},`, 21), ",") + `]}`, nil, 400, "BadRequest"},
	}
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
	managed := w.Tenant.PolicyIDs(conditionalaccess.ManagedPrefix)[0]
	fill := strings.NewReplacer(
		"{operator}", w.ID(state.OperatorUPN), "{reader}", w.ID("auditor@contoso.com"), "{policy}", w.Tenant.PolicyIDs("CA05")[0], "{managed}", managed,
	)
	before := w.Tenant.Snapshot()
	for _, test := range tests {
		r := w.Graph(test.method, fill.Replace(test.path), fill.Replace(test.body), test.headers...)
		if r.Status != test.status || r.Code() != test.code {
			t.Errorf("%s: %d %s, want %d %s: %s", test.name, r.Status, r.Code(), test.status, test.code, r.Text)
		}
		if r.Header.Get("request-id") == "" || r.Message() == "" {
			t.Errorf("%s: no request id or message", test.name)
		}
	}
	if after := w.Tenant.Snapshot(); !simtest.SameJSON(t, before, after) {
		t.Error("a refused request changed the tenant")
	}
}

func TestConflictNamesTheProperty(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody)
	r := w.Must(400, "POST", "/v1.0/users", simtest.NewUserBody)
	e := r.Body["error"].(map[string]any)
	details, _ := e["details"].([]any)
	if len(details) != 1 || details[0].(map[string]any)["code"] != "ObjectConflict" || details[0].(map[string]any)["target"] != "userPrincipalName" {
		t.Errorf("details are %v", e["details"])
	}
	inner := e["innerError"].(map[string]any)
	if inner["request-id"] != r.Header.Get("request-id") || inner["date"] == "" {
		t.Errorf("innerError is %v", inner)
	}
}

func TestHeaders(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	r := w.Must(200, "GET", "/v1.0/me", "", "client-request-id", "11111111-2222-4333-8444-555555555555")
	for name, want := range map[string]string{
		"client-request-id": "11111111-2222-4333-8444-555555555555",
		"OData-Version":     "4.0",
		"Content-Type":      "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"request-id", "Date", "x-ms-ags-diagnostic"} {
		if r.Header.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
	if w.Must(200, "GET", "/v1.0/me", "").Header.Get("client-request-id") == "" {
		t.Error("a missing client-request-id is not replaced")
	}
	if r.Body["@odata.context"] != w.Endpoints.Graph+"/v1.0/$metadata#users/$entity" {
		t.Errorf("context is %v", r.Body["@odata.context"])
	}
	if allow := w.Must(405, "PUT", "/v1.0/me", "{}").Header.Get("Allow"); allow != http.MethodGet {
		t.Errorf("Allow is %q", allow)
	}
}

func TestGzippedBody(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(simtest.NewUserBody))
	_ = z.Close()
	w.Must(201, "POST", "/v1.0/users", zipped.String(), "Content-Encoding", "gzip")
	w.Must(400, "POST", "/v1.0/users", zipped.String()[:zipped.Len()/2], "Content-Encoding", "gzip")
}
