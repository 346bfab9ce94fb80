package simtenant

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// buildEligibleOnly is the company of business with Entra ID P2, whose operator is eligible for Global Administrator and
// has not activated it. Another administrator has consented to the clients before.
func buildEligibleOnly(t *builder) {
	buildBusiness(t)
	p2 := state.SKUPremiumP2
	t.Organization.SKUs = append(t.Organization.SKUs, &p2)
	operator, other := t.Directory.UserByUPNLocked(state.OperatorUPN), t.Directory.UserByUPNLocked("breakglass@contoso.onmicrosoft.com")
	t.Directory.Assignments.Settle(slices.DeleteFunc(slices.Clone(t.Directory.Assignments.Latest()), func(a state.RoleAssignment) bool { return a.PrincipalID == operator.ID }))
	t.Directory.Eligible = []state.RoleEligibility{{ID: t.NewKeyLocked(41) + "-1-e", PrincipalID: operator.ID, RoleID: state.RoleGlobalAdministrator, Created: t.Organization.Created}}
	t.backdate(10*24*time.Hour, func() {
		for _, client := range []*state.ServicePrincipal{&state.CommandLineTools, t.Applications.ServicePrincipalByAppLocked(state.CustomerClientID)} {
			t.entra.Consents.ConsentLocked(other, t.Applications.InstallLocked(other, client), entra.AllGraphScopes(), true)
		}
	})
}

// buildTaken is the company of business in which the service account's name belongs to somebody else, and to an account
// that was deleted five days ago.
func buildTaken(t *builder) {
	buildBusiness(t)
	gone := t.Directory.SeedUser(state.Employee{UPN: onboardedUPN, Name: "Delegate365 Service (2024)", Password: "Gone-2024-Contoso"})
	t.Directory.DropUserLocked(gone)
	gone.DeletedAt = t.Instant().Add(-5 * 24 * time.Hour)
	gone.UPN = strings.ReplaceAll(gone.ID, "-", "") + gone.UPN
	t.Directory.Deleted = append(t.Directory.Deleted, gone)

	u := t.Directory.SeedUser(state.Employee{UPN: onboardedUPN, Name: "Help desk robot", Password: "Robot-2025-Contoso"})
	u.Attributes["jobTitle"], u.Attributes["department"] = "Robot", "IT"
	u.Licences = []string{state.SKUBusinessPremium.ID}
}

// buildProtected is the company of business, where changing a Conditional Access policy is a protected action.
func buildProtected(t *builder) {
	buildBusiness(t)
	// What an authentication context asks for stands in a policy that names it
	// (https://learn.microsoft.com/entra/identity/role-based-access-control/protected-actions-overview).
	context := t.Policies.NewPolicy("CA11 - MFA for protected actions", conditionalaccess.Enabled, conditionalaccess.Users{IncludeUsers: []string{"All"}}, state.Grant("mfa"))
	context.Conditions.Applications = conditionalaccess.Applications{IncludeContextReferences: []string{state.StepUpContext}}
	t.Policies.ConditionalAccess.Settle(append(t.Policies.ConditionalAccess.Latest(), context))
	t.Policies.Protected = map[string]string{state.ActionPolicyUpdate: state.StepUpContext}
}
