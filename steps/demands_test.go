package steps

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

func TestMissingRoles(t *testing.T) {
	role := func(ids ...string) (out []graph.Role) {
		for _, id := range ids {
			out = append(out, graph.Role{TemplateID: id})
		}
		return out
	}
	for name, c := range map[string]struct {
		active []graph.Role
		ca     bool
		want   int
	}{
		"global administrator": {role(graph.GlobalAdministrator), true, 0},
		"none":                 {nil, true, 5},
		"none, unlicensed":     {nil, false, 4},
		"helpdesk":             {role(graph.UserAdministrator), false, 3},
		"all four":             {role(graph.UserAdministrator, graph.PrivilegedRoleAdministrator, graph.AuthenticationPolicyAdministrator, graph.PrivilegedAuthenticationAdministrator), false, 0},
		"and policies":         {role(graph.UserAdministrator, graph.PrivilegedRoleAdministrator, graph.AuthenticationPolicyAdministrator, graph.PrivilegedAuthenticationAdministrator, graph.SecurityAdministrator), true, 0},
	} {
		if got := missingRoles(c.active, c.ca); len(got) != c.want {
			t.Errorf("%s: %v, want %d", name, got, c.want)
		}
	}
}
