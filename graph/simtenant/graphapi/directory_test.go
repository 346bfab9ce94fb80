package graphapi_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestUserLifeCycle(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	r := w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody)
	id, _ := r.Body["id"].(string)
	if r.Header.Get("Location") != w.Endpoints.Graph+"/v1.0/users/"+id || r.Body["userPrincipalName"] != simtest.NewUserUPN || len(r.Body) != 11+1 {
		t.Errorf("created %s", r.Text)
	}
	read := w.Must(200, "GET", "/v1.0/users/"+simtest.NewUserUPN+"?$select=id,accountEnabled,passwordPolicies,usageLocation,perUserMfaState,passwordProfile,createdDateTime", "")
	for name, want := range map[string]any{
		"id": id, "accountEnabled": true, "passwordPolicies": "DisablePasswordExpiration", "usageLocation": "AT", "perUserMfaState": "disabled",
		"@odata.context": w.Endpoints.Graph + "/v1.0/$metadata#users(id,accountEnabled,passwordPolicies,usageLocation,perUserMfaState,passwordProfile,createdDateTime)/$entity",
	} {
		if read.Body[name] != want {
			t.Errorf("%s is %v, want %v", name, read.Body[name], want)
		}
	}
	if strings.Contains(read.Text, "Correct-Horse") {
		t.Error("Graph tells a password")
	}
	if at, _ := read.Body["createdDateTime"].(string); !strings.HasSuffix(at, "Z") {
		t.Errorf("createdDateTime is %q", at)
	}
	w.Must(204, "PATCH", "/v1.0/users/"+id, `{"accountEnabled":false,"jobTitle":"Robot","passwordProfile":{"password":"Another-Horse-9","forceChangePasswordNextSignIn":true}}`)
	if u := w.Tenant.Snapshot().Users[simtest.NewUserUPN]; u.Enabled || !u.MustChange {
		t.Errorf("patched: %+v", u)
	}
	w.Must(400, "PATCH", "/v1.0/users/"+id, `{"jobTitle":"Changed","passwordProfile":{"password":"weak"}}`)
	if got := w.Must(200, "GET", "/v1.0/users/"+id, "").Body["jobTitle"]; got != "Robot" {
		t.Errorf("a refused update changed the title to %v", got)
	}
	w.Must(204, "DELETE", "/v1.0/users/"+id, "")
	w.Must(404, "GET", "/v1.0/users/"+id, "")
	gone := w.Must(200, "GET", "/v1.0/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,deletedDateTime", "").List()
	want := strings.ReplaceAll(id, "-", "") + simtest.NewUserUPN
	if len(gone) != 2 || gone[1]["userPrincipalName"] != want || gone[1]["deletedDateTime"] == nil {
		t.Errorf("deleted items are %v", gone)
	}
	again := w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody).Body["id"].(string)
	if r := w.Must(400, "POST", "/v1.0/directory/deletedItems/"+id+"/restore", ""); !strings.Contains(r.Text, "ObjectConflict") {
		t.Errorf("restored over another: %s", r.Text)
	}
	w.Must(204, "DELETE", "/v1.0/users/"+again, "")
	restored := w.Must(200, "POST", "/v1.0/directory/deletedItems/"+id+"/restore", "")
	if restored.Body["userPrincipalName"] != simtest.NewUserUPN || restored.Body["@odata.type"] != "#microsoft.graph.user" {
		t.Errorf("restored %s", restored.Text)
	}
}

func TestRoleAssignmentLags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
		id := w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody).Body["id"].(string)
		const path = "/v1.0/roleManagement/directory/roleAssignments"
		mine := path + "?$filter=principalId eq '" + id + "'&$expand=principal"
		w.Must(404, "POST", path, simtest.AssignBody(id))
		time.Sleep(2 * time.Second)
		assigned := w.Must(201, "POST", path, simtest.AssignBody(id))
		if got := len(w.Must(200, "GET", mine, "").List()); got != 0 {
			t.Errorf("%d assignments at once", got)
		}
		w.Must(404, "GET", path+"/"+assigned.Body["id"].(string), "")
		if r := w.Must(400, "POST", path, simtest.AssignBody(id)); !strings.Contains(r.Message(), "conflicting object") {
			t.Errorf("a second time: %s", r.Text)
		}
		time.Sleep(2 * time.Second)
		list := w.Must(200, "GET", mine, "").List()
		if len(list) != 1 || list[0]["directoryScopeId"] != "/" || list[0]["principal"].(map[string]any)["userPrincipalName"] != simtest.NewUserUPN {
			t.Errorf("after the lag: %v", list)
		}
		w.Must(204, "DELETE", path+"/"+assigned.Body["id"].(string), "")
		if got := len(w.Must(200, "GET", mine, "").List()); got != 1 {
			t.Errorf("%d assignments just after removal", got)
		}
		time.Sleep(2 * time.Second)
		if got := len(w.Must(200, "GET", mine, "").List()); got != 0 {
			t.Errorf("%d assignments after the lag", got)
		}
		own := w.Must(200, "GET", path+"?$filter=principalId eq '"+w.ID(state.OperatorUPN)+"'", "").List()
		w.Must(400, "DELETE", path+"/"+own[0]["id"].(string), "")
	})
}

