package simtenant

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
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

const transferDeviceCode = "deviceCodeFlow"

// demand is one thing that one source asks of a sign-in.
type demand struct {
	source   string
	policyID string // of a Conditional Access policy
	name     string
	kind     string
	detail   string // id of the strength or of the terms, or the grant control about the device
}

// demandsLocked lists everything the tenant asks of this account in this sign-in, whether or not it is met.
func (t *Tenant) demandsLocked(u *user, a signInAttempt) []demand {
	var demands []demand
	if a.isDeviceCode() && t.blockDeviceCode {
		demands = append(demands, demand{source: sourceConditionalAccess, name: "Block device code flow", kind: demandBlock})
	}
	if !a.isDeviceCode() && a.client() == clientBrowser && t.blockBrowser && t.clientLocked(a.AppID) != nil {
		demands = append(demands, demand{source: sourceConditionalAccess, name: "Block browser sign-in", kind: demandBlock})
	}
	if u.mfaState != mfaDisabled && a.client() != clientOther {
		demands = append(demands, demand{source: sourcePerUser, name: "per-user MFA", kind: demandMFA})
	}
	demands = append(demands, t.securityDefaultsDemandsLocked(u, a)...)
	for _, p := range t.policies.Seen(t.instant(), t.opts.Lag) {
		if p.State != conditionalaccess.Enabled || !t.policyAppliesLocked(p, u, signInFacts(a)) {
			continue
		}
		demands = append(demands, demandsOf(p)...)
	}
	return slices.DeleteFunc(demands, func(d demand) bool { return d.kind == demandTerms && slices.Contains(u.acceptedTerms, d.detail) })
}

// securityDefaultsDemandsLocked: legacy and device code are blocked for everybody, administrators pass MFA at every
// sign-in, and everybody registers a method.
func (t *Tenant) securityDefaultsDemandsLocked(u *user, a signInAttempt) []demand {
	if !t.securityDefaults.Seen(t.instant(), t.opts.Lag) {
		return nil
	}
	d := demand{source: sourceSecurityDefaults, name: "security defaults", kind: demandRegister}
	switch {
	case a.client() == clientOther, a.isDeviceCode():
		d.kind = demandBlock
	case len(t.seenRolesLocked(u)) > 0:
		d.kind = demandMFA
	}
	return []demand{d}
}
