package analysis

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Strength is an authentication strength: the combinations of methods that satisfy it, as Graph writes them
// (password,softwareOath). Allowed is empty where they could not be read.
// https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy
type Strength struct {
	ID, Name string
	Allowed  []string
}

// builtIn are Microsoft's strengths, the same in every tenant.
// https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths
var builtIn = func() []Strength {
	resistant := []string{"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"}
	passwordless := slices.Concat(resistant, []string{"deviceBasedPush"})
	second := []string{
		"temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "password,microsoftAuthenticatorPush",
		"password,softwareOath", "password,hardwareOath", "password,sms", "password,voice", "federatedMultiFactor",
	}
	const id = "00000000-0000-0000-0000-00000000000"
	return []Strength{
		{id + "2", phrase.T("Multifactor authentication"), slices.Concat(passwordless, second)},
		{id + "3", phrase.T("Passwordless MFA"), passwordless},
		{id + "4", phrase.T("Phishing-resistant MFA"), resistant},
	}
}()

// strength finds the strength that a policy asks for, among what was read and then among the built-in ones.
func (f Facts) strength(g *graph.Grant) Strength {
	read, _ := f.Strengths.Value()
	for _, s := range slices.Concat(read, builtIn) {
		if strings.EqualFold(s.ID, g.StrengthID) && len(s.Allowed) > 0 {
			return s
		}
	}
	return Strength{ID: g.StrengthID, Name: g.StrengthName}
}

// isMFA reports that every combination that satisfies the strength is MFA: a tenant's own strength "may or may not" demand it. One whose
// combinations could not be read is not known to. https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy
func (s Strength) isMFA() bool {
	other := func(combination string) bool { return !builtIn[0].allows(combination) }
	return len(s.Allowed) > 0 && !slices.ContainsFunc(s.Allowed, other)
}

// methods are the kinds of authentication methods, as graph.AuthMethod names them, with the modes of each that satisfy
// a strength together with the password or alone.
var methods = []struct {
	kind  string
	modes []string
}{
	{"microsoftAuthenticator", []string{"password,microsoftAuthenticatorPush", "deviceBasedPush"}},
	{"softwareOath", []string{"password,softwareOath"}},
	{"phone", []string{"password,sms", "password,voice"}},
	{"fido2", []string{"fido2"}},
	{"temporaryAccessPass", []string{"temporaryAccessPassOneTime", "temporaryAccessPassMultiUse"}},
}

// MetBy are the kinds of methods with which the account can meet the strength. A password alone never is one, and an
// app password neither.
func (s Strength) MetBy() []string {
	var kinds []string
	for _, m := range methods {
		if slices.ContainsFunc(m.modes, s.allows) {
			kinds = append(kinds, m.kind)
		}
	}
	return kinds
}

// Registrable reports how surely the account can meet the strength with what it registers by itself: Authenticator,
// a one-time code or a telephone.
func (s Strength) Registrable() Certainty {
	if len(s.Allowed) == 0 {
		return May
	}
	if overlap(s.MetBy(), []string{"microsoftAuthenticator", "softwareOath", "phone"}) {
		return Sure
	}
	return No
}

// allows compares a combination in whatever order and spacing it is written.
func (s Strength) allows(combination string) bool {
	want := modes(combination)
	return slices.ContainsFunc(s.Allowed, func(a string) bool { return slices.Equal(modes(a), want) })
}

func modes(combination string) []string {
	parts := strings.FieldsFunc(combination, func(r rune) bool { return r == ',' || r == ' ' })
	slices.Sort(parts)
	return parts
}
