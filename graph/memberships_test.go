package graph

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestRolesThroughGroups(t *testing.T) {
	s := simulate(t, "business")
	admins, err := s.AddGroup("Role holders", nobodyMuch)
	if err == nil {
		err = s.SetGroupAssignable(admins, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := s.as(nobodyMuch, "User.Read", "RoleManagement.Read.Directory")
	if roles, err := c.Roles.MyRoles(t.Context()); err != nil || len(roles) != 0 {
		t.Errorf("before: %v, %v", roles, err)
	}
	s.SetLag(0)
	if _, err := s.as(globalAdmin).Roles.AssignRole(t.Context(), admins, UserAdministrator); err != nil {
		t.Fatal(err)
	}
	want := Role{UserAdministrator, "User Administrator"}
	var roles []Role
	if n := s.count(func() { roles, err = c.Roles.MyRoles(t.Context()) }); err != nil || len(roles) != 1 || roles[0] != want || n != 1 {
		t.Errorf("after: %v in %d requests, %v", roles, n, err)
	}
}

func TestEligibleRoles(t *testing.T) {
	s := simulate(t, "business")
	c, id := s.as(nobodyMuch, "User.Read", "RoleManagement.Read.Directory", "RoleEligibilitySchedule.Read.Directory"), s.id(nobodyMuch)
	if _, err := c.Users.Me(t.Context()); err != nil {
		t.Fatal(err) // with a given credential, the operator is known from the first token
	}
	if _, err := c.Roles.EligibleRoles(t.Context(), id); !errors.Is(err, ErrUnlicensed) {
		t.Errorf("without P2: %v", err)
	}
	prepare(t, s)
	if roles, err := c.Roles.EligibleRoles(t.Context(), id); err != nil || len(roles) != 0 {
		t.Errorf("eligible for nothing: %v, %v", roles, err)
	}
	if err := s.SetEligible(nobodyMuch, GlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	want := Role{GlobalAdministrator, "Global Administrator"}
	if roles, err := c.Roles.EligibleRoles(t.Context(), id); err != nil || len(roles) != 1 || roles[0] != want {
		t.Errorf("eligible: %v, %v", roles, err)
	}
	if roles, err := c.Roles.MyRoles(t.Context()); err != nil || len(roles) != 0 {
		t.Errorf("eligible is not active: %v, %v", roles, err)
	}
	if err := s.ActivateRole(nobodyMuch, GlobalAdministrator); err != nil {
		t.Fatal(err)
	}
	if roles, err := c.Roles.MyRoles(t.Context()); err != nil || len(roles) != 1 || roles[0] != want {
		t.Errorf("activated: %v, %v", roles, err)
	}
	for _, x := range s.sent {
		own := strings.Contains(x.Path, "/filterByCurrentUser(on='principal')?")
		if strings.Contains(x.Path, "roleEligibilityScheduleInstances") && !own {
			t.Errorf("the operator's own are asked for by %s", x.Path)
		}
	}
	a := &answers{t: t, list: []func(http.ResponseWriter){ok(`{"value":[{"roleDefinitionId":"r","directoryScopeId":"/administrativeUnits/1","roleDefinition":{"displayName":"Helpdesk"}}]}`)}}
	if roles, err := newTestClient(t, a).Roles.EligibleRoles(t.Context(), "u"); err != nil || len(roles) != 0 {
		t.Errorf("a part of the tenant is not the tenant: %v, %v", roles, err)
	}
}

func TestMemberGroups(t *testing.T) {
	s := simulate(t, "business")
	if err := s.SetGroupAssignable("All departments", true); err != nil {
		t.Fatal(err)
	}
	id := s.id("yuki.tanaka@contoso.com")
	names := func(groups []Group) string {
		var list []string
		for _, g := range groups {
			list = append(list, fmt.Sprintf("%s=%t", g.Name, g.RoleAssignable))
		}
		slices.Sort(list)
		return strings.Join(list, ", ")
	}
	groups, err := s.as(globalReader).Users.MemberGroups(t.Context(), id)
	if got := names(groups); err != nil || got != "All departments=true, Finance=false, Office staff=false" {
		t.Errorf("%s, %v", got, err)
	}
	groups, err = s.as(globalReader, "User.Read.All").Users.MemberGroups(t.Context(), id)
	if err != nil || len(groups) != 3 || groups[0].ID == "" || groups[0].Name != "" {
		t.Errorf("groups that may not be read: %+v, %v", groups, err)
	}
	if _, err := s.as(globalReader).Users.MemberGroups(t.Context(), "no-such-account"); !errors.Is(err, ErrNotFound) {
		t.Errorf("no such account: %v", err)
	}
}

func TestMemberGroupsHavePages(t *testing.T) {
	s := simulate(t, "fresh")
	for i := range 1005 {
		if _, err := s.AddGroup(fmt.Sprint("Group ", i), nobodyMuch); err != nil {
			t.Fatal(err)
		}
	}
	c := s.as(globalReader)
	id := s.id(nobodyMuch)
	n := s.count(func() {
		if groups, err := c.Users.MemberGroups(t.Context(), id); err != nil || len(groups) != 1005 {
			t.Errorf("%d groups, %v", len(groups), err)
		}
	})
	if n != 2 {
		t.Errorf("%d requests", n)
	}
}
