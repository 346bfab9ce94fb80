package simtenant_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func (r reply) names() []string {
	var names []string
	for _, object := range r.list() {
		name, _ := object["displayName"].(string)
		names = append(names, name)
	}
	return names
}

func TestNestedGroups(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	user := w.tenant.AddUser(demandUPN, "Vendor", demandPassword)
	inner, err := w.tenant.AddGroup("Inner", demandUPN)
	if err != nil {
		t.Fatal(err)
	}
	outer, err := w.tenant.AddGroup("Outer")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.tenant.AddToGroup("Outer", inner); err != nil {
		t.Fatal(err)
	}
	if err := w.tenant.SetGroupAssignable(outer, true); err != nil {
		t.Fatal(err)
	}
	w.must(201, "POST", "/v1.0/roleManagement/directory/roleAssignments", assignBody(outer))

	for path, want := range map[string][]string{
		"memberOf":                                         {"Inner"},
		"memberOf/microsoft.graph.group":                   {"Inner"},
		"transitiveMemberOf":                               {"Global Administrator", "Inner", "Outer"},
		"transitiveMemberOf/microsoft.graph.group":         {"Inner", "Outer"},
		"transitiveMemberOf/microsoft.graph.directoryRole": {"Global Administrator"},
	} {
		if got := w.must(200, "GET", "/v1.0/users/"+user+"/"+path, "").names(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if r := w.must(200, "GET", "/v1.0/groups/"+outer+"?$select=id,displayName,isAssignableToRole", ""); r.body["displayName"] != "Outer" || r.body["isAssignableToRole"] != true {
		t.Errorf("the group is %s", r.text)
	}
	w.must(404, "GET", "/v1.0/groups/"+user, "")
	w.must(400, "GET", "/v1.0/groups/"+outer+"?$select=favouriteColour", "")
	w.as(state.OperatorUPN, "User.Read")
	w.must(403, "GET", "/v1.0/groups/"+outer, "")
	if got := w.must(200, "GET", "/v1.0/users/"+user+"/transitiveMemberOf/microsoft.graph.group", "").list(); len(got) != 2 || got[0]["displayName"] != nil {
		t.Errorf("User.Read sees %v", got)
	}
	for name, err := range map[string]error{
		"group": w.tenant.AddToGroup("None", demandUPN), "member": w.tenant.AddToGroup("Inner", "nobody@contoso.com"), "assignable": w.tenant.SetGroupAssignable("None", true),
	} {
		if !errors.Is(err, simtest.ErrNoGroup) && !errors.Is(err, simtest.ErrNoMember) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamedLocations(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "business"})
	w.tenant.Graph.ConditionalAccess.Most = 1 << 30
	id, err := w.tenant.AddLocation("Office", true, "203.0.113.0/24", "2001:db8::/32")
	if err != nil {
		t.Fatal(err)
	}
	const path = "/v1.0/identity/conditionalAccess/namedLocations"
	list := w.must(200, "GET", path, "").list()
	if len(list) != 2 || list[0]["@odata.type"] != "#microsoft.graph.countryNamedLocation" || list[1]["isTrusted"] != true || len(list[1]["ipRanges"].([]any)) != 2 {
		t.Errorf("%v", list)
	}
	if r := w.must(200, "GET", path+"/"+id, ""); r.body["displayName"] != "Office" {
		t.Errorf("%s", r.text)
	}
	w.must(404, "GET", path+"/"+w.id(state.OperatorUPN), "")
	w.as(state.OperatorUPN, "User.Read")
	w.must(403, "GET", path, "")
	if _, err := w.tenant.AddLocation("Nowhere", false, "somewhere"); !errors.Is(err, simtest.ErrNotAPlace) {
		t.Errorf("a place that is none: %v", err)
	}
	fresh := newWire(t, simtenant.Options{})
	if r := fresh.must(403, "GET", path, ""); r.code() != "AccessDenied" {
		t.Errorf("without a licence: %s", r.text)
	}
}

func TestPrivilegedIdentityManagement(t *testing.T) {
	const (
		schedules = "/v1.0/roleManagement/directory/"
		plain     = "yuki.tanaka@contoso.com"
	)
	w := newWire(t, simtenant.Options{})
	me := w.id(plain)
	for _, path := range []string{"roleEligibilityScheduleInstances", "roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances/filterByCurrentUser(on='principal')"} {
		if r := w.must(400, "GET", schedules+path, ""); r.code() != "AadPremiumLicenseRequired" {
			t.Errorf("%s without a licence: %s", path, r.text)
		}
	}
	if err := w.tenant.Settings.BuyPremium("P2"); err != nil {
		t.Fatal(err)
	}
	if err := w.tenant.SetEligible(plain, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	own := schedules + "roleEligibilityScheduleInstances?$filter=principalId eq '" + me + "'&$expand=roleDefinition"
	check := func(path string, want int) {
		t.Helper()
		if got := w.must(200, "GET", path, "").list(); len(got) != want || want > 0 && (got[0]["roleDefinitionId"] != state.RoleGlobalAdministrator || got[0]["principalId"] != me) {
			t.Errorf("%s: %v", path, got)
		}
	}
	check(own, 1)
	w.as(plain)
	check(own, 1)
	check(schedules+"roleEligibilityScheduleInstances/filterByCurrentUser(on='principal')", 1)
	check(schedules+"roleAssignmentScheduleInstances/filterByCurrentUser(on='principal')", 0)
	w.must(403, "GET", schedules+"roleEligibilityScheduleInstances", "")
	w.must(400, "GET", schedules+"roleEligibilityScheduleInstances/filterByCurrentUser(on='approver')", "")
	w.must(403, "POST", "/v1.0/users", newUserBody)

	body := `{"action":"selfActivate","principalId":"` + me + `","roleDefinitionId":"` + state.RoleGlobalAdministrator + `","directoryScopeId":"/","justification":"Onboarding",` +
		`"scheduleInfo":{"startDateTime":"2026-11-22T10:00:00Z","expiration":{"type":"afterDuration","duration":"PT8H"}}}`
	if r := w.must(201, "POST", schedules+"roleAssignmentScheduleRequests", body); r.body["status"] != "Provisioned" {
		t.Errorf("%s", r.text)
	}
	w.must(403, "POST", "/v1.0/users", newUserBody) // the token is older than the activation
	w.as(plain)
	if r := w.must(400, "POST", schedules+"roleAssignmentScheduleRequests", body); r.code() != "RoleAssignmentExists" {
		t.Errorf("a second time: %s", r.text)
	}
	instances := w.must(200, "GET", schedules+"roleAssignmentScheduleInstances/filterByCurrentUser(on='principal')", "").list()
	if len(instances) != 1 || instances[0]["assignmentType"] != "Activated" || instances[0]["endDateTime"] == nil {
		t.Errorf("%v", instances)
	}
	w.must(201, "POST", "/v1.0/users", newUserBody)

	now := w.tenant.State.Now
	w.tenant.State.Now = func() time.Time { return now().Add(8 * time.Hour) }
	w.as(plain)
	w.must(403, "DELETE", "/v1.0/users/"+w.id(newUserUPN), "")
	for name, err := range map[string]error{
		"activation": w.tenant.ActivateRole(plain, state.RoleGlobalReader), "nobody": w.tenant.ActivateRole("nobody@contoso.com", state.RoleGlobalReader),
		"eligibility": w.tenant.SetEligible("nobody@contoso.com", state.RoleGlobalReader, true), "plan": w.tenant.Settings.BuyPremium("P9"),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
