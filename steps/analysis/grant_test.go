package analysis

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

const ruleSession = learn + "entra/identity/conditional-access/concept-session-lifetime"

var grantRows = []row{
	{name: "session controls only", rule: learn + "entra/identity/conditional-access/concept-conditional-access-session: session controls limit, they ask for nothing", facts: everybody(noGrant)},
	{name: "no controls at all", rule: ruleGrant + ": a grant without controls asks for nothing", facts: everybody(granting("OR"))},
	{name: "sign-in frequency", rule: ruleSession + ": sign-in frequency asks for the sign-in again, not for a factor", facts: everybody(noGrant, everyTime)},
	{name: "sign-in frequency and MFA", rule: ruleSession + ": every time can be combined with MFA", facts: everybody(everyTime), want: "CA: sure MFA everywhere"},
	{name: "sign-in frequency elsewhere", rule: ruleSession + ": sign-in frequency is for the selected resources", facts: everybody(noGrant, everyTime, only(otherApp))},
	{name: "sign-in frequency, report-only", rule: ruleSession + ": sign-in frequency of a policy that is off does nothing", facts: everybody(noGrant, everyTime, in(graph.StateReportOnly))},
	{name: "MFA", rule: ruleGrant + ": require multifactor authentication", facts: everybody(), want: "CA: sure MFA everywhere"},
	{name: "block", rule: ruleGrant + ": block access blocks under the assignments", facts: everybody(granting("OR", "block")), want: "CA: sure block"},
	{name: "compliant device", rule: ruleGrant + ": the device has to be marked as compliant", facts: everybody(granting("OR", "compliantDevice")), want: "CA: sure device"},
	{name: "hybrid joined device", rule: ruleGrant + ": the device has to be hybrid joined", facts: everybody(granting("OR", "domainJoinedDevice")), want: "CA: sure device"},
	{name: "either device", rule: ruleGrant + ": one of the selected controls is enough, and both need a device", facts: everybody(granting("OR", "compliantDevice", "domainJoinedDevice")), want: "CA: sure device"},
	{name: "approved client app", rule: ruleGrant + ": an approved client app is on iOS or Android", facts: everybody(granting("OR", "approvedApplication")), want: "CA: sure app"},
	{name: "app protection policy", rule: ruleGrant + ": an app protection policy has to be present on the client app", facts: everybody(granting("OR", "compliantApplication")), want: "CA: sure app"},
	{name: "password change", rule: ruleGrant + ": a secure password change is asked for at user risk", facts: everybody(granting("AND", "mfa", "passwordChange"), func(p *graph.Policy) { p.Risk.User = ids("high") }), want: "CA: may MFA+password"},
	{name: "risk remediation", rule: ruleGrant + ": risk remediation is asked for at user risk", facts: everybody(granting("AND", "riskRemediation"), func(p *graph.Policy) { p.Risk.User = ids("high") }), want: "CA: may remediation"},
	{name: "terms of use", rule: ruleGrant + ": terms of use have to be accepted", facts: everybody(granting("OR"), terms), want: "CA: sure terms"},
	{name: "custom control", rule: learn + "entra/identity/conditional-access/controls: custom controls redirect to another service", facts: everybody(granting("OR"), custom), want: "CA: sure custom"},
	{name: "a control of next year", rule: ruleGrant + ": all controls that are selected have to be satisfied", facts: everybody(granting("OR", "newControl")), want: "CA: sure unknown"},
	{name: "MFA or compliant device", rule: ruleGrant + ": require one of the selected controls: the device may be enough", facts: everybody(granting("OR", "mfa", "compliantDevice")), want: "CA: may MFA+device"},
	{name: "MFA and compliant device", rule: ruleGrant + ": require all the selected controls", facts: everybody(granting("AND", "mfa", "compliantDevice")), want: "CA: sure MFA+device everywhere"},
	{name: "MFA or an approved app", rule: ruleGrant + ": require one of the selected controls: the app may be enough", facts: everybody(granting("OR", "mfa", "approvedApplication")), want: "CA: may MFA+app"},
	{name: "MFA or terms of use", rule: ruleGrant + ": whichever is chosen, the password alone is not enough", facts: everybody(terms), want: "CA: sure MFA+terms"},
	{name: "MFA or a custom control", rule: ruleGrant + ": another factor may stand in for MFA, the password never", facts: everybody(custom), want: "CA: sure MFA+custom"},
	{name: "MFA or device, legacy authentication", rule: ruleBlockLegacy + ": legacy clients show no device and do no MFA, so they are blocked", facts: everybody(granting("OR", "mfa", "compliantDevice")), signIn: LegacyAuthentication(), want: "CA: sure MFA+device"},
	{name: "device, legacy authentication", rule: ruleBlockLegacy + ": legacy clients show no device", facts: everybody(granting("OR", "compliantDevice")), signIn: LegacyAuthentication(), want: "CA: sure device"},
	{name: "MFA or device, what-if says yes", rule: ruleWhatIf + ": what-if says that a policy applies, not what satisfies it", facts: with(everybody(granting("OR", "mfa", "compliantDevice")), whatIf(SetupBrowser(""), "CA")), want: "CA: may MFA+device"},
}

