package state

// RolePolicy is what Privileged Identity Management asks for before somebody has a role
// (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-change-default-settings).
// Durations are as Graph writes them.
type RolePolicy struct {
	Assign   AssignmentRules // of an administrator who assigns it
	Activate ActivationRules // of who is eligible and activates it
}

// AssignmentRules bind an administrator who assigns a role.
type AssignmentRules struct {
	Longest       string // of an assignment that ends
	EndRequired   bool
	Justification bool
	MFA           bool // of the session of who assigns
}

// ActivationRules bind who is eligible for a role and activates it; nobody else.
type ActivationRules struct {
	Longest       string
	Justification bool
	MFA           bool
	Ticket        bool
	Approval      bool
	Context       string // authentication context; empty is none
}

// RolePolicyLocked is the policy of a role, which is Microsoft's own until somebody changes it
// (https://learn.microsoft.com/graph/api/policyroot-list-rolemanagementpolicyassignments).
func (s *Schedules) RolePolicyLocked(roleID string) RolePolicy {
	if p, ok := s.Policies[roleID]; ok {
		return p
	}
	return RolePolicy{
		Assign:   AssignmentRules{Longest: "P180D", Justification: true},
		Activate: ActivationRules{Longest: "PT8H", Justification: true, MFA: true},
	}
}
