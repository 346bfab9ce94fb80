package graphapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

const (
	requests  = "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests"
	instances = "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances"
	rolesOf   = "/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq "
	nobody    = "yuki.tanaka@contoso.com"
)

// pim is a tenant with Privileged Identity Management whose clock is set by hand.
type pim struct {
	*simtest.Wire
	id  string // of the account that gets the role
	now time.Time
}

func newPIM(t *testing.T, profile string) *pim {
	w := simtest.NewWire(t, simtenant.Options{Profile: profile})
	p := &pim{Wire: w, now: time.Now()}
	w.Tenant.SetLag(0)
	w.Tenant.State.Now = func() time.Time { return p.now }
	p.id = w.ID(nobody)
	return p
}

// wait lets time go by, and signs in again where the token has ended.
func (p *pim) wait(d time.Duration) {
	p.now = p.now.Add(d)
	p.As(state.OperatorUPN)
}

func (p *pim) refused(body, code string) {
	p.Helper()
	if r := p.Graph("POST", requests, body); r.Status != 400 || r.Code() != code {
		p.Errorf("want %s: %d %s", code, r.Status, r.Text)
	}
}

// holds says whether the account is Global Administrator by both lists.
func (p *pim) holds() bool {
	p.Helper()
	plain := len(p.Must(200, "GET", rolesOf+"'"+p.id+"'", "").List())
	scheduled := len(p.Must(200, "GET", instances+"?$filter=principalId eq '"+p.id+"'", "").List())
	if plain != scheduled {
		p.Errorf("%d assignments, %d instances", plain, scheduled)
	}
	return plain > 0
}

