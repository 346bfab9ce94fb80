package state

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// DeployManagedLocked adds the policies that Microsoft puts in the place of security defaults, unless they are there.
func (ps *Policies) DeployManagedLocked() {
	everyone := conditionalaccess.Users{IncludeUsers: []string{"All"}}
	admins := conditionalaccess.Users{IncludeRoles: []string{RoleGlobalAdministrator, RolePrivilegedRoleAdministrator, RoleSecurityAdmin, RoleUserAdmin, RoleExchangeAdmin}}
	legacy := ps.NewPolicy(conditionalaccess.ManagedPrefix+"Block legacy authentication", conditionalaccess.Enabled, everyone, Grant("block"))
	legacy.Conditions.ClientAppTypes = []string{"exchangeActiveSync", "other"}
	azure := ps.NewPolicy(conditionalaccess.ManagedPrefix+"Require multifactor authentication for Azure management", conditionalaccess.Enabled, everyone, Grant("mfa"))
	azure.Conditions.Applications.IncludeApplications = []string{"797f4846-ba00-4fd7-ba43-dac1f8f63013"}
	list := slices.Clone(ps.ConditionalAccess.Latest())
	for _, p := range []*conditionalaccess.Policy{
		legacy, azure,
		ps.NewPolicy(conditionalaccess.ManagedPrefix+"Require multifactor authentication for admins", conditionalaccess.Enabled, admins, Grant("mfa")),
		ps.NewPolicy(conditionalaccess.ManagedPrefix+"Require multifactor authentication for all users", conditionalaccess.Enabled, everyone, Grant("mfa")),
	} {
		if !slices.ContainsFunc(list, func(old *conditionalaccess.Policy) bool { return old.DisplayName == p.DisplayName }) {
			p.CreatedDateTime = ps.Instant()
			list = append(list, p)
			ps.log.AuditPolicyLocked(nil, NewActivity("Add conditional access policy", "Conditional Access", "Update"), p.DisplayName, p.ID)
		}
	}
	Replicate(ps.Base, &ps.ConditionalAccess, list)
}

// Grant joins controls by OR; an authentication strength can be added.
func Grant(controls ...string) *conditionalaccess.GrantControls {
	return &conditionalaccess.GrantControls{Operator: "OR", BuiltInControls: append([]string{}, controls...), CustomAuthenticationFactors: []string{}, TermsOfUse: []string{}}
}

// NewPolicy makes a policy for all applications and clients, with empty lists where Graph shows empty lists.
func (ps *Policies) NewPolicy(name, state string, users conditionalaccess.Users, controls *conditionalaccess.GrantControls) *conditionalaccess.Policy {
	p := &conditionalaccess.Policy{ID: ps.NewIDLocked(), DisplayName: name, CreatedDateTime: ps.organization.Created, State: state, GrantControls: controls}
	p.Conditions = conditionalaccess.Conditions{
		ClientAppTypes: []string{"all"}, Users: users,
		Applications: conditionalaccess.Applications{IncludeApplications: []string{"All"}},
	}
	p.Fill()
	return p
}
