package graphapi_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Clients write the names of properties in their own case, and get Graph's back.
func TestNamesInAnyCase(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
	body := strings.NewReplacer("mailNickname", "mailNickName", "displayName", "DISPLAYNAME", "forceChangePasswordNextSignIn", "ForceChangePasswordNextSignIn").Replace(simtest.NewUserBody)
	made := w.Must(201, "POST", "/v1.0/users", body)
	if made.Body["displayName"] != "Delegate365 Service" || made.Body["DISPLAYNAME"] != nil {
		t.Errorf("answered %s", made.Text)
	}
	id, _ := made.Body["id"].(string)
	w.Must(204, "PATCH", "/v1.0/users/"+id, `{"surName":"Service","JOBTITLE":"Machine"}`)
	read := w.Must(200, "GET", "/v1.0/users?$filter=MAILNICKNAME eq 'service.delegate365'&$select=Id,MailNickName,surName,JobTitle", "")
	if list := read.List(); len(list) != 1 || list[0]["id"] != id || list[0]["mailNickname"] != "service.delegate365" || list[0]["surname"] != "Service" || list[0]["jobTitle"] != "Machine" {
		t.Errorf("read %s", read.Text)
	}
	if context := read.Body["@odata.context"]; !strings.HasSuffix(context.(string), "#users(id,mailNickname,surname,jobTitle)") {
		t.Errorf("context is %v", context)
	}
	w.Must(204, "PATCH", "/beta/users/"+id+"/authentication/requirements", `{"PerUserMfaState":"enforced"}`)
	if r := w.Must(200, "GET", "/beta/users/"+id+"/authentication/requirements", ""); r.Body["perUserMfaState"] != state.MFAEnforced {
		t.Errorf("read %s", r.Text)
	}
	first := w.Must(200, "GET", "/v1.0/auditLogs/directoryAudits?$filter=ActivityDisplayName eq 'Add user' and initiatedby/USER/id eq '"+w.ID(state.OperatorUPN)+"'&$orderby=ACTIVITYDATETIME desc", "").List()
	if len(first) != 1 {
		t.Errorf("found %v", first)
	}
	policy := w.Must(200, "GET", "/v1.0/identity/conditionalAccess/policies?$select=ID,State&$filter=State eq 'enabled'&$top=1", "").List()
	if len(policy) != 1 || policy[0]["id"] == nil || policy[0]["state"] != "enabled" {
		t.Errorf("read %v", policy)
	}
	for _, name := range []string{"mailNickNames", "I d", "ıd"} { // the last has Turkish letters, which are none of these
		w.Must(400, "GET", "/v1.0/users?$select="+url.QueryEscape(name), "")
	}
}

func TestKeysInBrackets(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	for path, want := range map[string]string{
		"/v1.0/users('auditor@contoso.com')":             "auditor@contoso.com",
		"/v1.0/Users('o''brien@contoso.com')":            "o'brien@contoso.com",
		"/v1.0/users('" + w.ID(state.OperatorUPN) + "')": state.OperatorUPN,
	} {
		if r := w.Must(200, "GET", path, ""); r.Body["userPrincipalName"] != want {
			t.Errorf("%s: %s", path, r.Text)
		}
	}
	r := w.Must(200, "GET", "/beta/users('auditor@contoso.com')/authentication/requirements", "")
	if r.Body["perUserMfaState"] == nil {
		t.Errorf("read %s", r.Text)
	}
	w.Must(404, "GET", "/v1.0/users('nobody@contoso.com')", "")
	w.Must(400, "GET", "/v1.0/users('auditor@contoso.com)", "")
}

func TestSecondPathOfPolicies(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
	first, second := w.Must(200, "GET", "/v1.0/identity/conditionalAccess/policies", ""), w.Must(200, "GET", "/v1.0/policies/conditionalAccessPolicies", "")
	if len(first.List()) == 0 || !simtest.SameJSON(t, first.List(), second.List()) {
		t.Errorf("one path has %s, the other %s", first.Text, second.Text)
	}
	id, _ := first.List()[0]["id"].(string)
	if r := w.Must(200, "GET", "/v1.0/policies/conditionalAccessPolicies/"+id, ""); r.Body["displayName"] != first.List()[0]["displayName"] {
		t.Errorf("read %s", r.Text)
	}
	w.As(state.OperatorUPN, "User.Read")
	if r := w.Must(403, "GET", "/v1.0/policies/conditionalAccessPolicies", ""); r.Code() != "AccessDenied" || !strings.Contains(r.Message(), "required scopes are missing") {
		t.Errorf("refused with %s", r.Text)
	}
}

