package simtenant

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// buildPrivileged is the company of business with Entra ID P2 that has made Global Administrator hard to get. Whoever
// activates it for themselves needs an approval, meets an authentication context and has it for an hour; whoever assigns it
// to somebody else needs MFA and a reason, and may do so for twenty minutes. A request takes some seconds to be carried out.
func buildPrivileged(t *builder) {
	buildBusiness(t)
	p2 := state.SKUPremiumP2
	t.Organization.SKUs = append(t.Organization.SKUs, &p2)
	t.Directory.Schedules.Provisioning = 5 * time.Second
	t.Directory.Schedules.Policies = map[string]state.RolePolicy{state.RoleGlobalAdministrator: {
		Assign:   state.AssignmentRules{Longest: "PT20M", EndRequired: true, Justification: true, MFA: true},
		Activate: state.ActivationRules{Longest: "PT1H", Justification: true, MFA: true, Ticket: true, Approval: true, Context: state.StepUpContext},
	}}
}

// buildPrivilegedAlone is the same without another lasting Global Administrator: the operator has activated the role for an
// hour, and the account for emergencies is disabled.
func buildPrivilegedAlone(t *builder) {
	buildPrivileged(t)
	operator, emergency := t.Directory.UserByUPNLocked(state.OperatorUPN), t.Directory.UserByUPNLocked("breakglass@contoso.onmicrosoft.com")
	emergency.AccountEnabled = false
	t.Directory.Assignments.Settle(slices.DeleteFunc(slices.Clone(t.Directory.Assignments.Latest()), func(a state.RoleAssignment) bool { return a.PrincipalID == operator.ID }))
	t.Directory.Eligible = []state.RoleEligibility{{ID: t.NewKeyLocked(41) + "-1-e", PrincipalID: operator.ID, RoleID: state.RoleGlobalAdministrator, Created: t.Organization.Created}}
	t.Directory.ActivateForLocked(operator, state.RoleGlobalAdministrator, time.Hour)
	t.Directory.Assignments.Settle(t.Directory.Assignments.Latest())
}