func TestPaging(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	for i := range 120 {
		w.Tenant.AddUser("bulk"+strconv.Itoa(i)+"@contoso.com", "Bulk", "x")
	}
	total := len(w.Tenant.Snapshot().Users)
	seen := map[string]bool{}
	pages, next := 0, w.Endpoints.Graph+"/v1.0/users?$select=id"
	for next != "" {
		r := w.Send("GET", next, "", "Authorization", "Bearer "+w.Token)
		if r.Status != 200 {
			t.Fatal(r.Text)
		}
		for _, u := range r.List() {
			seen[u["id"].(string)] = true
		}
		pages++
		next, _ = r.Body["@odata.nextLink"].(string)
	}
	if pages != 2 || len(seen) != total {
		t.Errorf("%d accounts on %d pages, want %d on 2", len(seen), pages, total)
	}
	r := w.Must(200, "GET", "/v1.0/users?$top=7&$count=true&$filter=startswith(userPrincipalName,'bulk')", "", "ConsistencyLevel", "eventual")
	link, err := url.Parse(r.Body["@odata.nextLink"].(string))
	if err != nil || len(r.List()) != 7 || r.Body["@odata.count"] != 120.0 || link.Query().Get("$top") != "7" || link.Query().Get("$filter") == "" {
		t.Errorf("a page of seven: %s", r.Text)
	}
}

func TestFilters(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	for path, want := range map[string]int{
		"/v1.0/users?$filter=userPrincipalName eq 'ADMIN@contoso.onmicrosoft.com'":                                           1,
		"/v1.0/users?$filter=userPrincipalName eq 'o''brien@contoso.com'":                                                    1,
		"/v1.0/users?$filter=accountEnabled eq false":                                                                        0,
		"/v1.0/users?$filter=startswith(displayName,'田中')":                                                                   1,
		"/v1.0/servicePrincipals?$filter=startswith(displayName,'Microsoft')":                                                1,
		"/v1.0/servicePrincipals?$filter=appId eq '" + state.AppGraph + "'":                                                  1,
		"/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq '" + state.RoleGlobalAdministrator + "'": 2,
		"/v1.0/security/secureScores?$top=1":                                                                                 1,
		"/v1.0/security/secureScoreControlProfiles?$filter=service eq 'MDO'":                                                 1,
		"/v1.0/policies/authenticationStrengthPolicies":                                                                      3,
		"/v1.0/roleManagement/directory/roleDefinitions?$filter=displayName eq 'Global Administrator'":                       1,
		"/v1.0/directory/deletedItems/microsoft.graph.user":                                                                  1,
		"/v1.0/domains": 4,
		"/v1.0/users/yuki.tanaka@contoso.com/memberOf":           2,
		"/v1.0/users/yuki.tanaka@contoso.com/transitiveMemberOf": 3,
		"/v1.0/subscribedSkus":                                   1,
	} {
		if got := len(w.Must(200, "GET", strings.ReplaceAll(path, "'田中'", "'"+url.QueryEscape("田中")+"'"), "").List()); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

func TestTransitiveRoleAssignments(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	u := w.Tenant.State.Directory.UserByUPNLocked("yuki.tanaka@contoso.com")
	holders := &state.Group{ID: w.Tenant.State.NewIDLocked(), DisplayName: "Role holders", Members: []string{u.ID}, RoleAssignable: true}
	w.Tenant.State.Directory.Groups = append(w.Tenant.State.Directory.Groups, holders)
	w.Tenant.State.Directory.Assignments.Settle(append(w.Tenant.State.Directory.Assignments.Latest(), state.RoleAssignment{ID: "g-1", PrincipalID: holders.ID, RoleID: state.RoleGlobalReader, Scope: "/"}))
	path := "/beta/roleManagement/directory/transitiveRoleAssignments?$count=true&$filter=principalId eq '" + u.ID + "'"
	if list := w.Must(200, "GET", path, "", "ConsistencyLevel", "eventual").List(); len(list) != 1 || list[0]["principalId"] != holders.ID {
		t.Errorf("transitive assignments are %v", list)
	}
	direct := "/v1.0/users/" + u.ID + "/memberOf/microsoft.graph.directoryRole"
	if got := len(w.Must(200, "GET", direct, "").List()); got != 0 {
		t.Errorf("%d direct roles", got)
	}
	if got := w.Must(200, "GET", strings.Replace(direct, "memberOf", "transitiveMemberOf", 1), "").List(); len(got) != 1 || got[0]["displayName"] != "Global Reader" {
		t.Errorf("transitive roles are %v", got)
	}
}
