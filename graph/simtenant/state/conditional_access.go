package state

import (
	"maps"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// IsSuite reports the name of several applications: as an input of what-if it matches nothing.
func IsSuite(app string) bool { return appSuites[app] != nil }

// appSuites are the names under which policies take several applications together
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps).
var appSuites = map[string][]string{
	conditionalaccess.AppAdminPortals: {AppAzurePortal, appAdminBackend},
	"Office365":                       {AppExchange, "00000003-0000-0ff1-ce00-000000000000", "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"},
}

// WithSuites adds the suites that the applications belong to.
func WithSuites(apps ...string) []string {
	all := slices.Clone(apps)
	for _, suite := range slices.Sorted(maps.Keys(appSuites)) {
		if slices.ContainsFunc(apps, func(app string) bool { return slices.Contains(appSuites[suite], app) }) && !slices.Contains(all, suite) {
			all = append(all, suite)
		}
	}
	return all
}

// PolicyAppliesLocked says whether a policy, whatever its state, is about an account and a sign-in.
func (ps *Policies) PolicyAppliesLocked(p *conditionalaccess.Policy, u *User, f conditionalaccess.Facts) bool {
	applies, _ := ps.PolicyVerdictLocked(p, u, f)
	return applies
}

// PolicyVerdictLocked holds one policy, whatever its state, against an account and a sign-in.
func (ps *Policies) PolicyVerdictLocked(p *conditionalaccess.Policy, u *User, f conditionalaccess.Facts) (bool, string) {
	s := conditionalaccess.Subject{ID: u.ID, UPN: u.UPN, UserType: u.UserType, Roles: ps.directory.SeenRolesLocked(u)}
	for _, g := range ps.directory.GroupsOfLocked(u) {
		s.Groups = append(s.Groups, g.ID)
	}
	return p.Verdict(s, f, ps.Locations)
}

// MeetsStrengthLocked says whether u has a method that the authentication strength accepts.
func (ps *Policies) MeetsStrengthLocked(u *User, strengthID string) bool {
	i := slices.IndexFunc(ps.Strengths, func(s *conditionalaccess.AuthenticationStrength) bool { return s.ID == strengthID })
	if i < 0 {
		return false
	}
	modes := map[string][]string{
		MethodTOTP:          {"password,softwareOath"},
		MethodAuthenticator: {"password,microsoftAuthenticatorPush", "deviceBasedPush"},
		MethodFIDO2:         {"fido2"},
		MethodTAP:           {"temporaryAccessPassOneTime", "temporaryAccessPassMultiUse"},
	}
	return slices.ContainsFunc(u.Factors.Methods, func(m *Method) bool {
		return slices.ContainsFunc(modes[m.Kind], func(mode string) bool {
			return slices.Contains(ps.Strengths[i].AllowedCombinations, mode)
		})
	})
}

// RegistrableLocked says whether somebody with a password alone can register, in the sign-in that asks for it, a method that the
// authentication strength accepts. Passkeys, Windows Hello and certificates come by a device, an administrator or a second factor of a
// moment ago: who has none of them does not get in until one is registered elsewhere
// (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths). No page says under which number.
func (ps *Policies) RegistrableLocked(strengthID string) bool {
	s := ps.StrengthLocked(strengthID)
	return s != nil && slices.ContainsFunc(s.AllowedCombinations, func(mode string) bool {
		return slices.Contains([]string{"password,softwareOath", "password,microsoftAuthenticatorPush", "password,sms", "password,voice"}, mode)
	})
}

// StrengthLocked is the authentication strength with this id, or nil.
func (ps *Policies) StrengthLocked(id string) *conditionalaccess.AuthenticationStrength {
	i := slices.IndexFunc(ps.Strengths, func(s *conditionalaccess.AuthenticationStrength) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return ps.Strengths[i]
}
