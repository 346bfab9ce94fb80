package steps

import (
	"slices"
	"testing"

	"delegate365-onboard/graph"
)

// What stands between an account and a sign-in with its password alone.
func TestDemandsOn(t *testing.T) {
	account := graph.User{ID: "svc", UserPrincipalName: "svc@contoso.com"}
	mfa := &graph.Grant{Controls: []string{"mfa"}}
	all := graph.PolicyApplications{Include: []string{"All"}}
	policy := func(change func(*graph.Policy)) graph.Policy {
		p := graph.Policy{ID: "p", Name: "CA01", State: graph.StateEnabled, Applications: all, Grant: mfa, Users: graph.PolicyUsers{IncludeUsers: []string{"All"}}}
		change(&p)
		return p
	}
	facts := func(change func(*mfaFacts), policies ...graph.Policy) mfaFacts {
		f := mfaFacts{user: account, administrator: true, state: graph.MFADisabled, policies: policies}
		change(&f)
		return f
	}
	same := func(*mfaFacts) {}
	for name, c := range map[string]struct {
		facts mfaFacts
		want  []lift
	}{
		"nothing":                 {facts(same), nil},
		"per-user enabled":        {facts(func(f *mfaFacts) { f.state = graph.MFAEnabled }), []lift{byState}},
		"per-user enforced":       {facts(func(f *mfaFacts) { f.state = graph.MFAEnforced }), []lift{byState}},
		"security defaults":       {facts(func(f *mfaFacts) { f.defaults = true }), []lift{never}},
		"all users":               {facts(same, policy(func(*graph.Policy) {})), []lift{byExclusion}},
		"disabled":                {facts(same, policy(func(p *graph.Policy) { p.State = graph.StateDisabled })), nil},
		"report only":             {facts(same, policy(func(p *graph.Policy) { p.State = graph.StateReportOnly })), nil},
		"excluded":                {facts(same, policy(func(p *graph.Policy) { p.Users.ExcludeUsers = []string{"svc"} })), nil},
		"role, and it has it":     {facts(same, policy(func(p *graph.Policy) { p.Users = graph.PolicyUsers{IncludeRoles: []string{graph.GlobalAdministrator}} })), []lift{byExclusion}},
		"role, and it has it not": {facts(func(f *mfaFacts) { f.administrator = false }, policy(func(p *graph.Policy) { p.Users = graph.PolicyUsers{IncludeRoles: []string{graph.GlobalAdministrator}} })), nil},
		"role excluded":           {facts(same, policy(func(p *graph.Policy) { p.Users.ExcludeRoles = []string{graph.GlobalAdministrator} })), nil},
		"somebody else":           {facts(same, policy(func(p *graph.Policy) { p.Users = graph.PolicyUsers{IncludeUsers: []string{"other"}} })), nil},
		"a place decides":         {facts(same, policy(func(p *graph.Policy) { p.Locations.Include = []string{"AllTrusted"} })), nil},
		"a place decides, and what-if says yes": {facts(func(f *mfaFacts) {
			f.whatIf = []graph.WhatIf{{PolicyID: "p", Applies: true}}
		}, policy(func(p *graph.Policy) { p.Locations.Include = []string{"All"} })), []lift{byExclusion}},
		"what-if lags behind the role": {facts(func(f *mfaFacts) {
			f.whatIf = []graph.WhatIf{{PolicyID: "p", Applies: false}}
		}, policy(func(p *graph.Policy) { p.Users = graph.PolicyUsers{IncludeRoles: []string{graph.GlobalAdministrator}} })), []lift{byExclusion}},
		"strength":            {facts(same, policy(func(p *graph.Policy) { p.Grant = &graph.Grant{StrengthID: "s"} })), []lift{byExclusion}},
		"block":               {facts(same, policy(func(p *graph.Policy) { p.Grant = &graph.Grant{Controls: []string{"block"}} })), []lift{never}},
		"compliant device":    {facts(same, policy(func(p *graph.Policy) { p.Grant = &graph.Grant{Controls: []string{"compliantDevice"}} })), []lift{never}},
		"session only":        {facts(same, policy(func(p *graph.Policy) { p.Grant = nil })), nil},
		"legacy clients only": {facts(same, policy(func(p *graph.Policy) { p.ClientAppTypes = []string{"exchangeActiveSync", "other"} })), nil},
		"one application":     {facts(same, policy(func(p *graph.Policy) { p.Applications = graph.PolicyApplications{Include: []string{"x"}} })), nil},
		"policies refused, what-if covers": {facts(func(f *mfaFacts) {
			f.policiesErr = graph.ErrForbidden
			f.whatIf = []graph.WhatIf{{PolicyID: "p", Name: "CA01", State: graph.StateEnabled, Applies: true, Grant: mfa}, {PolicyID: "q", State: graph.StateReportOnly, Applies: true, Grant: mfa}}
		}), []lift{byExclusion}},
		"what-if refused, the text covers": {facts(func(f *mfaFacts) { f.whatIfErr = graph.ErrForbidden }, policy(func(*graph.Policy) {})), []lift{byExclusion}},
		"not licensed":                     {facts(func(f *mfaFacts) { f.policiesErr = graph.ErrUnlicensed }), nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []lift
			for _, d := range demandsOn(c.facts) {
				got = append(got, d.lift)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

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