func TestExpandedSelection(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "eligible-only"})
	if err := w.Tenant.SetRole(state.OperatorUPN, state.RoleGlobalReader, true); err != nil {
		t.Fatal(err)
	}
	w.Tenant.SetLag(0)
	for _, path := range []string{"roleAssignments", "roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances"} {
		r := w.Must(200, "GET", "/v1.0/roleManagement/directory/"+path+"?$expand=roleDefinition($select=displayName),principal($select=UserPrincipalName;)", "")
		if len(r.List()) == 0 {
			t.Errorf("%s: %s", path, r.Text)
		}
		for _, a := range r.List() {
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
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	eventual := []string{"ConsistencyLevel", "eventual"}
	names := func(query string) string {
		w.Helper()
		var out []string
		for _, u := range w.Must(200, "GET", "/v1.0/users?$select=displayName&"+query, "", eventual...).List() {
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
	all := w.Must(200, "GET", "/v1.0/users?$top=1&$count=true", "", eventual...).Body["@odata.count"]
	r := w.Must(200, "GET", "/v1.0/users/$count", "", eventual...)
	if r.Header.Get("Content-Type") != "text/plain" || r.Body != nil || float64(len(strings.Split(up, ", "))) != all || r.Text != fmt.Sprint(all) {
		t.Errorf("counted %q of %v, listed %s", r.Text, all, up)
	}
	for path, want := range map[string]string{
		"/users/$count?$filter=userType ne 'Member'":    "1",
		"/users/$count?$search=\"displayName:ada\"":     "1",
		"/users/$count?$filter=displayName eq 'nobody'": "0",
	} {
		if r := w.Must(200, "GET", "/v1.0"+path, "", eventual...); r.Text != want {
			t.Errorf("%s: %s", path, r.Text)
		}
	}
}

// What Graph has and this tenant has not says so, and what neither has does not.
func TestNotSimulated(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	for _, call := range []string{
		"GET /v1.0/groups", "GET /v1.0/directoryRoles", "GET /v1.0/applications/{id}", "GET /v1.0/users/{id}/licenseDetails", "POST /v1.0/users/{id}/getMemberGroups",
		"GET /v1.0/policies/adminConsentRequestPolicy", "GET /v1.0/tenantRelationships/findTenantInformationByTenantId(tenantId='x')", "GET /v1.0/$metadata",
		"GET /v1.0/organization/{id}", "POST /v1.0/identity/conditionalAccess/policies", "GET /beta/users('{id}')/manager/$ref",
	} {
		method, path, _ := strings.Cut(strings.ReplaceAll(call, "{id}", w.ID(state.OperatorUPN)), " ")
		body := ""
		if method == "POST" {
			body = "{}"
		}
		if r := w.Must(501, method, path, body); r.Code() != "NotImplemented" || !strings.HasPrefix(r.Message(), "The simulated tenant does not have '") {
			t.Errorf("%s: %s", call, r.Text)
		}
	}
	for _, path := range []string{"/v1.0/usrs", "/v1.0/users/{id}/licenceDetails", "/v1.0/policies/conditionalAccess"} {
		if r := w.Must(400, "GET", strings.ReplaceAll(path, "{id}", w.ID(state.OperatorUPN)), ""); !strings.HasPrefix(r.Message(), "Resource not found for the segment") {
			t.Errorf("%s: %s", path, r.Text)
		}
	}
}

func TestInvalidVersion(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	for _, address := range []string{w.Endpoints.Graph + "/v9/me", "https://graph.microsoft.com/me", "https://graph.microsoft.com/"} {
		r := w.Send("GET", address, "", "Authorization", "Bearer "+w.Token)
		if r.Status != 400 || r.Code() != "BadRequest" || r.Message() != "Invalid version." || r.Header.Get("request-id") == "" {
			t.Errorf("%s: %d %s", address, r.Status, r.Text)
		}
	}
}
