package simtenant

import (
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// buildPremium is a company with Microsoft 365 Business Premium, and so with Entra ID P1, whose replicas take two seconds.
func (t *Tenant) buildPremium() {
	t.buildBase()
	premium := skuBusinessPremium
	t.skus = []*sku{&premium}
	t.methodStates["TemporaryAccessPass"] = true
	for _, u := range t.users {
		u.licences = []string{premium.id}
	}
	if t.opts.Lag == 0 {
		t.opts.Lag = 2 * time.Second
	}
}

// buildBusiness is a company with Entra ID P1 and nine Conditional Access policies, one of them Microsoft's announcement
// that it is going to block device codes. Somebody turned SMTP AUTH on there, and its service accounts get a licence, and
// a mailbox with it, through their group: an app password can be used.
func buildBusiness(t *Tenant) {
	t.buildPremium()
	member := func(upn string) string { return t.userByUPNLocked(upn).id }
	staff := &group{id: t.newIDLocked(), displayName: "Office staff", members: []string{member("yuki.tanaka@contoso.com"), member("o'brien@contoso.com")}}
	everyone := &group{id: t.newIDLocked(), displayName: "All departments", members: []string{staff.id}}
	finance := &group{id: t.newIDLocked(), displayName: "Finance", members: []string{member("yuki.tanaka@contoso.com")}}
	emergency := &group{id: t.newIDLocked(), displayName: "Emergency access", members: []string{member("breakglass@contoso.onmicrosoft.com")}}
	service := &group{id: t.newIDLocked(), displayName: "Service accounts", ruleText: serviceRuleText, rule: serviceRule, licences: []string{t.skus[0].id}}
	t.smtpAuth = true
	t.groups = []*group{staff, everyone, finance, emergency, service}
	t.locations = []conditionalaccess.Location{{ID: t.newIDLocked(), Name: "Home countries", Created: t.created, Countries: []string{"AT", "DE", "CH"}}}
	t.policies.Settle(t.businessPolicies(everyone.id, finance.id, emergency.id, service.id))
}

const serviceRuleText = `(user.userPrincipalName -startsWith "service.")`

// serviceRule is what serviceRuleText says.
func serviceRule(u *user) bool { return strings.HasPrefix(strings.ToLower(u.upn), "service.") }

// businessPolicies are the nine. Two and only two come to demand MFA of an account because it becomes Global
// Administrator.
func (t *Tenant) businessPolicies(everyone, finance, emergency, service string) []*conditionalaccess.Policy {
	admins := []string{roleGlobalAdministrator, rolePrivilegedRoleAdministrator, roleSecurityAdmin, roleExchangeAdmin, roleUserAdmin, roleConditionalAccessAdmin}
	mfa := func() *conditionalaccess.GrantControls { return grant("mfa") }
	legacy := []string{"exchangeActiveSync", "other"}
	strong := grant()
	strong.AuthenticationStrength = t.strength("Phishing-resistant MFA")
	abroad := t.newPolicy("CA06 - Block sign-ins from abroad", conditionalaccess.Disabled, conditionalaccess.Users{IncludeUsers: []string{"All"}, ExcludeGroups: []string{emergency}}, grant("block"))
	abroad.Conditions.Locations = &conditionalaccess.Locations{IncludeLocations: []string{"All"}, ExcludeLocations: []string{t.locations[0].ID}}
	block := t.newPolicy("CA07 - Block legacy authentication for staff", conditionalaccess.Enabled, conditionalaccess.Users{IncludeGroups: []string{everyone}}, grant("block"))
	block.Conditions.ClientAppTypes = legacy
	platforms := t.newPolicy("CA02 - MFA for Global Administrators on unmanaged platforms", conditionalaccess.Enabled,
		conditionalaccess.Users{IncludeRoles: []string{roleGlobalAdministrator}, ExcludeGroups: []string{emergency}}, mfa())
	platforms.Conditions.Platforms = &conditionalaccess.Platforms{IncludePlatforms: []string{"all"}, ExcludePlatforms: []string{"iOS", "android"}}
	portals := t.newPolicy(conditionalaccess.ManagedPrefix+"Multifactor authentication for admins accessing Microsoft Admin Portals", conditionalaccess.Enabled,
		conditionalaccess.Users{IncludeRoles: admins, ExcludeGroups: []string{emergency}}, mfa())
	portals.Conditions.Applications.IncludeApplications = []string{conditionalaccess.AppAdminPortals}
	return []*conditionalaccess.Policy{
		t.newPolicy("CA01 - Require MFA for administrators", conditionalaccess.Enabled, conditionalaccess.Users{IncludeRoles: admins, ExcludeGroups: []string{emergency}}, mfa()),
		platforms,
		portals,
		t.newPolicy("CA04 - Require MFA for everybody (pilot)", conditionalaccess.ReportOnly, conditionalaccess.Users{IncludeUsers: []string{"All"}}, mfa()),
		t.newPolicy("CA05 - Require MFA for all users except service accounts", conditionalaccess.Enabled,
			conditionalaccess.Users{IncludeUsers: []string{"All"}, ExcludeGroups: []string{emergency, service}}, mfa()),
		abroad,
		block,
		t.newPolicy("CA08 - Phishing-resistant MFA for Finance", conditionalaccess.Enabled, conditionalaccess.Users{IncludeGroups: []string{finance}}, strong),
		t.announcedFlow(),
	}
}

// managedNotice is how long ago Microsoft created the policy that it has only announced. It turns such a policy on no
// sooner than 45 days after creating it (https://learn.microsoft.com/entra/identity/conditional-access/managed-policies).
const managedNotice = 20 * 24 * time.Hour

// announced is a policy of Microsoft's that blocks everybody, and only reports so far.
func (t *Tenant) announced(name string) *conditionalaccess.Policy {
	p := t.newPolicy(conditionalaccess.ManagedPrefix+name, conditionalaccess.ReportOnly, conditionalaccess.Users{IncludeUsers: []string{"All"}}, grant("block"))
	p.CreatedDateTime = t.instant().Add(-managedNotice).Truncate(time.Second)
	return p
}

// announcedFlow is going to end sign-ins by device code.
func (t *Tenant) announcedFlow() *conditionalaccess.Policy {
	p := t.announced("Block device code flow")
	p.Conditions.AuthenticationFlows = &conditionalaccess.Flows{TransferMethods: transferDeviceCode}
	return p
}

// announcedLegacy is going to end app passwords.
func (t *Tenant) announcedLegacy() *conditionalaccess.Policy {
	p := t.announced("Block legacy authentication")
	p.Conditions.ClientAppTypes = []string{"exchangeActiveSync", clientOther}
	return p
}

// grant joins controls by OR; an authentication strength can be added.
func grant(controls ...string) *conditionalaccess.GrantControls {
	return &conditionalaccess.GrantControls{Operator: "OR", BuiltInControls: append([]string{}, controls...), CustomAuthenticationFactors: []string{}, TermsOfUse: []string{}}
}

// newPolicy makes a policy for all applications and clients, with empty lists where Graph shows empty lists.
func (t *Tenant) newPolicy(name, state string, users conditionalaccess.Users, controls *conditionalaccess.GrantControls) *conditionalaccess.Policy {
	p := &conditionalaccess.Policy{ID: t.newIDLocked(), DisplayName: name, CreatedDateTime: t.created, State: state, GrantControls: controls}
	p.Conditions = conditionalaccess.Conditions{
		ClientAppTypes: []string{"all"}, Users: users,
		Applications: conditionalaccess.Applications{IncludeApplications: []string{"All"}},
	}
	p.Fill()
	return p
}
