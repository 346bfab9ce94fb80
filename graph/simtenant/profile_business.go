package simtenant

import (
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// buildPremium is a company with Microsoft 365 Business Premium, and so with Entra ID P1, whose replicas take two seconds.
func (b *builder) buildPremium() {
	b.buildBase()
	premium := state.SKUBusinessPremium
	b.Organization.SKUs = []*state.SKU{&premium}
	b.MFA.MethodStates["TemporaryAccessPass"] = true
	for _, u := range b.Directory.Users {
		u.Licences = []string{premium.ID}
	}
	if b.Lag == 0 {
		b.Lag = 2 * time.Second
	}
}

// buildBusiness is a company with Entra ID P1 and nine Conditional Access policies, one of them Microsoft's announcement
// that it is going to block device codes. Somebody turned SMTP AUTH on there, and its service accounts get a licence, and
// a mailbox with it, through their group: an app password can be used.
func buildBusiness(t *builder) {
	t.buildPremium()
	member := func(upn string) string { return t.Directory.UserByUPNLocked(upn).ID }
	staff := &state.Group{ID: t.NewIDLocked(), DisplayName: "Office staff", Members: []string{member("yuki.tanaka@contoso.com"), member("o'brien@contoso.com")}}
	everyone := &state.Group{ID: t.NewIDLocked(), DisplayName: "All departments", Members: []string{staff.ID}}
	finance := &state.Group{ID: t.NewIDLocked(), DisplayName: "Finance", Members: []string{member("yuki.tanaka@contoso.com")}}
	emergency := &state.Group{ID: t.NewIDLocked(), DisplayName: "Emergency access", Members: []string{member("breakglass@contoso.onmicrosoft.com")}}
	service := &state.Group{ID: t.NewIDLocked(), DisplayName: "Service accounts", RuleText: serviceRuleText, Rule: serviceRule, Licences: []string{t.Organization.SKUs[0].ID}}
	t.Organization.SMTPAuth = true
	t.MFA.Service.Settle(state.MFAServicePolicy{RememberOnDevice: true, RememberDays: 30, TrustedIPs: []string{"198.51.100.0/24"}})
	t.Directory.Groups = []*state.Group{staff, everyone, finance, emergency, service}
	t.Policies.Locations = []conditionalaccess.Location{{ID: t.NewIDLocked(), Name: "Home countries", Created: t.Organization.Created, Countries: []string{"AT", "DE", "CH"}}}
	t.Policies.ConditionalAccess.Settle(t.businessPolicies(everyone.ID, finance.ID, emergency.ID, service.ID))
}

const serviceRuleText = `(user.userPrincipalName -startsWith "service.")`

// serviceRule is what serviceRuleText says.
func serviceRule(u *state.User) bool { return strings.HasPrefix(strings.ToLower(u.UPN), "service.") }

// businessPolicies are the nine. Two and only two come to demand MFA of an account because it becomes Global
// Administrator.
func (b *builder) businessPolicies(everyone, finance, emergency, service string) []*conditionalaccess.Policy {
	admins := []string{state.RoleGlobalAdministrator, state.RolePrivilegedRoleAdministrator, state.RoleSecurityAdmin, state.RoleExchangeAdmin, state.RoleUserAdmin, state.RoleConditionalAccessAdmin}
	mfa := func() *conditionalaccess.GrantControls { return state.Grant("mfa") }
	legacy := []string{"exchangeActiveSync", "other"}
	strong := state.Grant()
	strong.AuthenticationStrength = b.strength("Phishing-resistant MFA")
	abroad := b.Policies.NewPolicy("CA06 - Block sign-ins from abroad", conditionalaccess.Disabled, conditionalaccess.Users{IncludeUsers: []string{"All"}, ExcludeGroups: []string{emergency}}, state.Grant("block"))
	abroad.Conditions.Locations = &conditionalaccess.Locations{IncludeLocations: []string{"All"}, ExcludeLocations: []string{b.Policies.Locations[0].ID}}
	block := b.Policies.NewPolicy("CA07 - Block legacy authentication for staff", conditionalaccess.Enabled, conditionalaccess.Users{IncludeGroups: []string{everyone}}, state.Grant("block"))
	block.Conditions.ClientAppTypes = legacy
	platforms := b.Policies.NewPolicy("CA02 - MFA for Global Administrators on unmanaged platforms", conditionalaccess.Enabled,
		conditionalaccess.Users{IncludeRoles: []string{state.RoleGlobalAdministrator}, ExcludeGroups: []string{emergency}}, mfa())
	platforms.Conditions.Platforms = &conditionalaccess.Platforms{IncludePlatforms: []string{"all"}, ExcludePlatforms: []string{"iOS", "android"}}
	portals := b.Policies.NewPolicy(conditionalaccess.ManagedPrefix+"Multifactor authentication for admins accessing Microsoft Admin Portals", conditionalaccess.Enabled,
		conditionalaccess.Users{IncludeRoles: admins, ExcludeGroups: []string{emergency}}, mfa())
	portals.Conditions.Applications.IncludeApplications = []string{conditionalaccess.AppAdminPortals}
	return []*conditionalaccess.Policy{
		b.Policies.NewPolicy("CA01 - Require MFA for administrators", conditionalaccess.Enabled, conditionalaccess.Users{IncludeRoles: admins, ExcludeGroups: []string{emergency}}, mfa()),
		platforms,
		portals,
		b.Policies.NewPolicy("CA04 - Require MFA for everybody (pilot)", conditionalaccess.ReportOnly, conditionalaccess.Users{IncludeUsers: []string{"All"}}, mfa()),
		b.Policies.NewPolicy("CA05 - Require MFA for all users except service accounts", conditionalaccess.Enabled,
			conditionalaccess.Users{IncludeUsers: []string{"All"}, ExcludeGroups: []string{emergency, service}}, mfa()),
		abroad,
		block,
		b.Policies.NewPolicy("CA08 - Phishing-resistant MFA for Finance", conditionalaccess.Enabled, conditionalaccess.Users{IncludeGroups: []string{finance}}, strong),
		b.announcedFlow(),
	}
}

// managedNotice is how long ago Microsoft created the policy that it has only announced. It turns such a policy on no
// sooner than 45 days after creating it (https://learn.microsoft.com/entra/identity/conditional-access/managed-policies).
const managedNotice = 20 * 24 * time.Hour

// announced is a policy of Microsoft's that blocks everybody, and only reports so far.
func (b *builder) announced(name string) *conditionalaccess.Policy {
	p := b.Policies.NewPolicy(conditionalaccess.ManagedPrefix+name, conditionalaccess.ReportOnly, conditionalaccess.Users{IncludeUsers: []string{"All"}}, state.Grant("block"))
	p.CreatedDateTime = b.Instant().Add(-managedNotice).Truncate(time.Second)
	return p
}

// announcedFlow is going to end sign-ins by device code.
func (b *builder) announcedFlow() *conditionalaccess.Policy {
	p := b.announced("Block device code flow")
	p.Conditions.AuthenticationFlows = &conditionalaccess.Flows{TransferMethods: state.TransferDeviceCode}
	return p
}

// announcedLegacy is going to end app passwords.
func (b *builder) announcedLegacy() *conditionalaccess.Policy {
	p := b.announced("Block legacy authentication")
	p.Conditions.ClientAppTypes = []string{"exchangeActiveSync", state.ClientOther}
	return p
}
