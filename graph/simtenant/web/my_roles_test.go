package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// eligible gives the tenant Privileged Identity Management, and the operator a role to activate.
func eligible(r *simtest.Rehearsal, role string) {
	r.Helper()
	if err := r.Tenant.Settings.BuyPremium("P2"); err != nil {
		r.Fatal(err)
	}
	if err := r.Tenant.SetEligible(state.OperatorUPN, role, true); err != nil {
		r.Fatal(err)
	}
}

// myRoles opens a page about the operator's roles in the operator's window, whatever is asked on the way.
func myRoles(r *simtest.Rehearsal, path string) *person.Screen {
	r.Helper()
	s, err := r.Person.Operator.Open(r.Context(), r.Tenant.Endpoints().Portal+path)
	if err != nil {
		r.Fatal(err)
	}
	if s, _, err = r.Person.SignInThrough(r.Context(), s, r.Person.OperatorCredentials()); err != nil {
		r.Fatal(err)
	}
	return s
}

const activatePath = "/my-roles/activate?role="

// A role is active for as long as was asked for, and Graph answers as if it had been asked itself.
func TestRoleIsActivated(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "eligible-only"})
	r, _ := inspected(t, simtenant.Options{Profile: "eligible-only"})
	w.Tenant.SetLag(0)
	r.Tenant.SetLag(0)
	global := activatePath + state.RoleGlobalAdministrator
	if s := myRoles(r, "/my-roles"); !strings.Contains(person.Text(s.Root), "Global Administrator Directory Direct Permanent Activate") || !strings.Contains(person.Text(s.Root), "There are none.") {
		t.Errorf("before: %s", person.Text(s.Root))
	}
	for fill, says := range map[[2]string]string{
		{"8", ""}: "Type a reason", {"9", "Onboarding"}: "Type a duration from 0.5 to 8 hours", {"0.4", "Onboarding"}: "Type a duration from 0.5 to 8 hours",
		{"long", "Onboarding"}: "Type a duration from 0.5 to 8 hours",
	} {
		if s := r.Submit(myRoles(r, global), "", map[string]string{"hours": fill[0], "reason": fill[1]}); s.Problem != says {
			t.Errorf("%q: %q", fill, s.Problem)
		}
	}
	s := r.Submit(myRoles(r, global), "", map[string]string{"hours": "1,5", "reason": "Onboarding"})
	if !strings.HasPrefix(s.Notice, "The role is active until ") || !strings.Contains(person.Text(s.Root), "Activated") || !strings.Contains(person.Text(s.Root), "Permanent Active ") {
		t.Errorf("afterwards: %s", person.Text(s.Root))
	}
	if s := myRoles(r, global); s.Name != "message" {
		t.Errorf("an active role: %q", s.Title)
	}

	page, wire := pimOf(t, r.Tenant, state.OperatorUPN), func() []string {
		w.As(state.OperatorUPN)
		w.Must(201, "POST", "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests", strings.NewReplacer("adminAssign", "selfActivate").Replace(simtest.TimeBoundBody(w.ID(state.OperatorUPN), "PT90M")))
		return pimOf(t, w.Tenant, state.OperatorUPN)
	}()
	if strings.Join(page, "\n") != strings.Join(wire, "\n") {
		t.Errorf("by the page %q, by Graph %q", page, wire)
	}
}

// pimOf is what Privileged Identity Management and the audit log know of an account's activation.
func pimOf(t *testing.T, tenant *simtest.Tenant, upn string) (known []string) {
	t.Helper()
	tenant.State.Lock()
	defer tenant.State.Unlock()
	d := tenant.State.Directory
	id := d.UserByUPNLocked(upn).ID
	for _, a := range d.Assignments.Latest() {
		if a.PrincipalID == id {
			known = append(known, a.RoleID, a.Scope, a.Until.Sub(a.Created).String(), map[bool]string{true: "activated"}[a.Activated])
		}
	}
	for _, r := range d.Schedules.Requests {
		known = append(known, r.Action, r.RoleID, r.Justification, r.By.UPN, d.Schedules.StatusLocked(r), map[bool]string{true: "carried out"}[r.AssignmentID != ""])
	}
	return known
}

