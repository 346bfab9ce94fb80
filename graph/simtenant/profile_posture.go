package simtenant

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// buildSecurityDefaults is the small company of fresh with security defaults on, and without a licence for anything in
// their place. No app password can be had there, and its Delegate365 needs none.
func buildSecurityDefaults(t *builder) {
	buildFresh(t)
	t.secureByDefault()
	t.Newer = true
}

// buildSecurityDefaultsP1 is the same with Entra ID P1: whoever turns security defaults off there finds Microsoft's own
// policies in their place.
func buildSecurityDefaultsP1(t *builder) {
	t.buildPremium()
	t.secureByDefault()
	t.Newer = true
}

// secureByDefault turns security defaults on, under which nobody has a per-user state
// (https://learn.microsoft.com/entra/fundamentals/security-defaults).
func (b *builder) secureByDefault() {
	b.Policies.SecurityDefaults.Settle(true)
	for _, u := range b.Directory.Users {
		u.Factors.PerUserMFA = state.MFADisabled
	}
}

// buildFederated is the small company of fresh whose default domain is federated, so that only the initial one can hold
// an account with a password.
func buildFederated(t *builder) {
	buildFresh(t)
	t.Organization.DomainLocked(state.DefaultDomain).Federated = true
	for _, u := range t.Directory.Users {
		if d := t.Organization.DomainLocked(u.DomainName()); d != nil && d.Federated {
			u.Credentials.Password, u.OnPremises = "", true
		}
	}
}

// buildNoLicence is a tenant that has bought nothing, so that Microsoft has not scored it either.
func buildNoLicence(t *builder) {
	t.buildBase()
	t.Organization.Scores = nil
}

// buildPhishingResistant is a company with Entra ID P1 whose policies ask for phishing-resistant MFA of administrators
// and of everybody. No password and no app password is enough there, and no authenticator app either.
func buildPhishingResistant(t *builder) {
	t.buildPremium()
	t.Newer = true
	t.Directory.UserByUPNLocked(state.OperatorUPN).Factors.Methods = []*state.Method{{ID: t.NewIDLocked(), Kind: state.MethodFIDO2, Name: "Key of Ada Admin", Created: t.Organization.Created}}
	emergency := &state.Group{ID: t.NewIDLocked(), DisplayName: "Emergency access", Members: []string{t.Directory.UserByUPNLocked("breakglass@contoso.onmicrosoft.com").ID}}
	t.Directory.Groups = []*state.Group{emergency}
	resistant := func() *conditionalaccess.GrantControls {
		g := state.Grant()
		g.AuthenticationStrength = t.strength("Phishing-resistant MFA")
		return g
	}
	t.Policies.ConditionalAccess.Settle([]*conditionalaccess.Policy{
		t.Policies.NewPolicy("PR01 - Phishing-resistant MFA for administrators", conditionalaccess.Enabled,
			conditionalaccess.Users{IncludeRoles: []string{state.RoleGlobalAdministrator, state.RolePrivilegedRoleAdministrator, state.RoleUserAdmin}, ExcludeGroups: []string{emergency.ID}}, resistant()),
		t.Policies.NewPolicy("PR02 - Phishing-resistant MFA for everybody", conditionalaccess.Enabled,
			conditionalaccess.Users{IncludeUsers: []string{"All"}, ExcludeGroups: []string{emergency.ID}}, resistant()),
	})
}

// buildMigrated is a company with Entra ID P1 that has moved everything to the authentication methods policy, which now
// alone says what people may register. One policy asks for MFA of whoever is in a group around other groups, service
// accounts among them, and Microsoft has announced that it is going to block legacy authentication.
func buildMigrated(t *builder) {
	t.buildPremium()
	t.MFA.MigrationState = "migrationComplete"
	t.MFA.MethodStates["Sms"], t.MFA.MethodStates["Fido2"] = false, true
	emergency := &state.Group{ID: t.NewIDLocked(), DisplayName: "Emergency access", Members: []string{t.Directory.UserByUPNLocked("breakglass@contoso.onmicrosoft.com").ID}}
	service := &state.Group{ID: t.NewIDLocked(), DisplayName: "Service accounts", RuleText: serviceRuleText, Rule: serviceRule}
	privileged := &state.Group{ID: t.NewIDLocked(), DisplayName: "Privileged identities", Members: []string{service.ID, t.Directory.UserByUPNLocked(state.OperatorUPN).ID}}
	around := &state.Group{ID: t.NewIDLocked(), DisplayName: "Protected", Members: []string{privileged.ID}}
	t.Directory.Groups = []*state.Group{emergency, service, privileged, around}
	p := t.Policies.NewPolicy("MG01 - MFA for protected identities", conditionalaccess.Enabled, conditionalaccess.Users{IncludeGroups: []string{around.ID}, ExcludeGroups: []string{emergency.ID}}, state.Grant("mfa"))
	p.CreatedDateTime = t.Instant().Add(-100 * 24 * time.Hour).Truncate(time.Second)
	t.Policies.ConditionalAccess.Settle([]*conditionalaccess.Policy{p, t.announcedLegacy()})
}
