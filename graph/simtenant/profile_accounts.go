package simtenant

import (
	"slices"
	"strings"
	"time"
)

// buildEligibleOnly is the company of business with Entra ID P2, whose operator is eligible for Global Administrator and
// has not activated it. Another administrator has consented to the clients before.
func buildEligibleOnly(t *Tenant) {
	buildBusiness(t)
	p2 := skuPremiumP2
	t.skus = append(t.skus, &p2)
	operator, other := t.userByUPNLocked(operatorUPN), t.userByUPNLocked("breakglass@contoso.onmicrosoft.com")
	t.assignments.Settle(slices.DeleteFunc(slices.Clone(t.assignments.Latest()), func(a roleAssignment) bool { return a.principalID == operator.id }))
	t.eligible = []roleEligibility{{id: t.newSecretLocked(41) + "-1-e", principalID: operator.id, roleID: roleGlobalAdministrator, created: t.created}}
	t.backdate(10*24*time.Hour, func() {
		for _, client := range []*servicePrincipal{&commandLineTools, t.servicePrincipalByAppLocked(customerClientID)} {
			t.consentLocked(other, t.installLocked(other, client), allGraphScopes(), true)
		}
	})
}

// buildTaken is the company of business in which the service account's name belongs to somebody else, and to an account
// that was deleted five days ago.
func buildTaken(t *Tenant) {
	buildBusiness(t)
	gone := t.seedUser(employee{upn: onboardedUPN, name: "Delegate365 Service (2024)", password: "Gone-2024-Contoso"})
	t.dropUserLocked(gone)
	gone.deletedAt = t.instant().Add(-5 * 24 * time.Hour)
	gone.upn = strings.ReplaceAll(gone.id, "-", "") + gone.upn
	t.deleted = append(t.deleted, gone)

	u := t.seedUser(employee{upn: onboardedUPN, name: "Help desk robot", password: "Robot-2025-Contoso"})
	u.attributes["jobTitle"], u.attributes["department"] = "Robot", "IT"
	u.licences = []string{skuBusinessPremium.id}
}
