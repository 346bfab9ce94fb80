package simtenant

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
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
func buildHalfDone(t *builder) {
	buildBusiness(t)
	t.backdate(interrupted, func() {
		operator, u := t.serviceAccount("Lost-With-The-Run-2026")
		t.Policies.ConditionalAccess.Settle(t.suspendedLocked(operator, u))
	})
}

// serviceAccount is the account that an onboarding makes, a Global Administrator, and who made it.
func (b *builder) serviceAccount(password string) (operator, u *state.User) {
	operator = b.Directory.UserByUPNLocked(state.OperatorUPN)
	u = b.Directory.SeedUser(state.Employee{UPN: onboardedUPN, Name: onboardedName, Password: password})
	u.Created, u.Credentials.LastChange, u.Sessions.ValidFrom = b.Instant(), b.Instant(), b.Instant()
	u.Credentials.Policies = "DisablePasswordExpiration"
	u.Attributes = map[string]any{"usageLocation": "AT", "jobTitle": onboardedTitle}
	b.Log.AuditUserLocked(operator, u, state.NewActivity("Add user", "Core Directory", "Add"))

	a := state.RoleAssignment{ID: b.NewKeyLocked(41) + "-1", PrincipalID: u.ID, RoleID: state.RoleGlobalAdministrator, Scope: "/", Created: b.Instant()}
	b.Directory.Assignments.Settle(append(slices.Clone(b.Directory.Assignments.Latest()), a))
	role, _ := state.RoleByID(a.RoleID)
	b.Directory.AuditRoleLocked(operator, "Add member to role", "Assign", a, role)
	return operator, u
}

// backdate does what f does as if it were that long ago.
func (b *builder) backdate(ago time.Duration, f func()) {
	now := b.Now
	b.Now = func() time.Time { return now().Add(-ago) }
	f()
	b.Now = now
}

// suspendedLocked are the policies with u excluded from those that demand MFA of it at Delegate365's setup.
func (b *builder) suspendedLocked(actor, u *state.User) []*conditionalaccess.Policy {
	setup := entra.SignInFacts(state.SignInAttempt{AppID: web.AppPortalSetup.ID, ClientApp: state.ClientBrowser})
	list := slices.Clone(b.Policies.ConditionalAccess.Latest())
	for i, p := range list {
		if p.State != conditionalaccess.Enabled || !slices.ContainsFunc(entra.DemandsOf(p), entra.Demand.SecondFactor) || !b.Policies.PolicyAppliesLocked(p, u, setup) {
			continue
		}
		list[i] = p.Excluding(u.ID, b.Instant())
		b.Log.AuditPolicyLocked(actor, state.NewActivity("Update conditional access policy", "Conditional Access", "Update"), p.DisplayName, p.ID, state.Change{Name: "excludeUsers", Before: "", After: u.ID})
	}
	return list
}
