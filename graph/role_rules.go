package graph

import (
	"context"
	"time"
)

// RoleRules are what a tenant asks of an administrator who assigns a role. What it asks of somebody who activates a role for
// themselves is not among them: that never touches an assignment.
type RoleRules struct {
	Longest       time.Duration // that an assignment with an end may last; zero where it can't be read
	LongestText   string        // as Graph writes it
	EndRequired   bool          // there is none without an end
	Justification bool          // a reason has to be given
	MFA           bool          // whoever assigns has to have given a second factor at their sign-in
}

const rolePolicies = "/policies/roleManagementPolicyAssignments"

// RoleRules reads the rules for assigning a role: GET /policies/roleManagementPolicyAssignments with its policy's rules,
// RoleManagement.Read.Directory. ErrNone where there is no policy, or it lacks one of the two rules that count.
// https://learn.microsoft.com/graph/api/policyroot-list-rolemanagementpolicyassignments
// https://learn.microsoft.com/graph/identity-governance-pim-rules-overview
func (s Roles) RoleRules(ctx context.Context, roleID string) (RoleRules, error) {
	const op = "read the rules for assigning the role"
	all, err := listJSON[struct {
		Policy struct {
			Rules []struct {
				ID       string   `json:"id"`
				Required bool     `json:"isExpirationRequired"`
				Longest  string   `json:"maximumDuration"`
				Enabled  []string `json:"enabledRules"`
			} `json:"rules"`
		} `json:"policy"`
	}](ctx, s.client, op, s.client.v1(rolePolicies,
		"$filter", "scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq "+quoted(roleID), "$expand", "policy($expand=rules)"))
	if err != nil {
		return RoleRules{}, err
	}
	var out RoleRules
	found := map[string]bool{}
	for _, a := range all {
		for _, rule := range a.Policy.Rules {
			switch found[rule.ID] = true; rule.ID {
			case "Expiration_Admin_Assignment":
				out.EndRequired, out.LongestText = rule.Required, rule.Longest
				out.Longest, _ = parseISODuration(rule.Longest)
			case "Enablement_Admin_Assignment":
				enabled := setOf(joined(rule.Enabled))
				out.Justification, out.MFA = has(enabled, "Justification"), has(enabled, "MultiFactorAuthentication")
			}
		}
	}
	if !found["Expiration_Admin_Assignment"] || !found["Enablement_Admin_Assignment"] {
		return RoleRules{}, &Error{Op: op, Message: "Microsoft's answer has no rules for it", kind: ErrNone}
	}
	return out, nil
}