func everyTime(p *graph.Policy) { p.Session = true }

const (
	multifactor  = "00000000-0000-0000-0000-000000000002"
	passwordless = "00000000-0000-0000-0000-000000000003"
	resistant    = "00000000-0000-0000-0000-000000000004"
	ownStrength  = "cccc0001-0000-4000-8000-000000000001"
)

// combinations is a strength of the tenant's own.
func combinations(allowed ...string) func(*Facts) {
	return func(f *Facts) {
		f.Strengths = Read([]Strength{{ID: ownStrength, Name: "Own", Allowed: allowed}}, nil)
	}
}

// metBy is the strength that is asked for, and what meets it.
func metBy(f Facts, s SignIn) string {
	for _, d := range Demands(f, s) {
		if d.Strength != nil {
			return d.Strength.Name + " " + d.Strength.Registrable().String() + " " + strings.Join(d.Strength.MetBy(), ",")
		}
	}
	return ""
}

const ruleOwnStrength = learn + "entra/identity/authentication/concept-authentication-strength-advanced-options"

var strengthRows = []row{
	{name: "multifactor", rule: ruleStrengths + ": the MFA strength allows a password with a second factor", facts: everybody(strength(multifactor)), judge: metBy, want: "Multifactor authentication sure microsoftAuthenticator,softwareOath,phone,fido2,temporaryAccessPass"},
	{name: "passwordless", rule: ruleStrengths + ": the passwordless strength allows Authenticator without a password", facts: everybody(strength(passwordless)), judge: metBy, want: "Passwordless MFA sure microsoftAuthenticator,fido2"},
	{name: "phishing-resistant", rule: ruleStrengths + ": the phishing-resistant strength allows passkeys, Windows Hello and certificates", facts: everybody(strength(resistant)), judge: metBy, want: "Phishing-resistant MFA no fido2"},
	{name: "own, with one-time codes", rule: ruleOwnStrength + ": a custom strength allows chosen combinations", facts: with(everybody(strength(ownStrength)), combinations("softwareOath, password")), judge: metBy, want: "Own sure softwareOath"},
	{name: "own, with a passkey", rule: ruleOwnStrength + ": passkeys can be all that is allowed", facts: with(everybody(strength(ownStrength)), combinations("fido2")), judge: metBy, want: "Own no fido2"},
	{name: "own, a password in name", rule: ruleStrengths + ": a password counts only in a combination", facts: with(everybody(strength(ownStrength)), combinations("password")), judge: metBy, want: "Own no "},
	{name: "own, a password in name, demanded", rule: ruleOwnStrength + ": a strength may or may not grant an MFA claim", facts: with(everybody(strength(ownStrength)), combinations("password")), want: "CA: sure strength"},
	{name: "own, with a code for the front line, demanded", rule: ruleOwnStrength + ": a strength may or may not grant an MFA claim", facts: with(everybody(strength(ownStrength)), combinations("fido2", "qrCodePin")), want: "CA: sure strength"},
	{name: "own, MFA only, demanded", rule: ruleOwnStrength + ": a strength may or may not grant an MFA claim", facts: with(everybody(strength(ownStrength)), combinations("fido2", "softwareOath, password")), want: "CA: sure strength everywhere"},
	{name: "own, not read, demanded", rule: ruleOwnStrength + ": a strength may or may not grant an MFA claim", facts: everybody(strength(ownStrength)), want: "CA: sure strength"},
	{name: "own, with a pass", rule: ruleOwnStrength + ": a Temporary Access Pass can be allowed", facts: with(everybody(strength(ownStrength)), combinations("temporaryAccessPassOneTime")), judge: metBy, want: "Own no temporaryAccessPass"},
	{name: "own, not read", rule: ruleStrengths + ": what meets a strength is in its allowed combinations", facts: everybody(strength(ownStrength)), judge: metBy, want: ownStrength + " may "},
	{name: "demanded", rule: ruleStrengths + ": a policy can require a strength in place of MFA", facts: everybody(strength(resistant)), want: "CA: sure strength everywhere"},
	{name: "demanded of legacy authentication", rule: ruleBlockLegacy + ": a legacy client can meet no strength", facts: everybody(strength(multifactor)), signIn: LegacyAuthentication(), want: "CA: sure strength everywhere"},
	{name: "or a device", rule: ruleGrant + ": require one of the selected controls, a strength among them", facts: everybody(strength(multifactor), func(p *graph.Policy) { p.Grant.Controls = ids("compliantDevice") }), want: "CA: may device+strength"},
}
