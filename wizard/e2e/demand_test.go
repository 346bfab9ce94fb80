package e2e_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// What the tenant demands of the service account, worked out from Graph's answers and nothing of this project's.

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"

// policy is a Conditional Access policy, as far as it can demand MFA of the account at every sign-in.
type policy struct {
	DisplayName, State string
	Conditions         struct {
		Users                                            struct{ IncludeUsers, ExcludeUsers, ExcludeGroups, IncludeRoles, ExcludeRoles []string }
		Applications                                     struct{ IncludeApplications, ExcludeApplications []string }
		ClientAppTypes, SignInRiskLevels, UserRiskLevels []string
		Platforms, Locations, Devices                    json.RawMessage
		AuthenticationFlows                              json.RawMessage
	}
	GrantControls struct{ BuiltInControls []string }
}

// demandsOf reports whether the policy demands MFA of an account at every sign-in.
func (p policy) demandsOf(id string, groups []string) bool {
	c := p.Conditions
	for _, condition := range []json.RawMessage{c.Platforms, c.Locations, c.Devices, c.AuthenticationFlows} {
		if len(condition) > 0 && string(condition) != "null" {
			return false
		}
	}
	return p.State == "enabled" && slices.Contains(p.GrantControls.BuiltInControls, "mfa") &&
		slices.Equal(c.ClientAppTypes, []string{"all"}) && len(c.SignInRiskLevels)+len(c.UserRiskLevels) == 0 &&
		slices.Equal(c.Applications.IncludeApplications, []string{"All"}) && len(c.Applications.ExcludeApplications) == 0 &&
		(slices.Contains(c.Users.IncludeUsers, "All") || slices.Contains(c.Users.IncludeUsers, id) || slices.Contains(c.Users.IncludeRoles, globalAdministrator)) &&
		!slices.Contains(c.Users.ExcludeUsers, id) && !slices.Contains(c.Users.ExcludeRoles, globalAdministrator) &&
		!slices.ContainsFunc(c.Users.ExcludeGroups, func(group string) bool { return slices.Contains(groups, group) })
}

// windowMonitor asks again and again whether the service account is Global Administrator while nothing demands MFA of it.
type windowMonitor struct {
	*servedTenant
	policies []policy
	read     time.Time // when they were
}

// policiesEvery spares the one request a second that a tenant allows for policies: the program needs them to close the
// window, and it closes it by the account's own state first.
const policiesEvery = 2 * time.Second

// open reports an open exposure window; why is what keeps it closed, or what leaves it open. While the tenant refuses to have its policies
// read, because it was asked just before, the account's own state is looked at again; one that stays unread counts as open.
func (v *windowMonitor) open() (why string, open bool) {
	v.t.Helper()
	for began := time.Now(); ; time.Sleep(lookEvery) {
		why, open, read := v.look()
		if read || time.Since(began) >= closedWithin {
			return why, open
		}
		for i := 0; i < 20 && !v.readPolicies(); i++ { // the program asks as soon as it may, too
			time.Sleep(lookEvery / 5)
		}
	}
}

// look looks once. Not read are policies that the answer depends on.
func (v *windowMonitor) look() (why string, open, read bool) {
	v.t.Helper()
	var user struct{ ID string }
	switch status := v.get("/v1.0/users/"+serviceAccount, &user); status {
	case http.StatusOK:
	case http.StatusNotFound:
		return "no account", false, true
	default:
		v.t.Fatalf("the service account: %d", status)
	}
	var mfa struct{ PerUserMfaState string }
	v.get("/beta/users/"+user.ID+"/authentication/requirements", &mfa)
	if mfa.PerUserMfaState == "enabled" || mfa.PerUserMfaState == "enforced" {
		return "per-user MFA is " + mfa.PerUserMfaState, false, true
	}
	if !slices.Contains(v.roles(user.ID), globalAdministrator) {
		return "no administrator", false, true
	}
	if !v.readPolicies() {
		return "an administrator, per-user MFA is " + mfa.PerUserMfaState + ", and the tenant does not let its policies be read", true, false
	}
	groups := v.groups(user.ID)
	for _, p := range v.policies {
		if p.demandsOf(user.ID, groups) {
			return p.DisplayName, false, true
		}
	}
	return "an administrator, and per-user MFA is " + mfa.PerUserMfaState, true, true
}

// asks reports whether security defaults or a policy demand MFA of an account at every sign-in.
func (o *servedTenant) asks(id string, administrator bool) bool {
	o.t.Helper()
	var defaults struct{ IsEnabled bool }
	if o.get("/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", &defaults); defaults.IsEnabled && administrator {
		return true
	}
	v := &windowMonitor{servedTenant: o}
	for !v.readPolicies() {
		time.Sleep(lookEvery)
	}
	groups := o.groups(id)
	return slices.ContainsFunc(v.policies, func(p policy) bool {
		everybody := slices.Contains(p.Conditions.Users.IncludeUsers, "All") || slices.Contains(p.Conditions.Users.IncludeUsers, id)
		return (administrator || everybody) && p.demandsOf(id, groups)
	})
}

// readPolicies reads the policies once in a while, and reports whether it has them: the tenant refuses where it was asked just before. One
// without a licence has none.
func (v *windowMonitor) readPolicies() bool {
	v.t.Helper()
	if time.Since(v.read) < policiesEvery {
		return true
	}
	var policies struct{ Value []policy }
	if v.get("/v1.0/identity/conditionalAccess/policies", &policies) == http.StatusTooManyRequests {
		return false
	}
	v.policies, v.read = policies.Value, time.Now()
	return true
}

// roles are the ids of the roles that the account holds.
func (o *servedTenant) roles(id string) []string {
	o.t.Helper()
	var assignments struct {
		Value []struct{ RoleDefinitionID string }
	}
	o.get("/v1.0/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20'"+id+"'", &assignments)
	var roles []string
	for _, a := range assignments.Value {
		roles = append(roles, a.RoleDefinitionID)
	}
	return roles
}

// groups are the ids of the groups that the account is in, and of whatever else it is a member of.
func (o *servedTenant) groups(id string) []string {
	o.t.Helper()
	var memberships struct{ Value []struct{ ID string } }
	o.get("/v1.0/users/"+id+"/transitiveMemberOf", &memberships)
	var groups []string
	for _, m := range memberships.Value {
		groups = append(groups, m.ID)
	}
	return groups
}
