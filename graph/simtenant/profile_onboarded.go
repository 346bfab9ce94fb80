package simtenant

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
)

// onboardedAgo is how long ago the onboarding of the profile onboarded was finished, and driftedAgo what happened in drifted since.
const (
	onboardedAgo = 21 * 24 * time.Hour
	driftedAgo   = 3 * 24 * time.Hour
)

// onboardingScopes are those that the operator accepted for an onboarding of the company of business.
var onboardingScopes = []string{
	"Application.Read.All", "AuditLog.Read.All", "Directory.Read.All", "Domain.Read.All", "LicenseAssignment.Read.All", "Organization.Read.All",
	"Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod", "Policy.ReadWrite.ConditionalAccess", "RoleManagement.Read.Directory",
	"RoleManagement.ReadWrite.Directory", "SecurityEvents.Read.All", "User.Read", "User.Read.All", "User.ReadWrite.All", "UserAuthenticationMethod.Read.All",
}

// buildOnboarded is the company of business three weeks after its onboarding was finished: everything stands as it should.
func buildOnboarded(t *builder) {
	buildBusiness(t)
	t.backdate(onboardedAgo, func() {
		operator, u := t.serviceAccount("Kept-By-The-Vendor-2026")
		t.entra.Consents.ConsentLocked(operator, t.Applications.InstallLocked(operator, &state.CommandLineTools), onboardingScopes, true)
		web.InstallLocked(t.Tenant, u)
		t.setUp = u
		t.Log.SignIns = append(t.Log.SignIns, &state.SignInEntry{
			ID: t.NewTraceIDLocked(), CorrelationID: t.NewTraceIDLocked(), At: t.Instant(), User: u,
			Attempt: state.SignInAttempt{UPN: u.UPN, AppID: web.AppPortalSetup.ID, AppName: web.AppPortalSetup.Name},
		})
		u.Factors = state.Factors{
			PerUserMFA:   state.MFAEnforced,
			Methods:      []*state.Method{{ID: t.NewIDLocked(), Kind: state.MethodAuthenticator, Name: "Telephone of the provider", Created: t.Instant()}},
			AppPasswords: []*state.AppPassword{{ID: t.NewIDLocked(), Name: "Delegate365", Secret: "abcdefghijklmnop", Created: t.Instant()}},
		}
		t.Log.AuditUserLocked(operator, u, state.NewActivity("Update per-user multifactor authentication state", "Authentication Methods", "Update"))
		setting := t.MFA.Service.Latest()
		setting.AllowAppPasswords = true
		t.MFA.Service.Settle(setting)
	})
}

// drifts are what happens to an onboarded tenant in time, by name. Each is somebody's honest work.
var drifts = map[string]func(*builder, *state.User){
	"mfa-off": func(t *builder, u *state.User) {
		u.Factors.PerUserMFA = state.MFADisabled
		t.Log.AuditUserLocked(t.Directory.UserByUPNLocked("helpdesk@contoso.com"), u, state.NewActivity("Update per-user multifactor authentication state", "Authentication Methods", "Update"))
	},
	"no-factor": func(t *builder, u *state.User) {
		u.Factors.Methods = nil
		t.Log.AuditUserLocked(t.Directory.UserByUPNLocked("helpdesk@contoso.com"), u, state.NewActivity("Admin deleted security info", "Authentication Methods", "Delete"))
	},
	"excluded": func(t *builder, u *state.User) {
		list := slices.Clone(t.Policies.ConditionalAccess.Latest())
		i := slices.IndexFunc(list, func(p *conditionalaccess.Policy) bool { return strings.HasPrefix(p.DisplayName, "CA01") })
		list[i] = list[i].Excluding(u.ID, t.Instant())
		t.Policies.ConditionalAccess.Settle(list)
		t.Log.AuditPolicyLocked(t.Directory.UserByUPNLocked("policies@contoso.com"), state.NewActivity("Update conditional access policy", "Conditional Access", "Update"),
			list[i].DisplayName, list[i].ID, state.Change{Name: "excludeUsers", Before: "", After: u.ID})
	},
	"policy-blocks": func(t *builder, u *state.User) {
		p := t.Policies.NewPolicy("CA12 - Block administrators without a managed device", conditionalaccess.Enabled,
			conditionalaccess.Users{IncludeRoles: []string{state.RoleGlobalAdministrator}, ExcludeUsers: []string{t.Directory.UserByUPNLocked(state.OperatorUPN).ID, t.Directory.UserByUPNLocked("breakglass@contoso.onmicrosoft.com").ID}}, state.Grant("block"))
		p.CreatedDateTime = t.Instant()
		t.Policies.ConditionalAccess.Settle(append(slices.Clone(t.Policies.ConditionalAccess.Latest()), p))
		t.Log.AuditPolicyLocked(t.Directory.UserByUPNLocked("policies@contoso.com"), state.NewActivity("Add conditional access policy", "Conditional Access", "Add"), p.DisplayName, p.ID)
	},
	"credential-ends": func(t *builder, u *state.User) {
		for _, r := range t.Applications.Registered {
			if r.DisplayName == web.SetupPhases[0].Name() {
				r.Credentials[0].Ends = t.Instant().Add(2 * 7 * 24 * time.Hour)
			}
		}
	},
}

// Drifts lists the names that Drift takes, sorted.
func Drifts() []string { return slices.Sorted(maps.Keys(drifts)) }

// Drift lets one of them happen to the account of the profile onboarded, some days ago.
func Drift(t *Tenant, name string) error {
	happen := drifts[name]
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(onboardedUPN)
	if happen == nil || u == nil {
		return fmt.Errorf("unknown drift %q of an onboarded tenant: known are %s", name, strings.Join(Drifts(), ", "))
	}
	b := &builder{Tenant: t.State, entra: t.Entra}
	b.backdate(driftedAgo, func() { happen(b, u) })
	return nil
}

// buildDrifted is the tenant of onboarded, to which everything has happened.
func buildDrifted(t *builder) {
	buildOnboarded(t)
	u := t.Directory.UserByUPNLocked(onboardedUPN)
	t.backdate(driftedAgo, func() {
		for _, name := range Drifts() {
			drifts[name](t, u)
		}
	})
}
