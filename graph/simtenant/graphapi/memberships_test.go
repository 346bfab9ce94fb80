package graphapi_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestNestedGroups(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	user := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	inner, err := w.Tenant.AddGroup("Inner", simtest.VendorUPN)
	if err != nil {
		t.Fatal(err)
	}
	outer, err := w.Tenant.AddGroup("Outer")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Tenant.AddToGroup("Outer", inner); err != nil {
		t.Fatal(err)
	}
	if err := w.Tenant.SetGroupAssignable(outer, true); err != nil {
		t.Fatal(err)
	}
	w.Must(201, "POST", "/v1.0/roleManagement/directory/roleAssignments", simtest.AssignBody(outer))

	for path, want := range map[string][]string{
		"memberOf":                                         {"Inner"},
		"memberOf/microsoft.graph.group":                   {"Inner"},
		"transitiveMemberOf":                               {"Global Administrator", "Inner", "Outer"},
		"transitiveMemberOf/microsoft.graph.group":         {"Inner", "Outer"},
		"transitiveMemberOf/microsoft.graph.directoryRole": {"Global Administrator"},
	} {
		if got := w.Must(200, "GET", "/v1.0/users/"+user+"/"+path, "").Names(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if r := w.Must(200, "GET", "/v1.0/groups/"+outer+"?$select=id,displayName,isAssignableToRole", ""); r.Body["displayName"] != "Outer" || r.Body["isAssignableToRole"] != true {
		t.Errorf("the group is %s", r.Text)
	}
	w.Must(404, "GET", "/v1.0/groups/"+user, "")
	w.Must(400, "GET", "/v1.0/groups/"+outer+"?$select=favouriteColour", "")
	w.As(state.OperatorUPN, "User.Read")
	w.Must(403, "GET", "/v1.0/groups/"+outer, "")
	if got := w.Must(200, "GET", "/v1.0/users/"+user+"/transitiveMemberOf/microsoft.graph.group", "").List(); len(got) != 2 || got[0]["displayName"] != nil {
		t.Errorf("User.Read sees %v", got)
	}
	for name, err := range map[string]error{
		"group": w.Tenant.AddToGroup("None", simtest.VendorUPN), "member": w.Tenant.AddToGroup("Inner", "nobody@contoso.com"), "assignable": w.Tenant.SetGroupAssignable("None", true),
	} {
		if !errors.Is(err, simtest.ErrNoGroup) && !errors.Is(err, simtest.ErrNoMember) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamedLocations(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.Graph.ConditionalAccess.Most = 1 << 30
	id, err := w.Tenant.AddLocation("Office", true, "203.0.113.0/24", "2001:db8::/32")
	if err != nil {
		t.Fatal(err)
	}
	const path = "/v1.0/identity/conditionalAccess/namedLocations"
	list := w.Must(200, "GET", path, "").List()
	if len(list) != 2 || list[0]["@odata.type"] != "#microsoft.graph.countryNamedLocation" || list[1]["isTrusted"] != true || len(list[1]["ipRanges"].([]any)) != 2 {
		t.Errorf("%v", list)
	}
	if r := w.Must(200, "GET", path+"/"+id, ""); r.Body["displayName"] != "Office" {
		t.Errorf("%s", r.Text)
	}
	w.Must(404, "GET", path+"/"+w.ID(state.OperatorUPN), "")
	w.As(state.OperatorUPN, "User.Read")
	w.Must(403, "GET", path, "")
	if _, err := w.Tenant.AddLocation("Nowhere", false, "somewhere"); !errors.Is(err, simtest.ErrNotAPlace) {
		t.Errorf("a place that is none: %v", err)
	}
	fresh := simtest.NewWire(t, simtenant.Options{})
	if r := fresh.Must(403, "GET", path, ""); r.Code() != "AccessDenied" {
		t.Errorf("without a licence: %s", r.Text)
	}
}

func TestPrivilegedIdentityManagement(t *testing.T) {
	const (
		schedules = "/v1.0/roleManagement/directory/"
		plain     = "yuki.tanaka@contoso.com"
	)
	w := simtest.NewWire(t, simtenant.Options{})
	me := w.ID(plain)
	for _, path := range []string{"roleEligibilityScheduleInstances", "roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances/filterByCurrentUser(on='principal')"} {
		if r := w.Must(400, "GET", schedules+path, ""); r.Code() != "AadPremiumLicenseRequired" {
			t.Errorf("%s without a licence: %s", path, r.Text)
		}
	}
	if err := w.Tenant.Settings.BuyPremium("P2"); err != nil {
		t.Fatal(err)
	}
	if err := w.Tenant.SetEligible(plain, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	own := schedules + "roleEligibilityScheduleInstances?$filter=principalId eq '" + me + "'&$expand=roleDefinition"
	check := func(path string, want int) {
		t.Helper()
		if got := w.Must(200, "GET", path, "").List(); len(got) != want || want > 0 && (got[0]["roleDefinitionId"] != state.RoleGlobalAdministrator || got[0]["principalId"] != me) {
			t.Errorf("%s: %v", path, got)
		}
	}
	check(own, 1)
	w.As(plain)
	check(own, 1)
	check(schedules+"roleEligibilityScheduleInstances/filterByCurrentUser(on='principal')", 1)
	check(schedules+"roleAssignmentScheduleInstances/filterByCurrentUser(on='principal')", 0)
	w.Must(403, "GET", schedules+"roleEligibilityScheduleInstances", "")
	w.Must(400, "GET", schedules+"roleEligibilityScheduleInstances/filterByCurrentUser(on='approver')", "")
	w.Must(403, "POST", "/v1.0/users", simtest.NewUserBody)

	body := `{"action":"selfActivate","principalId":"` + me + `","roleDefinitionId":"` + state.RoleGlobalAdministrator + `","directoryScopeId":"/","justification":"Onboarding",` +
		`"scheduleInfo":{"startDateTime":"2026-11-22T10:00:00Z","expiration":{"type":"afterDuration","duration":"PT8H"}}}`
	if r := w.Must(201, "POST", schedules+"roleAssignmentScheduleRequests", body); r.Body["status"] != "Provisioned" {
		t.Errorf("%s", r.Text)
	}
	w.Must(403, "POST", "/v1.0/users", simtest.NewUserBody) // the token is older than the activation
	w.As(plain)
	if r := w.Must(400, "POST", schedules+"roleAssignmentScheduleRequests", body); r.Code() != "RoleAssignmentExists" {
		t.Errorf("a second time: %s", r.Text)
	}
	instances := w.Must(200, "GET", schedules+"roleAssignmentScheduleInstances/filterByCurrentUser(on='principal')", "").List()
	if len(instances) != 1 || instances[0]["assignmentType"] != "Activated" || instances[0]["endDateTime"] == nil {
		t.Errorf("%v", instances)
	}
	w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody)

	now := w.Tenant.State.Now
	w.Tenant.State.Now = func() time.Time { return now().Add(8 * time.Hour) }
	w.As(plain)
	w.Must(403, "DELETE", "/v1.0/users/"+w.ID(simtest.NewUserUPN), "")
	for name, err := range map[string]error{
		"activation": w.Tenant.ActivateRole(plain, state.RoleGlobalReader), "nobody": w.Tenant.ActivateRole("nobody@contoso.com", state.RoleGlobalReader),
		"eligibility": w.Tenant.SetEligible("nobody@contoso.com", state.RoleGlobalReader, true), "plan": w.Tenant.Settings.BuyPremium("P9"),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
