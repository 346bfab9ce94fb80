package simtenant

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// buildSecurityDefaults is the small company of fresh with security defaults on, and without a licence for anything in
// their place. No app password can be had there, and its Delegate365 needs none.
func buildSecurityDefaults(t *Tenant) {
	buildFresh(t)
	t.secureByDefault()
	t.newer = true
}

// buildSecurityDefaultsP1 is the same with Entra ID P1: whoever turns security defaults off there finds Microsoft's own
// policies in their place.
func buildSecurityDefaultsP1(t *Tenant) {
	t.buildPremium()
	t.secureByDefault()
	t.newer = true
}

// secureByDefault turns security defaults on, under which nobody has a per-user state
// (https://learn.microsoft.com/entra/fundamentals/security-defaults).
func (t *Tenant) secureByDefault() {
	t.securityDefaults.Settle(true)
	for _, u := range t.users {
		u.mfaState = mfaDisabled
	}
}

// buildFederated is the small company of fresh whose default domain is federated, so that only the initial one can hold
// an account with a password.
func buildFederated(t *Tenant) {
	buildFresh(t)
	t.domainLocked(defaultDomain).federated = true
	for _, u := range t.users {
		if d := t.domainLocked(u.domainName()); d != nil && d.federated {
			u.password, u.onPremises = "", true
		}
	}
}

// buildNoLicence is a tenant that has bought nothing, so that Microsoft has not scored it either.
func buildNoLicence(t *Tenant) {
	t.buildBase()
	t.scores = nil
}

// buildPhishingResistant is a company with Entra ID P1 whose policies ask for phishing-resistant MFA of administrators
// and of everybody. No password and no app password is enough there, and no authenticator app either.
func buildPhishingResistant(t *Tenant) {
	t.buildPremium()
	t.newer = true
	t.userByUPNLocked(operatorUPN).methods = []*method{{id: t.newIDLocked(), kind: methodFIDO2, name: "Key of Ada Admin", created: t.created}}
	emergency := &group{id: t.newIDLocked(), displayName: "Emergency access", members: []string{t.userByUPNLocked("breakglass@contoso.onmicrosoft.com").id}}
	t.groups = []*group{emergency}
	resistant := func() *conditionalaccess.GrantControls {
		g := grant()
		g.AuthenticationStrength = t.strength("Phishing-resistant MFA")
		return g
	}
	t.policies.Settle([]*conditionalaccess.Policy{
		t.newPolicy("PR01 - Phishing-resistant MFA for administrators", conditionalaccess.Enabled,
			conditionalaccess.Users{IncludeRoles: []string{roleGlobalAdministrator, rolePrivilegedRoleAdministrator, roleUserAdmin}, ExcludeGroups: []string{emergency.id}}, resistant()),
		t.newPolicy("PR02 - Phishing-resistant MFA for everybody", conditionalaccess.Enabled,
			conditionalaccess.Users{IncludeUsers: []string{"All"}, ExcludeGroups: []string{emergency.id}}, resistant()),
	})
}

// buildMigrated is a company with Entra ID P1 that has moved everything to the authentication methods policy, which now
// alone says what people may register. One policy asks for MFA of whoever is in a group around other groups, service
// accounts among them, and Microsoft has announced that it is going to block legacy authentication.
func buildMigrated(t *Tenant) {
	t.buildPremium()
	t.migrationState = "migrationComplete"
	t.methodStates["Sms"], t.methodStates["Fido2"] = false, true
	emergency := &group{id: t.newIDLocked(), displayName: "Emergency access", members: []string{t.userByUPNLocked("breakglass@contoso.onmicrosoft.com").id}}
	service := &group{id: t.newIDLocked(), displayName: "Service accounts", ruleText: serviceRuleText, rule: serviceRule}
	privileged := &group{id: t.newIDLocked(), displayName: "Privileged identities", members: []string{service.id, t.userByUPNLocked(operatorUPN).id}}
	around := &group{id: t.newIDLocked(), displayName: "Protected", members: []string{privileged.id}}
	t.groups = []*group{emergency, service, privileged, around}
	p := t.newPolicy("MG01 - MFA for protected identities", conditionalaccess.Enabled, conditionalaccess.Users{IncludeGroups: []string{around.id}, ExcludeGroups: []string{emergency.id}}, grant("mfa"))
	p.CreatedDateTime = t.instant().Add(-100 * 24 * time.Hour).Truncate(time.Second)
	t.policies.Settle([]*conditionalaccess.Policy{p, t.announcedLegacy()})
}
