package simtenant_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestUserLifeCycle(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	r := w.must(201, "POST", "/v1.0/users", newUserBody)
	id, _ := r.body["id"].(string)
	if r.header.Get("Location") != w.ep.Graph+"/v1.0/users/"+id || r.body["userPrincipalName"] != newUserUPN || len(r.body) != 11+1 {
		t.Errorf("created %s", r.text)
	}
	read := w.must(200, "GET", "/v1.0/users/"+newUserUPN+"?$select=id,accountEnabled,passwordPolicies,usageLocation,perUserMfaState,passwordProfile,createdDateTime", "")
	for name, want := range map[string]any{
		"id": id, "accountEnabled": true, "passwordPolicies": "DisablePasswordExpiration", "usageLocation": "AT", "perUserMfaState": "disabled",
		"@odata.context": w.ep.Graph + "/v1.0/$metadata#users(id,accountEnabled,passwordPolicies,usageLocation,perUserMfaState,passwordProfile,createdDateTime)/$entity",
	} {
		if read.body[name] != want {
			t.Errorf("%s is %v, want %v", name, read.body[name], want)
		}
	}
	if strings.Contains(read.text, "Correct-Horse") {
		t.Error("Graph tells a password")
	}
	if at, _ := read.body["createdDateTime"].(string); !strings.HasSuffix(at, "Z") {
		t.Errorf("createdDateTime is %q", at)
	}
	w.must(204, "PATCH", "/v1.0/users/"+id, `{"accountEnabled":false,"jobTitle":"Robot","passwordProfile":{"password":"Another-Horse-9","forceChangePasswordNextSignIn":true}}`)
	if u := w.tenant.Snapshot().Users[newUserUPN]; u.Enabled || !u.MustChange {
		t.Errorf("patched: %+v", u)
	}
	w.must(400, "PATCH", "/v1.0/users/"+id, `{"jobTitle":"Changed","passwordProfile":{"password":"weak"}}`)
	if got := w.must(200, "GET", "/v1.0/users/"+id, "").body["jobTitle"]; got != "Robot" {
		t.Errorf("a refused update changed the title to %v", got)
	}
	w.must(204, "DELETE", "/v1.0/users/"+id, "")
	w.must(404, "GET", "/v1.0/users/"+id, "")
	gone := w.must(200, "GET", "/v1.0/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,deletedDateTime", "").list()
	want := strings.ReplaceAll(id, "-", "") + newUserUPN
	if len(gone) != 2 || gone[1]["userPrincipalName"] != want || gone[1]["deletedDateTime"] == nil {
		t.Errorf("deleted items are %v", gone)
	}
	again := w.must(201, "POST", "/v1.0/users", newUserBody).body["id"].(string)
	if r := w.must(400, "POST", "/v1.0/directory/deletedItems/"+id+"/restore", ""); !strings.Contains(r.text, "ObjectConflict") {
		t.Errorf("restored over another: %s", r.text)
	}
	w.must(204, "DELETE", "/v1.0/users/"+again, "")
	restored := w.must(200, "POST", "/v1.0/directory/deletedItems/"+id+"/restore", "")
	if restored.body["userPrincipalName"] != newUserUPN || restored.body["@odata.type"] != "#microsoft.graph.user" {
		t.Errorf("restored %s", restored.text)
	}
}

