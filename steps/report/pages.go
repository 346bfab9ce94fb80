package report

import "github.com/delegate365-onboard/delegate365-onboard/steps/journal"

// Pages are those of the tenant's portal that the report leads to. One that is not known is empty.
type Pages struct {
	User     string // the service account
	MFA      string // per-user MFA
	Settings string // the MFA service settings
	Policies string // Conditional Access
}

// of is the page on which a change of this kind is taken out.
func (p Pages) of(kind journal.InverseKind) string {
	switch kind {
	case journal.InversePerUserMFA:
		return p.MFA
	case journal.InversePolicyExclusion, journal.TargetPolicyState:
		return p.Policies
	case journal.InverseAppPasswordSetting:
		return p.Settings
	case journal.InverseRoleAssignment, journal.InverseRoleEnd, journal.InverseUser, journal.InverseSignIn:
		return p.User
	}
	return ""
}
