package web

import (
	"net/http"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file: these pages are admin portals, so they demand a second factor of everybody, and registration of
// whoever has none (mandatory MFA,
// https://learn.microsoft.com/entra/identity/authentication/concept-mandatory-multifactor-authentication).

var appAdminPortal = application{state.AppAzurePortal, "Azure Portal"}

// admin is the signed-in account when it holds one of the roles that may change multi-factor settings.
func (v *visit) admin() (accountFacts, bool) {
	facts, ok := v.require(appAdminPortal, always)
	if !ok {
		return facts, false
	}
	if !state.HoldsAny(facts.Roles, []string{state.RoleAuthenticationPolicyAdmin}) {
		v.refuse(http.StatusForbidden, "No access",
			"This page is for administrators: a Global Administrator or an Authentication Policy Administrator. You are "+facts.UPN+".",
			&link{"/sign-out", "Sign out"})
		return facts, false
	}
	return facts, true
}

type serviceSettingsView struct {
	Allowed    bool
	TrustedIPs string // one range a line
}

func (s *Site) showServiceSettings(v *visit) {
	if _, ok := v.admin(); ok {
		v.show("service-settings", "Service settings", pageOf(v).serviceSettings(serviceSettingsView{s.appPasswordsAllowed(), strings.Join(s.t.MFA.TrustedIPs(), "\n")}))
	}
}

func (s *Site) saveServiceSettings(v *visit) {
	facts, ok := v.admin()
	if !ok {
		return
	}
	if err := s.t.MFA.SetTrustedIPs(facts.ID, strings.Fields(v.form("trusted-ips"))); err != nil {
		v.refuse(http.StatusBadRequest, "Nothing was saved", "The ranges were refused: "+err.Error()+".", nil)
		return
	}
	switch v.form("app-passwords") {
	case "allow":
		s.t.MFA.SetAllowAppPasswords(facts.ID, true)
	case "deny":
		s.t.MFA.SetAllowAppPasswords(facts.ID, false)
	default:
		v.refuse(http.StatusBadRequest, "Nothing was saved", "Choose one of the two.", nil)
		return
	}
	v.session.notice = "Updates successful. The settings were saved."
	v.redirect(v.r.URL.Path)
}

type perUserMFAView struct {
	Users  []perUserMFARow
	Search string
}

type perUserMFARow struct {
	ID, Name, UPN, State string
	Choices              []mfaChoice
}

type mfaChoice struct{ Value, Text string }

// mfaChoices are the changes the portal offers in each state: nobody is enforced before being enabled.
var mfaChoices = map[string][]mfaChoice{
	state.MFADisabled: {{state.MFAEnabled, "Enable"}},
	state.MFAEnabled:  {{state.MFAEnforced, "Enforce"}, {state.MFADisabled, "Disable"}},
	state.MFAEnforced: {{state.MFADisabled, "Disable"}},
}

var mfaWords = map[string]string{state.MFADisabled: "Disabled", state.MFAEnabled: "Enabled", state.MFAEnforced: "Enforced"}

func (s *Site) showPerUserMFA(v *visit) {
	if _, ok := v.admin(); !ok {
		return
	}
	data := perUserMFAView{Search: strings.TrimSpace(v.r.URL.Query().Get("search"))}
	for _, m := range s.members() {
		if strings.Contains(strings.ToLower(m.Name+" "+m.UPN), strings.ToLower(data.Search)) {
			data.Users = append(data.Users, perUserMFARow{m.ID, m.Name, m.UPN, mfaWords[m.MFAState], mfaChoices[m.MFAState]})
		}
	}
	v.show("per-user-mfa", "Per-user multi-factor authentication", pageOf(v).perUserMFA(data))
}

func (s *Site) savePerUserMFA(v *visit) {
	facts, ok := v.admin()
	if !ok {
		return
	}
	target, state := v.form("user"), v.form("state")
	if err := s.t.MFA.SetPerUserMFA(facts.ID, target, state); err != nil {
		v.refuse(http.StatusBadRequest, "Nothing was changed", "The change was refused: "+err.Error()+".", nil)
		return
	}
	changed, _ := s.facts(target)
	v.session.notice = "Updates successful. " + changed.UPN + " is " + mfaWords[changed.MFAState] + "."
	v.redirect(v.r.URL.RequestURI())
}
