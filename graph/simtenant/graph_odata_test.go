package simtenant_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Clients write the names of properties in their own case, and get Graph's back.
func TestNamesInAnyCase(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "business"})
	w.tenant.SetLag(0)
	w.tenant.Graph.ConditionalAccess.Most = 1 << 30
	body := strings.NewReplacer("mailNickname", "mailNickName", "displayName", "DISPLAYNAME", "forceChangePasswordNextSignIn", "ForceChangePasswordNextSignIn").Replace(newUserBody)
	made := w.must(201, "POST", "/v1.0/users", body)
	if made.body["displayName"] != "Delegate365 Service" || made.body["DISPLAYNAME"] != nil {
		t.Errorf("answered %s", made.text)
	}
	id, _ := made.body["id"].(string)
	w.must(204, "PATCH", "/v1.0/users/"+id, `{"surName":"Service","JOBTITLE":"Machine"}`)
	read := w.must(200, "GET", "/v1.0/users?$filter=MAILNICKNAME eq 'service.delegate365'&$select=Id,MailNickName,surName,JobTitle", "")
	if list := read.list(); len(list) != 1 || list[0]["id"] != id || list[0]["mailNickname"] != "service.delegate365" || list[0]["surname"] != "Service" || list[0]["jobTitle"] != "Machine" {
		t.Errorf("read %s", read.text)
	}
	if context := read.body["@odata.context"]; !strings.HasSuffix(context.(string), "#users(id,mailNickname,surname,jobTitle)") {
		t.Errorf("context is %v", context)
	}
	w.must(204, "PATCH", "/beta/users/"+id+"/authentication/requirements", `{"PerUserMfaState":"enforced"}`)
	if r := w.must(200, "GET", "/beta/users/"+id+"/authentication/requirements", ""); r.body["perUserMfaState"] != state.MFAEnforced {
		t.Errorf("read %s", r.text)
	}
	first := w.must(200, "GET", "/v1.0/auditLogs/directoryAudits?$filter=ActivityDisplayName eq 'Add user' and initiatedby/USER/id eq '"+w.id(state.OperatorUPN)+"'&$orderby=ACTIVITYDATETIME desc", "").list()
	if len(first) != 1 {
		t.Errorf("found %v", first)
	}
	policy := w.must(200, "GET", "/v1.0/identity/conditionalAccess/policies?$select=ID,State&$filter=State eq 'enabled'&$top=1", "").list()
	if len(policy) != 1 || policy[0]["id"] == nil || policy[0]["state"] != "enabled" {
		t.Errorf("read %v", policy)
	}
	for _, name := range []string{"mailNickNames", "I d", "ıd"} { // the last has Turkish letters, which are none of these
		w.must(400, "GET", "/v1.0/users?$select="+url.QueryEscape(name), "")
	}
}

func TestKeysInBrackets(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "business"})
	for path, want := range map[string]string{
		"/v1.0/users('auditor@contoso.com')":             "auditor@contoso.com",
		"/v1.0/Users('o''brien@contoso.com')":            "o'brien@contoso.com",
		"/v1.0/users('" + w.id(state.OperatorUPN) + "')": state.OperatorUPN,
	} {
		if r := w.must(200, "GET", path, ""); r.body["userPrincipalName"] != want {
			t.Errorf("%s: %s", path, r.text)
		}
	}
	r := w.must(200, "GET", "/beta/users('auditor@contoso.com')/authentication/requirements", "")
	if r.body["perUserMfaState"] == nil {
		t.Errorf("read %s", r.text)
	}
	w.must(404, "GET", "/v1.0/users('nobody@contoso.com')", "")
	w.must(400, "GET", "/v1.0/users('auditor@contoso.com)", "")
}

func TestSecondPathOfPolicies(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "business"})
	w.tenant.Graph.ConditionalAccess.Most = 1 << 30
	first, second := w.must(200, "GET", "/v1.0/identity/conditionalAccess/policies", ""), w.must(200, "GET", "/v1.0/policies/conditionalAccessPolicies", "")
	if len(first.list()) == 0 || !sameJSON(t, first.list(), second.list()) {
		t.Errorf("one path has %s, the other %s", first.text, second.text)
	}
	id, _ := first.list()[0]["id"].(string)
	if r := w.must(200, "GET", "/v1.0/policies/conditionalAccessPolicies/"+id, ""); r.body["displayName"] != first.list()[0]["displayName"] {
		t.Errorf("read %s", r.text)
	}
	w.as(state.OperatorUPN, "User.Read")
	if r := w.must(403, "GET", "/v1.0/policies/conditionalAccessPolicies", ""); r.code() != "AccessDenied" || !strings.Contains(r.message(), "required scopes are missing") {
		t.Errorf("refused with %s", r.text)
	}
}