func TestRoleAssignmentLags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t, simtenant.Options{Profile: "business"})
		id := w.must(201, "POST", "/v1.0/users", newUserBody).body["id"].(string)
		const path = "/v1.0/roleManagement/directory/roleAssignments"
		mine := path + "?$filter=principalId eq '" + id + "'&$expand=principal"
		w.must(404, "POST", path, assignBody(id))
		time.Sleep(2 * time.Second)
		assigned := w.must(201, "POST", path, assignBody(id))
		if got := len(w.must(200, "GET", mine, "").list()); got != 0 {
			t.Errorf("%d assignments at once", got)
		}
		w.must(404, "GET", path+"/"+assigned.body["id"].(string), "")
		if r := w.must(400, "POST", path, assignBody(id)); !strings.Contains(r.message(), "conflicting object") {
			t.Errorf("a second time: %s", r.text)
		}
		time.Sleep(2 * time.Second)
		list := w.must(200, "GET", mine, "").list()
		if len(list) != 1 || list[0]["directoryScopeId"] != "/" || list[0]["principal"].(map[string]any)["userPrincipalName"] != newUserUPN {
			t.Errorf("after the lag: %v", list)
		}
		w.must(204, "DELETE", path+"/"+assigned.body["id"].(string), "")
		if got := len(w.must(200, "GET", mine, "").list()); got != 1 {
			t.Errorf("%d assignments just after removal", got)
		}
		time.Sleep(2 * time.Second)
		if got := len(w.must(200, "GET", mine, "").list()); got != 0 {
			t.Errorf("%d assignments after the lag", got)
		}
		own := w.must(200, "GET", path+"?$filter=principalId eq '"+w.id(state.OperatorUPN)+"'", "").list()
		w.must(400, "DELETE", path+"/"+own[0]["id"].(string), "")
	})
}

func TestPaging(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	for i := range 120 {
		w.tenant.AddUser("bulk"+strconv.Itoa(i)+"@contoso.com", "Bulk", "x")
	}
	total := len(w.tenant.Snapshot().Users)
	seen := map[string]bool{}
	pages, next := 0, w.ep.Graph+"/v1.0/users?$select=id"
	for next != "" {
		r := w.send("GET", next, "", "Authorization", "Bearer "+w.token)
		if r.status != 200 {
			t.Fatal(r.text)
		}
		for _, u := range r.list() {
			seen[u["id"].(string)] = true
		}
		pages++
		next, _ = r.body["@odata.nextLink"].(string)
	}
	if pages != 2 || len(seen) != total {
		t.Errorf("%d accounts on %d pages, want %d on 2", len(seen), pages, total)
	}
	r := w.must(200, "GET", "/v1.0/users?$top=7&$count=true&$filter=startswith(userPrincipalName,'bulk')", "", "ConsistencyLevel", "eventual")
	link, err := url.Parse(r.body["@odata.nextLink"].(string))
	if err != nil || len(r.list()) != 7 || r.body["@odata.count"] != 120.0 || link.Query().Get("$top") != "7" || link.Query().Get("$filter") == "" {
		t.Errorf("a page of seven: %s", r.text)
	}
}

func TestFilters(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "business"})
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
		if got := len(w.must(200, "GET", strings.ReplaceAll(path, "'田中'", "'"+url.QueryEscape("田中")+"'"), "").list()); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

func TestTransitiveRoleAssignments(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	u := w.tenant.State.Directory.UserByUPNLocked("yuki.tanaka@contoso.com")
	holders := &state.Group{ID: w.tenant.State.NewIDLocked(), DisplayName: "Role holders", Members: []string{u.ID}, RoleAssignable: true}
	w.tenant.State.Directory.Groups = append(w.tenant.State.Directory.Groups, holders)
	w.tenant.State.Directory.Assignments.Settle(append(w.tenant.State.Directory.Assignments.Latest(), state.RoleAssignment{ID: "g-1", PrincipalID: holders.ID, RoleID: state.RoleGlobalReader, Scope: "/"}))
	path := "/beta/roleManagement/directory/transitiveRoleAssignments?$count=true&$filter=principalId eq '" + u.ID + "'"
	if list := w.must(200, "GET", path, "", "ConsistencyLevel", "eventual").list(); len(list) != 1 || list[0]["principalId"] != holders.ID {
		t.Errorf("transitive assignments are %v", list)
	}
	direct := "/v1.0/users/" + u.ID + "/memberOf/microsoft.graph.directoryRole"
	if got := len(w.must(200, "GET", direct, "").list()); got != 0 {
		t.Errorf("%d direct roles", got)
	}
	if got := w.must(200, "GET", strings.Replace(direct, "memberOf", "transitiveMemberOf", 1), "").list(); len(got) != 1 || got[0]["displayName"] != "Global Reader" {
		t.Errorf("transitive roles are %v", got)
	}
}
