package entra

import (
	"cmp"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Sources and kinds of what stands between a right password and a sign-in.
const (
	sourcePerUser           = "perUserMfa"
	sourceSecurityDefaults  = "securityDefaults"
	sourceConditionalAccess = "conditionalAccess"

	demandMFA      = "mfa"
	demandRegister = "register" // a method must be registered, but need not be used
	demandStrength = "strength"
	demandBlock    = "block"
	demandDevice   = "device"
	demandTerms    = "terms"
)

// Demand is one thing that one source asks of a sign-in.
type Demand struct {
	source   string
	policyID string // of a Conditional Access policy
	name     string
	kind     string
	detail   string // id of the strength or of the terms, or the grant control about the device
}

// demandsLocked lists everything the tenant asks of this account in this sign-in, whether or not it is met.
func (s *SignIn) demandsLocked(u *state.User, a state.SignInAttempt) []Demand {
	var demands []Demand
	if a.IsDeviceCode() && s.BlockDeviceCode {
		demands = append(demands, Demand{source: sourceConditionalAccess, name: "Block device code flow", kind: demandBlock})
	}
	if !a.IsDeviceCode() && a.Client() == state.ClientBrowser && s.BlockBrowser && s.tenant.Applications.ClientLocked(a.AppID) != nil {
		demands = append(demands, Demand{source: sourceConditionalAccess, name: "Block browser sign-in", kind: demandBlock})
	}
	if u.Factors.PerUserMFA != state.MFADisabled && a.Client() != state.ClientOther && !s.trustsLocked(a) {
		demands = append(demands, Demand{source: sourcePerUser, name: "per-user MFA", kind: demandMFA})
	}
	demands = append(demands, s.securityDefaultsDemandsLocked(u, a)...)
	for _, p := range s.tenant.Policies.ConditionalAccess.Seen(s.tenant.Instant(), s.tenant.Lag) {
		if p.State != conditionalaccess.Enabled || !s.tenant.Policies.PolicyAppliesLocked(p, u, SignInFacts(a)) {
			continue
		}
		demands = append(demands, DemandsOf(p)...)
	}
	return slices.DeleteFunc(demands, func(d Demand) bool { return d.kind == demandTerms && slices.Contains(u.AcceptedTerms, d.detail) })
}

// trustsLocked reports a sign-in from an address of which per-user MFA asks nothing.
func (s *SignIn) trustsLocked(a state.SignInAttempt) bool {
	return s.tenant.MFA.Service.Seen(s.tenant.Instant(), s.tenant.Lag).Trusts(cmp.Or(a.IP, state.UsualIP))
}

// securityDefaultsDemandsLocked: legacy and device code are blocked for everybody, administrators pass MFA at every
// sign-in, and everybody registers a method.
func (s *SignIn) securityDefaultsDemandsLocked(u *state.User, a state.SignInAttempt) []Demand {
	if !s.tenant.Policies.SecurityDefaults.Seen(s.tenant.Instant(), s.tenant.Lag) {
		return nil
	}
	d := Demand{source: sourceSecurityDefaults, name: "security defaults", kind: demandRegister}
	switch {
	case a.Client() == state.ClientOther, a.IsDeviceCode():
		d.kind = demandBlock
	case len(s.tenant.Directory.SeenRolesLocked(u)) > 0:
		d.kind = demandMFA
	}
	return []Demand{d}
}
