package simtenant

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// The service account that an onboarding makes, as a client of this tenant writes it. The title is the mark by which the
// client knows its own account again.
const (
	onboardedUPN   = "service.delegate365@contoso.com"
	onboardedName  = "Delegate365 Service"
	onboardedTitle = "Delegate365 service account (delegate365-onboard)"
)

// interrupted is how long ago the onboarding of the profile half-done was killed.
const interrupted = 2 * time.Hour

// buildHalfDone is the company of business two hours after an onboarding was killed while MFA was suspended: the service
// account is Global Administrator, its per-user MFA is disabled, and it is excluded from what would ask it for MFA.
func buildHalfDone(t *Tenant) {
	buildBusiness(t)
	t.backdate(interrupted, func() {
		operator := t.userByUPNLocked(operatorUPN)
		u := t.seedUser(employee{upn: onboardedUPN, name: onboardedName, password: "Lost-With-The-Run-2026"})
		u.created, u.lastPasswordChange, u.sessionsValidFrom = t.instant(), t.instant(), t.instant()
		u.passwordPolicies = "DisablePasswordExpiration"
		u.attributes = map[string]any{"usageLocation": "AT", "jobTitle": onboardedTitle}
		t.auditUserLocked(operator, u, "Add user", "Core Directory", "Add")

		a := roleAssignment{id: t.newSecretLocked(41) + "-1", principalID: u.id, roleID: roleGlobalAdministrator, scope: "/", created: t.instant()}
		t.assignments.Settle(append(slices.Clone(t.assignments.Latest()), a))
		role, _ := roleByID(a.roleID)
		t.auditRoleLocked(operator, "Add member to role", "Assign", a, role)

		t.policies.Settle(t.suspendedLocked(operator, u))
	})
}

// backdate does what f does as if it were that long ago.
func (t *Tenant) backdate(ago time.Duration, f func()) {
	now := t.now
	t.now = func() time.Time { return now().Add(-ago) }
	f()
	t.now = now
}

// suspendedLocked are the policies with u excluded from those that demand MFA of it at Delegate365's setup.
func (t *Tenant) suspendedLocked(actor, u *user) []*conditionalaccess.Policy {
	setup := signInFacts(signInAttempt{AppID: appPortalSetup.ID, ClientApp: clientBrowser})
	list := slices.Clone(t.policies.Latest())
	for i, p := range list {
		if p.State != conditionalaccess.Enabled || !slices.ContainsFunc(demandsOf(p), demand.secondFactor) || !t.policyAppliesLocked(p, u, setup) {
			continue
		}
		list[i] = p.Excluding(u.id, t.instant())
		t.auditPolicyLocked(actor, "Update conditional access policy", "Conditional Access", p.DisplayName, p.ID, change{"excludeUsers", "", u.id})
	}
	return list
}
