package analysis

import "github.com/delegate365-onboard/delegate365-onboard/graph"

const ruleUsersBeta = learn + "graph/api/resources/conditionalaccessusers?view=graph-rest-beta"

var usersRows = []row{
	{name: "all users", rule: ruleUsers + ": all users includes every user of the directory", facts: on(admin, ca()), want: "CA: sure MFA everywhere"},
	{name: "all users, an ordinary account", rule: ruleUsers + ": all users includes those without a role", facts: on(member, ca()), want: "CA: sure MFA everywhere"},
	{name: "all users, an account not created yet", rule: ruleUsers + ": all users includes those created later", facts: on(nobody, ca()), want: "CA: sure MFA everywhere"},
	{name: "none", rule: ruleUsers + ": none selects nobody", facts: on(admin, ca(users(graph.PolicyUsers{IncludeUsers: []string{"None"}})))},
	{name: "nobody at all", rule: ruleUsers + ": a policy without included users is about nobody", facts: on(admin, ca(users(graph.PolicyUsers{})))},
	{name: "this account", rule: ruleUsers + ": users can be selected one by one", facts: on(admin, ca(users(graph.PolicyUsers{IncludeUsers: []string{me}}))), want: "CA: sure MFA everywhere"},
	{name: "this account in the other case", rule: ruleUsers + ": users are selected by object id, which has no case", facts: on(admin, ca(users(graph.PolicyUsers{IncludeUsers: []string{"5E1B0001-0000-4000-8000-000000000001"}}))), want: "CA: sure MFA everywhere"},
	{name: "somebody else", rule: ruleUsers + ": a policy is about the selected users only", facts: on(admin, ca(users(graph.PolicyUsers{IncludeUsers: []string{somebody}})))},
	{name: "the empty id of an account not created yet", rule: ruleUsers + ": a policy is about selected objects, not about absent ones", facts: on(nobody, ca(users(graph.PolicyUsers{IncludeUsers: []string{somebody}})))},

	{name: "its role", rule: ruleUsers + ": directory roles can be selected", facts: on(admin, ca(users(graph.PolicyUsers{IncludeRoles: []string{graph.GlobalAdministrator}}))), want: "CA: sure MFA everywhere"},
	{name: "a role it has not", rule: ruleUsers + ": a role selects who holds it", facts: on(admin, ca(users(graph.PolicyUsers{IncludeRoles: []string{graph.SecurityAdministrator}})))},
	{name: "a role before it is assigned", rule: ruleUsers + ": a role selects who holds it, not who will", facts: on(member, ca(users(graph.PolicyUsers{IncludeRoles: []string{graph.GlobalAdministrator}})))},
	{
		name: "a role once it is assigned", rule: ruleUsers + ": a role selects who holds it",
		facts: on(member, ca(users(graph.PolicyUsers{IncludeRoles: []string{graph.GlobalAdministrator}}))).WithRole(graph.GlobalAdministrator), want: "CA: sure MFA everywhere",
	},
	{name: "a role, and roles not known", rule: ruleUsers + ": roles are held through role-assignable groups too", facts: on(unknown, ca(users(graph.PolicyUsers{IncludeRoles: []string{graph.SecurityAdministrator}}))), want: "CA: may MFA"},
	{name: "one of several roles", rule: ruleUsers + ": several roles can be selected, and one is enough", facts: on(admin, ca(users(graph.PolicyUsers{IncludeRoles: []string{graph.GlobalReader, graph.GlobalAdministrator}}))), want: "CA: sure MFA everywhere"},

	{name: "all roles", rule: ruleUsersBeta + ": All selects every role", facts: on(admin, ca(users(graph.PolicyUsers{IncludeRoles: []string{"All"}}))), want: "CA: sure MFA everywhere"},
	{name: "all roles, and none held", rule: ruleUsersBeta + ": All selects whoever holds one", facts: on(member, ca(users(graph.PolicyUsers{IncludeRoles: []string{"All"}})))},
	{name: "all groups", rule: ruleUsersBeta + ": All selects every group", facts: on(admin, ca(users(graph.PolicyUsers{IncludeGroups: []string{"All"}}))), want: "CA: sure MFA everywhere"},
	{name: "all roles excluded", rule: ruleUsersBeta + ": exclusion overrides inclusion", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeRoles: []string{"All"}})))},
	{name: "a keyword of next year", rule: ruleUsers + ": who is selected decides", facts: on(admin, ca(users(graph.PolicyUsers{IncludeUsers: []string{"AllOfNextYear"}}))), want: "CA: may MFA"},
	{name: "a keyword of next year excluded", rule: ruleUsers + ": exclusion overrides inclusion", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeUsers: []string{"AllOfNextYear"}}))), want: "CA: may MFA"},
	{name: "its group", rule: ruleUsers + ": a group selects its members, nested ones included", facts: on(admin, ca(users(graph.PolicyUsers{IncludeGroups: []string{ourGroup}}))), want: "CA: sure MFA everywhere"},
	{name: "another group", rule: ruleUsers + ": a group selects its members only", facts: on(admin, ca(users(graph.PolicyUsers{IncludeGroups: []string{theirs}})))},
	{name: "a group, and groups not known", rule: ruleUsers + ": a group of any type may have the account, a dynamic one too", facts: on(unknown, ca(users(graph.PolicyUsers{IncludeGroups: []string{theirs}}))), want: "CA: may MFA"},
	{name: "a group before the account is created", rule: ruleUsers + ": a dynamic group may take the new account in", facts: on(nobody, ca(users(graph.PolicyUsers{IncludeGroups: []string{theirs}}))), want: "CA: may MFA"},
	{name: "a group or the account itself", rule: ruleUsers + ": inclusions add up", facts: on(unknown, ca(users(graph.PolicyUsers{IncludeUsers: []string{me}, IncludeGroups: []string{theirs}}))), want: "CA: sure MFA everywhere"},

	{name: "excluded", rule: ruleUsers + ": exclusion overrides inclusion", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeUsers: []string{me}})))},
	{name: "excluded among others", rule: ruleUsers + ": exclusion overrides inclusion, for each one excluded", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeUsers: []string{somebody, me}})))},
	{name: "somebody else excluded", rule: ruleUsers + ": exclusion concerns the excluded only", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeUsers: []string{somebody}}))), want: "CA: sure MFA everywhere"},
	{name: "named and excluded", rule: ruleUsers + ": who is both included and excluded is excluded", facts: on(admin, ca(users(graph.PolicyUsers{IncludeUsers: []string{me}, ExcludeUsers: []string{me}})))},
	{name: "its group excluded", rule: ruleUsers + ": an excluded group excludes its members", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeGroups: []string{ourGroup}})))},
	{name: "another group excluded", rule: ruleUsers + ": an excluded group excludes nobody else", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeGroups: []string{theirs}}))), want: "CA: sure MFA everywhere"},
	{name: "a group excluded, and groups not known", rule: ruleUsers + ": an excluded group excludes whoever is in it", facts: on(unknown, ca(without(graph.PolicyUsers{ExcludeGroups: []string{theirs}}))), want: "CA: may MFA"},
	{name: "its role excluded", rule: ruleUsers + ": an excluded role excludes who holds it", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeRoles: []string{graph.GlobalAdministrator}})))},
	{name: "another role excluded", rule: ruleUsers + ": an excluded role excludes nobody else", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeRoles: []string{graph.GlobalReader}}))), want: "CA: sure MFA everywhere"},
	{name: "a role excluded, and roles not known", rule: ruleUsers + ": an excluded role excludes whoever holds it", facts: on(unknown, ca(without(graph.PolicyUsers{ExcludeRoles: []string{graph.GlobalReader}}))), want: "CA: may MFA"},
	{name: "group in, role out", rule: ruleUsers + ": exclusion overrides inclusion, whatever either is made of", facts: on(admin, ca(users(graph.PolicyUsers{IncludeGroups: []string{ourGroup}, ExcludeRoles: []string{graph.GlobalAdministrator}})))},
	{name: "role in, group out", rule: ruleUsers + ": a group out of a role's policy is the usual emergency exit", facts: on(admin, ca(users(graph.PolicyUsers{IncludeRoles: []string{graph.GlobalAdministrator}, ExcludeGroups: []string{ourGroup}})))},
	{name: "Microsoft-managed, excluded", rule: ruleManaged + ": a managed policy takes exclusions", facts: on(admin, ca(named("Microsoft-managed: MFA for admins"), without(graph.PolicyUsers{ExcludeUsers: []string{me}})))},
	{name: "Microsoft-managed, its role", rule: ruleManaged + ": a managed policy demands MFA of fourteen roles", facts: on(admin, ca(named("Microsoft-managed"), users(graph.PolicyUsers{IncludeRoles: []string{graph.GlobalAdministrator}}))), want: "Microsoft-managed: sure MFA everywhere"},
	{name: "two policies", rule: ruleGrant + ": every policy that applies has to be satisfied", facts: on(admin, ca(), ca(named("CA02"), granting("OR", "block"))), want: "CA: sure MFA everywhere; CA02: sure block"},
	{name: "two policies, excluded from one", rule: ruleUsers + ": an exclusion is that policy's alone", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeUsers: []string{me}})), ca(named("CA02"))), want: "CA02: sure MFA everywhere"},
}