// Where the rules ask for more, the page does: another second factor for an authentication context, a ticket, an approval.
func TestActivationKeepsTheRules(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{Profile: "privileged"})
	if err := r.Tenant.SetRole(state.OperatorUPN, state.RoleGlobalAdministrator, false); err != nil {
		t.Fatal(err)
	}
	if err := r.Tenant.SetEligible(state.OperatorUPN, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	myRoles(r, "/my-roles")
	s, err := r.Person.Operator.Open(t.Context(), r.Tenant.Endpoints().Portal+activatePath+state.RoleGlobalAdministrator)
	if err != nil || s.Name != "approve" {
		t.Fatalf("the authentication context: %q, %v", s.Name, err)
	}
	s = r.Submit(s, "approve", nil)
	s = r.Submit(s, "", map[string]string{"reason": "Onboarding"})
	if s.Problem != "Type the number of a ticket" {
		t.Errorf("without a ticket: %q", s.Problem)
	}
	s = r.Submit(s, "", map[string]string{"ticket": "4711"})
	if s.Notice != "Your request is pending approval." || !strings.Contains(person.Text(s.Root), "Pending approval") {
		t.Errorf("with one: %s", person.Text(s.Root))
	}
	if strings.Contains(person.Text(s.Root), "Activated") {
		t.Error("it is active before anybody approved it")
	}
	r.Refused("activate-role", nil, "no role to activate")
}

// A tenant without Privileged Identity Management has no such page, and nobody activates what they are not eligible for.
func TestMyRolesOfNobody(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	if s := myRoles(r, "/my-roles"); !strings.Contains(s.Problem, "Microsoft Entra ID P2") {
		t.Errorf("without P2: %q", s.Problem)
	}
	r, _ = inspected(t, simtenant.Options{Profile: "eligible-only"})
	if s := myRoles(r, activatePath+url.QueryEscape(state.RoleUserAdmin)); s.Name != "message" {
		t.Errorf("a role that is not theirs: %q", s.Title)
	}
	if s := myRoles(r, "/my-roles/activate"); s.Name != "my-roles" {
		t.Errorf("no role: %q", s.Title)
	}
	s := myRoles(r, activatePath+state.RoleGlobalAdministrator)
	if err := r.Tenant.SetEligible(state.OperatorUPN, state.RoleGlobalAdministrator, false); err != nil {
		t.Fatal(err)
	}
	if s = r.Submit(s, "", map[string]string{"reason": "Onboarding"}); s.Name != "message" {
		t.Errorf("no longer theirs: %q", s.Title)
	}
}

// The person activates what there is, waits until readers see it, and says what the page said.
func TestPersonActivatesRoles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{Profile: "eligible-only"})
		said, err := r.Person.Play(t.Context(), "activate-role", nil)
		if err != nil || !strings.HasPrefix(said, person.SaysActivated+"\nThe role is active until ") {
			t.Errorf("%q, %v", said, err)
		}
		r.Tenant.State.Lock()
		u := r.Tenant.State.Directory.UserByUPNLocked(state.OperatorUPN)
		if roles := r.Tenant.State.Directory.SeenRolesLocked(u); len(roles) != 1 {
			t.Errorf("the operator is seen to have %v", roles)
		}
		r.Tenant.State.Unlock()
		r.Refused("activate-role", nil, "no role to activate")
	})
}

func walkMyRoles(t *testing.T, a *auditor, chrome context.Context) {
	b := browse(simtest.Rehearse(t, simtenant.Options{Profile: "eligible-only"}), chrome)
	b.open("/my-roles")
	b.signIn(state.OperatorUPN, state.OperatorPassword)
	b.press("Approve")
	b.press("No")
	a.audit(b, "eligible")
	b.press("Activate")
	a.audit(b, "plain")
	b.fill("hours", "9", "reason", "Onboarding")
	b.press("Activate")
	a.audit(b, "too long")
	b.fill("hours", "8")
	b.press("Activate")
	a.audit(b, "activated")
	b.open(activatePath + state.RoleGlobalAdministrator)
	a.audit(b, "active already")

	hard := simtest.Rehearse(t, simtenant.Options{Profile: "privileged"})
	if err := hard.Tenant.SetRole(state.OperatorUPN, state.RoleGlobalAdministrator, false); err != nil {
		t.Fatal(err)
	}
	if err := hard.Tenant.SetEligible(state.OperatorUPN, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	b = browse(hard, chrome)
	b.open("/my-roles")
	b.signIn(state.OperatorUPN, state.OperatorPassword)
	b.press("Approve")
	b.press("No")
	b.press("Activate")
	b.press("Approve")
	a.audit(b, "with a ticket and an approval")
	b.fill("ticket", "4711", "reason", "Onboarding")
	b.press("Activate")
	a.audit(b, "pending")
}
