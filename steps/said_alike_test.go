package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// However far an onboarding came, what stays on the terminal and the report say the same of MFA, and the tenant says so too.
func TestTerminalReportAndTenantAgree(t *testing.T) {
	t.Parallel()
	profiles := fewer(5, []string{
		"business", "fresh", "branch-office", "security-defaults-p1", "migrated",
		"security-defaults", "privileged", "no-licence", "protected-actions", "phishing-resistant",
	})
	left := map[string]int{}
	for _, profile := range profiles {
		for _, stop := range fewer(3, steps.All()[3:]) {
			t.Run(profile+"/"+string(stop.Info().ID), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := rehearse(t, setup{profile: profile, options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
					r.letIn = true
					r.decideUntil(onboardings[profile], stop.Info().ID)
					r.inspect(stop.Info().ID)
					if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
						t.Fatal(err)
					}
					terminal := finding.Read(steps.Remains(t.Context(), r.run))
					h := r.hand(report.Left)
					r.run.Close()
					admin := slices.Contains(r.tenant.Snapshot().Users[serviceAccount].Roles, "Global Administrator")
					want := map[bool]string{true: report.MFAOn, false: report.MFAOff}[asksAlways(r.tenant, serviceAccount)]
					says := "MFA IS NOT ON for " + serviceAccount
					switch {
					case !admin && h.Verdict.MFA == report.MFAUntouched:
						want = report.MFAUntouched
						if says = "is no Global Administrator"; !strings.Contains(terminal, says) {
							says = "MFA is on for " + serviceAccount
						}
					case want == report.MFAOn:
						says = "MFA is on for " + serviceAccount
					}
					left[h.Verdict.MFA]++
					if stays := staysIn(h, "Second factor of "+serviceAccount); stays != (factorsOf(r.tenant, serviceAccount) > 0) {
						t.Errorf("that a second factor stays: %t", stays)
					}
					alarmed := slices.ContainsFunc(h.Verdict.Alarms, func(a string) bool { return strings.HasPrefix(a, "MFA is not") })
					if h.Verdict.MFA != want || !strings.Contains(terminal, says) || alarmed != (want == report.MFAOff) {
						t.Errorf("the tenant says %s; the report %s: %s %q; the terminal: %s", want, h.Verdict.MFA, h.Verdict.Sentence, h.Verdict.Alarms, terminal)
					}
					bare := strings.Contains(terminal, "HAS NO SECOND FACTOR")
					look := slices.ContainsFunc(h.Verdict.Alarms, func(a string) bool { return strings.Contains(a, "HAS NO SECOND FACTOR") })
					row := slices.IndexFunc(h.Next, func(n report.Next) bool { return strings.HasPrefix(n.What, "Finish the onboarding") })
					if open := admin && factorsOf(r.tenant, serviceAccount) == 0; bare != open || look != open || open && h.Account.SecondFactor != report.FactorNone {
						t.Errorf("without a factor %t; the terminal %t; the report %t, factor %q", open, bare, look, h.Account.SecondFactor)
					}
					if row < 0 || admin != strings.Contains(h.Next[row].What, "or disable "+serviceAccount) || bare != strings.Contains(h.Next[row].Why, "no second factor") {
						t.Errorf("section 9: %+v", h.Next)
					}
					if bare {
						left["no factor"]++
					}
					if want != report.MFAUntouched && !strings.Contains(h.Verdict.Sentence, says) {
						t.Errorf("the terminal says %q, and the report %q", says, h.Verdict.Sentence)
					}
				})
			})
		}
	}
	if left["no factor"] == 0 {
		t.Error("none was left without a second factor")
	}
	t.Logf("left with MFA %v", left)
}

// factorsOf is how many second factors an account has.
func factorsOf(tenant *simtest.Tenant, upn string) int {
	s := tenant.State
	s.Lock()
	defer s.Unlock()
	return len(s.Directory.UserByUPNLocked(upn).StrongMethods())
}

// asksAlways reports whether the tenant asks an account for a second factor at each of several sign-ins, as it is seen from outside.
func asksAlways(tenant *simtest.Tenant, upn string) bool {
	s := tenant.State
	s.Lock()
	defer s.Unlock()
	u := s.Directory.UserByUPNLocked(upn)
	if u.Factors.PerUserMFA != state.MFADisabled || s.Policies.SecurityDefaults.Latest() {
		return true
	}
	for _, from := range []state.SignInAttempt{
		{AppID: state.AppGraph, ClientApp: state.ClientBrowser},
		{AppID: state.AppGraph, ClientApp: state.ClientModern, Platform: "iOS"},
		{AppID: state.AppCommandLine, ClientApp: state.ClientModern, Platform: state.PlatformUnknown, IP: "198.51.100.44", Country: "NL"},
	} {
		asks := slices.ContainsFunc(s.Policies.ConditionalAccess.Latest(), func(p *conditionalaccess.Policy) bool {
			return p.State == "enabled" && s.Policies.PolicyAppliesLocked(p, u, entra.SignInFacts(from)) && slices.ContainsFunc(entra.DemandsOf(p), entra.Demand.SecondFactor)
		})
		if !asks {
			return false
		}
	}
	return true
}