const (
	anyGuests    = `{"guestOrExternalUserTypes":"internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider","externalTenants":{"membershipKind":"all"}}`
	invitedOfOne = `{"guestOrExternalUserTypes":"b2bCollaborationGuest","externalTenants":{"membershipKind":"enumerated","members":["t"]}}`
	insideOfOne  = `{"guestOrExternalUserTypes":"internalGuest","externalTenants":{"membershipKind":"enumerated","members":["t"]}}`
)

var guestsRows = []row{
	{name: "guests, and a member", rule: ruleUsers + ": guests or external users are no members of the tenant", facts: on(admin, ca(users(graph.PolicyUsers{IncludeGuests: anyGuests})))},
	{name: "guests, and an invited one", rule: ruleUsers + ": a B2B collaboration guest is one of the kinds", facts: on(invited, ca(users(graph.PolicyUsers{IncludeGuests: anyGuests}))), want: "CA: sure MFA everywhere"},
	{name: "guests, and an internal one", rule: ruleUsers + ": a local guest user is one of the kinds", facts: on(inside, ca(users(graph.PolicyUsers{IncludeGuests: anyGuests}))), want: "CA: sure MFA everywhere"},
	{name: "guests, and an external member", rule: ruleUsers + ": a B2B collaboration member is one of the kinds", facts: on(partner, ca(users(graph.PolicyUsers{IncludeGuests: anyGuests}))), want: "CA: sure MFA everywhere"},
	{name: "guests of one tenant", rule: ruleUsers + ": kinds of external users can be limited to tenants", facts: on(invited, ca(users(graph.PolicyUsers{IncludeGuests: invitedOfOne}))), want: "CA: may MFA"},
	{name: "internal guests have no other tenant", rule: ruleUsers + ": local guests sign in to this tenant", facts: on(inside, ca(users(graph.PolicyUsers{IncludeGuests: insideOfOne}))), want: "CA: sure MFA everywhere"},
	{name: "another kind of guest", rule: ruleUsers + ": each kind is selected for itself", facts: on(inside, ca(users(graph.PolicyUsers{IncludeGuests: invitedOfOne})))},
	{name: "the older keyword, and a guest", rule: ruleUsers + ": all guests and external users includes every guest", facts: on(inside, ca(users(graph.PolicyUsers{IncludeUsers: []string{guestsOrExternal}}))), want: "CA: sure MFA everywhere"},
	{name: "the older keyword, and a member", rule: ruleUsers + ": all guests and external users includes no member", facts: on(admin, ca(users(graph.PolicyUsers{IncludeUsers: []string{guestsOrExternal}})))},
	{name: "the older keyword excluded, and a guest", rule: ruleUsers + ": exclusion overrides inclusion for guests too", facts: on(inside, ca(without(graph.PolicyUsers{ExcludeUsers: []string{guestsOrExternal}})))},
	{name: "guests excluded, and a guest", rule: ruleUsers + ": kinds of guests can be excluded", facts: on(invited, ca(without(graph.PolicyUsers{ExcludeGuests: anyGuests})))},
	{name: "guests excluded, and a member", rule: ruleUsers + ": excluded guests are no members", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeGuests: anyGuests}))), want: "CA: sure MFA everywhere"},
	{name: "guests of one tenant excluded", rule: ruleUsers + ": an exclusion of guests can be limited to tenants", facts: on(invited, ca(without(graph.PolicyUsers{ExcludeGuests: invitedOfOne}))), want: "CA: may MFA"},
}