func TestExpandedSelection(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "eligible-only"})
	if err := w.tenant.SetRole(state.OperatorUPN, state.RoleGlobalReader, true); err != nil {
		t.Fatal(err)
	}
	w.tenant.SetLag(0)
	for _, path := range []string{"roleAssignments", "roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances"} {
		r := w.must(200, "GET", "/v1.0/roleManagement/directory/"+path+"?$expand=roleDefinition($select=displayName),principal($select=UserPrincipalName;)", "")
		if len(r.list()) == 0 {
			t.Errorf("%s: %s", path, r.text)
		}
		for _, a := range r.list() {
			role, _ := a["roleDefinition"].(map[string]any)
			who, _ := a["principal"].(map[string]any)
			if len(role) != 1 || role["displayName"] == nil || len(who) != 2 || who["@odata.type"] == nil {
				t.Errorf("%s: %v", path, a)
			}
		}
	}
}

// Directory objects are searched, counted and put in order as Microsoft documents it.
func TestSearchCountOrder(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "business"})
	eventual := []string{"ConsistencyLevel", "eventual"}
	names := func(query string) string {
		w.Helper()
		var out []string
		for _, u := range w.must(200, "GET", "/v1.0/users?$select=displayName&"+query, "", eventual...).list() {
			out = append(out, u["displayName"].(string))
		}
		return strings.Join(out, ", ")
	}
	for search, want := range map[string]string{
		`"displayName:Ada"`:                              "Ada Admin",
		`"DisplayName:adm ad"`:                           "Ada Admin",
		`"displayName:dmin"`:                             "",
		`"displayName:Ada" AND "mail:nobody"`:            "",
		`"displayName:Break" OR "displayName:Ada Admin"`: "Ada Admin, Break Glass",
	} {
		if got := names("$orderby=displayName&$count=true&$search=" + url.QueryEscape(search)); got != want {
			t.Errorf("%s: %s", search, got)
		}
	}
	up, down := names("$orderby=displayName"), names("$orderby=DisplayName desc")
	if !strings.HasPrefix(up, "Ada Admin, Agnès") || !strings.HasSuffix(down, ", Ada Admin") || len(up) != len(down) {
		t.Errorf("%s\n%s", up, down)
	}
	if got := names("$orderby=displayName desc&$filter=startswith(displayName,'A')&$count=true"); !strings.HasSuffix(got, "Agnès Béranger, Ada Admin") {
		t.Errorf("beside a filter: %s", got)
	}
	all := w.must(200, "GET", "/v1.0/users?$top=1&$count=true", "", eventual...).body["@odata.count"]
	r := w.must(200, "GET", "/v1.0/users/$count", "", eventual...)
	if r.header.Get("Content-Type") != "text/plain" || r.body != nil || float64(len(strings.Split(up, ", "))) != all || r.text != fmt.Sprint(all) {
		t.Errorf("counted %q of %v, listed %s", r.text, all, up)
	}
	for path, want := range map[string]string{
		"/users/$count?$filter=userType ne 'Member'":    "1",
		"/users/$count?$search=\"displayName:ada\"":     "1",
		"/users/$count?$filter=displayName eq 'nobody'": "0",
	} {
		if r := w.must(200, "GET", "/v1.0"+path, "", eventual...); r.text != want {
			t.Errorf("%s: %s", path, r.text)
		}
	}
}

// What Graph has and this tenant has not says so, and what neither has does not.
func TestNotSimulated(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "business"})
	for _, call := range []string{
		"GET /v1.0/groups", "GET /v1.0/directoryRoles", "GET /v1.0/applications", "GET /v1.0/users/{id}/licenseDetails", "POST /v1.0/users/{id}/getMemberGroups",
		"GET /v1.0/policies/adminConsentRequestPolicy", "GET /v1.0/tenantRelationships/findTenantInformationByTenantId(tenantId='x')", "GET /v1.0/$metadata",
		"GET /v1.0/organization/{id}", "POST /v1.0/identity/conditionalAccess/policies", "GET /beta/users('{id}')/manager/$ref",
	} {
		method, path, _ := strings.Cut(strings.ReplaceAll(call, "{id}", w.id(state.OperatorUPN)), " ")
		body := ""
		if method == "POST" {
			body = "{}"
		}
		if r := w.must(501, method, path, body); r.code() != "NotImplemented" || !strings.HasPrefix(r.message(), "The simulated tenant does not have '") {
			t.Errorf("%s: %s", call, r.text)
		}
	}
	for _, path := range []string{"/v1.0/usrs", "/v1.0/users/{id}/licenceDetails", "/v1.0/policies/conditionalAccess"} {
		if r := w.must(400, "GET", strings.ReplaceAll(path, "{id}", w.id(state.OperatorUPN)), ""); !strings.HasPrefix(r.message(), "Resource not found for the segment") {
			t.Errorf("%s: %s", path, r.text)
		}
	}
}

func TestInvalidVersion(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	for _, address := range []string{w.ep.Graph + "/v9/me", "https://graph.microsoft.com/me", "https://graph.microsoft.com/"} {
		r := w.send("GET", address, "", "Authorization", "Bearer "+w.token)
		if r.status != 400 || r.code() != "BadRequest" || r.message() != "Invalid version." || r.header.Get("request-id") == "" {
			t.Errorf("%s: %d %s", address, r.status, r.text)
		}
	}
}
