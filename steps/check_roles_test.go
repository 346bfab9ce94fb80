package steps

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

func TestMissingRoles(t *testing.T) {
	t.Parallel()
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

func TestUnreadableByRole(t *testing.T) {
	t.Parallel()
	premium := analysis.Read([]graph.SKU{{Enabled: true, Plans: []string{graph.PlanP2}}}, nil)
	basic := analysis.Read([]graph.SKU{{Enabled: true}}, nil)
	for name, c := range map[string]struct {
		role string
		skus analysis.Reading[[]graph.SKU]
		want int
	}{
		"global administrator":              {graph.GlobalAdministrator, premium, 0},
		"user administrator":                {graph.UserAdministrator, premium, 2},
		"user administrator, no licence":    {graph.UserAdministrator, basic, 1},
		"Conditional Access Administrator":  {graph.ConditionalAccessAdministrator, premium, 1},
		"Reports Reader, and not a licence": {reportsReader, basic, 0},
	} {
		if got := (&posture{skus: c.skus}).unreadable([]graph.Role{{TemplateID: c.role}}); len(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The licence is a service plan in force; policies without one are those of a licence that lapsed.
func TestLicence(t *testing.T) {
	t.Parallel()
	plan := func(enabled bool, plans ...string) analysis.Reading[[]graph.SKU] {
		return analysis.Read([]graph.SKU{{Enabled: enabled, Plans: plans}}, nil)
	}
	some, none := analysis.Read(make([]graph.Policy, 1), nil), analysis.Read[[]graph.Policy](nil, nil)
	for name, c := range map[string]struct {
		p    posture
		want licence
	}{
		"P1":                      {posture{skus: plan(true, graph.PlanP1), policies: some}, licensed},
		"P2 alone":                {posture{skus: plan(true, graph.PlanP2), policies: some}, licensed},
		"P1, no policies":         {posture{skus: plan(true, graph.PlanP1), policies: none}, licensed},
		"suspended":               {posture{skus: plan(false, graph.PlanP1), policies: some}, lapsed},
		"none":                    {posture{skus: plan(true), policies: none}, unlicensed},
		"none, and 403":           {posture{skus: plan(true), policies: analysis.Read[[]graph.Policy](nil, graph.ErrForbidden)}, unlicensed},
		"licences not read":       {posture{skus: analysis.Read[[]graph.SKU](nil, graph.ErrForbidden), policies: some}, licensed},
		"licences not read, told": {posture{skus: analysis.Read[[]graph.SKU](nil, graph.ErrForbidden), policies: analysis.Read[[]graph.Policy](nil, graph.ErrUnlicensed)}, unlicensed},
	} {
		if got := c.p.conditionalAccess(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