// Somebody without a role that reads schedules reads when their own roles end, all of them and nobody else's. What they have through a
// group has the group's id.
func TestOwnRoleInstances(t *testing.T) {
	p := newPIM(t, "privileged")
	ends := p.now.Add(12 * time.Minute)
	for _, a := range []state.RoleAssignment{
		{RoleID: state.RoleUserAdmin, Until: ends, Activated: true},
		{RoleID: state.RoleConditionalAccessAdmin, Until: ends},
		{RoleID: state.RoleApplicationAdmin},
	} {
		if err := p.Tenant.Settings.Hold(nobody, a); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Tenant.Settings.HoldThroughGroup(nobody, state.RoleExchangeAdmin); err != nil {
		t.Fatal(err)
	}
	p.As(nobody)
	end := ends.UTC().Truncate(time.Second).Format(time.RFC3339)
	own := instances + "?$filter=principalId eq '" + p.id + "'"
	want := map[any][2]any{
		state.RoleUserAdmin:              {"Activated", end},
		state.RoleConditionalAccessAdmin: {"Assigned", end},
		state.RoleApplicationAdmin:       {"Assigned", nil},
	}
	all := p.Must(200, "GET", own, "").List()
	for _, i := range all {
		if w := want[i["roleDefinitionId"]]; i["principalId"] != p.id || i["memberType"] != "Direct" || i["assignmentType"] != w[0] || i["endDateTime"] != w[1] {
			t.Errorf("%v, want %v", i, w)
		}
	}
	if len(all) != len(want) {
		t.Errorf("%d of %d", len(all), len(want))
	}
	p.Must(403, "GET", instances+"?$filter=principalId eq '"+p.ID(state.OperatorUPN)+"'", "")
	p.Must(403, "GET", instances, "")
	p.now = ends
	p.As(nobody)
	if left := p.Must(200, "GET", own, "").List(); len(left) != 1 {
		t.Errorf("after the end: %v", left)
	}
}

func TestTimeBoundAssignment(t *testing.T) {
	p := newPIM(t, "privileged")
	made := p.Must(201, "POST", requests, simtest.TimeBoundBody(p.id, "PT20M"))
	if made.Body["status"] != state.StatusPendingProvisioning || p.holds() {
		t.Errorf("it is active at once: %s", made.Text)
	}
	p.refused(simtest.TimeBoundBody(p.id, "PT20M"), "PendingRoleAssignmentRequest")
	p.refused(simtest.UnassignBody(p.id), "RoleAssignmentDoesNotExist")
	p.wait(5 * time.Second)
	if r := p.Must(200, "GET", requests+"/"+made.Body["id"].(string), ""); r.Body["status"] != state.StatusProvisioned || !p.holds() {
		t.Errorf("it is not active: %s", r.Text)
	}
	instance := p.Must(200, "GET", instances+"?$filter=principalId eq '"+p.id+"'", "").List()[0]
	if instance["assignmentType"] != "Assigned" || instance["endDateTime"] != p.now.Add(20*time.Minute).UTC().Truncate(time.Second).Format(time.RFC3339) {
		t.Errorf("the end did not move with its beginning: %v", instance)
	}
	p.refused(simtest.TimeBoundBody(p.id, "PT20M"), "RoleAssignmentExists")
	p.refused(simtest.UnassignBody(p.id), "ActiveDurationTooShort")
	p.wait(5 * time.Minute)
	if r := p.Must(201, "POST", requests, simtest.UnassignBody(p.id)); r.Body["status"] != state.StatusRevoked || p.holds() {
		t.Errorf("it is not taken away: %s", r.Text)
	}
	p.Must(201, "POST", requests, simtest.TimeBoundBody(p.id, "PT20M"))
	p.wait(5*time.Second + 20*time.Minute)
	if p.holds() {
		t.Error("it does not end by itself")
	}
}

// The rules for whoever activates the role never touch an assignment; those for an administrator do.
func TestRulesOfAssignment(t *testing.T) {
	p := newPIM(t, "privileged")
	rules := map[string]any{}
	list := p.Must(200, "GET", "/v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '"+
		state.RoleGlobalAdministrator+"'&$expand=policy($expand=rules)", "").List()
	for _, r := range list[0]["policy"].(map[string]any)["rules"].([]any) {
		rules[r.(map[string]any)["id"].(string)] = r
	}
	if len(rules) != 17 || rules["Expiration_Admin_Assignment"].(map[string]any)["maximumDuration"] != "PT20M" {
		t.Errorf("%d rules: %v", len(rules), rules)
	}
	if r := p.Graph("GET", "/v1.0/policies/roleManagementPolicyAssignments", ""); r.Status != 400 {
		t.Errorf("without a filter: %d", r.Status)
	}
	const broken = "RoleAssignmentRequestPolicyValidationFailed"
	p.refused(simtest.TimeBoundBody(p.id, "PT21M"), broken)
	p.refused(simtest.TimeBoundBody(p.id, "PT4M"), "ActiveDurationTooShort")
	p.refused(simtest.TimeBoundBody(p.id, "P1W"), "InvalidRoleAssignmentRequest")
	p.refused(simtest.TimeBoundBody(p.id, "P1Y"), "InvalidRoleAssignmentRequest")
	p.refused(strings.Replace(simtest.TimeBoundBody(p.id, "PT20M"), `"justification":"Onboarding",`, "", 1), broken)
	p.refused(strings.Replace(simtest.TimeBoundBody(p.id, "PT20M"), `"type":"afterDuration","duration":"PT20M"`, `"type":"noExpiration"`, 1), broken)
	p.Tenant.Settings.SetProvisioning(0, "Granted")
	if r := p.Must(201, "POST", requests, simtest.TimeBoundBody(p.id, "PT20M")); r.Body["status"] != "Granted" || p.holds() {
		t.Errorf("what is stuck is active: %s", r.Text)
	}
}

// The last assigned Global Administrator stays one past the end, and nobody takes it away; an activation does not count.
func TestLastAdministratorStays(t *testing.T) {
	p := newPIM(t, "privileged-alone")
	if err := p.Tenant.SetRole("helpdesk@contoso.com", state.RolePrivilegedRoleAdministrator, true); err != nil {
		t.Fatal(err)
	}
	p.Must(201, "POST", requests, simtest.TimeBoundBody(p.id, "PT20M"))
	p.wait(6 * time.Minute)
	p.refused(simtest.UnassignBody(p.id), "InvalidRoleAssignmentRequest")
	p.wait(20 * time.Minute)
	if !p.holds() {
		t.Error("the last Global Administrator's role has ended")
	}
	if err := p.Tenant.SetRole("helpdesk@contoso.com", state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	if p.Must(201, "POST", requests, simtest.UnassignBody(p.id)); p.holds() {
		t.Error("it can't be taken away beside another one")
	}
}

func TestActivationRules(t *testing.T) {
	p := newPIM(t, "privileged")
	if err := p.Tenant.SetEligible(nobody, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	p.As(nobody)
	activate := strings.Replace(simtest.TimeBoundBody(p.id, "PT1H"), "adminAssign", "selfActivate", 1)
	p.refused(activate, "RoleAssignmentRequestAcrsValidationFailed")
	p.Tenant.Settings.SetRolePolicy(func(r *state.RolePolicy) { r.Activate.Context, r.Activate.MFA = "", false })
	p.refused(activate, "RoleAssignmentRequestPolicyValidationFailed") // a ticket
	p.Tenant.Settings.SetRolePolicy(func(r *state.RolePolicy) { r.Activate.Ticket = false })
	p.refused(strings.Replace(activate, "PT1H", "PT2H", 1), "RoleAssignmentRequestPolicyValidationFailed")
	made := p.Must(201, "POST", requests, activate)
	if made.Body["status"] != state.StatusPendingApproval {
		t.Errorf("it needs no approval: %s", made.Text)
	}
	p.As(state.OperatorUPN)
	p.Must(204, "POST", requests+"/"+made.Body["id"].(string)+"/cancel", "")
	p.Must(400, "POST", requests+"/"+made.Body["id"].(string)+"/cancel", "")
	if r := p.Must(200, "GET", requests+"?$filter=principalId eq '"+p.id+"'", "").List(); len(r) != 1 || r[0]["status"] != state.StatusCanceled {
		t.Errorf("it is not cancelled: %v", r)
	}
}
