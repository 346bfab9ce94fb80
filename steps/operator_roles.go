package steps

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The built-in roles that together can do what Global Administrator can, as far as this onboarding goes
// (https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference).
var neededRoles = []struct {
	id   string
	name phrase.Format
}{
	{graph.UserAdministrator, "User Administrator"},
	{graph.PrivilegedRoleAdministrator, "Privileged Role Administrator"},
	{graph.AuthenticationPolicyAdministrator, "Authentication Policy Administrator"},
	{graph.PrivilegedAuthenticationAdministrator, "Privileged Authentication Administrator"},
}

// missingRoles names the roles the operator still needs; none for a Global Administrator.
func missingRoles(active []graph.Role, conditionalAccess bool) []string {
	has := func(ids ...string) bool {
		return slices.ContainsFunc(active, func(r graph.Role) bool { return slices.Contains(ids, r.TemplateID) })
	}
	if has(graph.GlobalAdministrator) {
		return nil
	}
	var missing []string
	for _, role := range neededRoles {
		if !has(role.id) {
			missing = append(missing, phrase.T(role.name))
		}
	}
	if conditionalAccess && !has(graph.ConditionalAccessAdministrator, graph.SecurityAdministrator) {
		missing = append(missing, phrase.T("Conditional Access Administrator"))
	}
	return missing
}

// Roles that may list Conditional Access policies (https://github.com/cisagov/ScubaGear/issues/1436), and those that may
// read the audit log (https://learn.microsoft.com/graph/api/directoryaudit-list).
var (
	policyReaders = []string{
		graph.GlobalAdministrator, graph.GlobalReader, graph.SecurityAdministrator, graph.ConditionalAccessAdministrator,
		securityReader,
	}
	auditReaders = []string{graph.GlobalAdministrator, graph.GlobalReader, graph.SecurityAdministrator, securityReader, reportsReader}
)

const (
	securityReader = "5d6b6bb7-de71-4623-b4af-96380a352509"
	reportsReader  = "4a5d8f65-41da-4de4-8968-e035b65339cf"
)

// unreadable says what the operator's active roles do not let them read, where that concerns the onboarding.
func (p *posture) unreadable(active []graph.Role) []string {
	var notes []string
	if p.conditionalAccess() != unlicensed && lacks(active, policyReaders) {
		notes = append(notes, phrase.T("Listing Conditional Access policies takes Security Reader, Global Reader or more."))
	}
	if lacks(active, auditReaders) {
		notes = append(notes, phrase.T("Reading the audit log takes Reports Reader or more."))
	}
	return notes
}

// lacks reports that no role is one of those with these ids.
func lacks(roles []graph.Role, ids []string) bool {
	return !slices.ContainsFunc(roles, func(r graph.Role) bool { return slices.Contains(ids, r.TemplateID) })
}
