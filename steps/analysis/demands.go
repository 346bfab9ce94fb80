package analysis

import (
	"slices"
	"sort"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

const (
	sourcePerUser  = "per-user MFA"
	sourceDefaults = "security defaults"
)

// Demands decides what stands between the account and a sign-in with its password alone, one demand for each source,
// in the order in which a portal would be searched for them.
func Demands(f Facts, s SignIn) []Demand {
	var out []Demand
	for _, source := range []func(Facts, SignIn) []Demand{perUser, securityDefaults, conditionalAccess, mandatory, recent, selfService} {
		out = append(out, source(f, s)...)
	}
	return append(out, campaign(f, s, out)...)
}

// SetupDemands are what stands between the account and one of the two sign-ins of the setup. Of a source that is found in
// both the surer demand counts.
func SetupDemands(f Facts) []Demand {
	var out []Demand
	for _, s := range Setup(f.Platform) {
		for _, d := range Demands(f, s) {
			i := slices.IndexFunc(out, d.sameSource)
			switch {
			case i < 0:
				out = append(out, d)
			case d.surer(out[i]):
				out[i] = d
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Kind < out[j].Kind })
	return out
}

// surer reports that d counts before another demand of the same source.
func (d Demand) surer(other Demand) bool {
	if d.Expected() != other.Expected() {
		return d.Expected()
	}
	return d.Certainty > other.Certainty || d.Certainty == other.Certainty && other.Open() && !d.Open()
}

func (d Demand) sameSource(other Demand) bool {
	if d.Kind != other.Kind || (d.Policy == nil) != (other.Policy == nil) {
		return false
	}
	return d.Policy == nil || d.Policy.ID == other.Policy.ID
}

// perUser is the account's own state. An enabled account may use legacy authentication with its password until it has
// registered; an enforced one needs an app password for it.
func perUser(f Facts, s SignIn) []Demand {
	state, known := f.PerUser.Value()
	if !known || state == graph.MFADisabled {
		return nil
	}
	d := Demand{Source: sourcePerUser, Kind: PerUserMFA, Certainty: Sure, Lift: ByState, Rule: rulePerUser, Why: phrase.T("its state is %s", StateWord(state).Spoken)}
	switch {
	case state != graph.MFAEnabled && state != graph.MFAEnforced:
		d.Certainty, d.Asks, d.Why = May, []Ask{AskMFA}, phrase.T("its state is %s, which this program does not know", string(state))
	case s.Legacy() && state == graph.MFAEnabled:
		return nil
	case s.Legacy():
		d.Asks = []Ask{AskAppPassword}
	case state == graph.MFAEnabled:
		d.Asks, d.Everywhere, d.Except = []Ask{AskRegistration, AskMFA}, true, PerUserExceptions
	default:
		d.Asks, d.Everywhere, d.Except = []Ask{AskMFA}, true, PerUserExceptions
	}
	return []Demand{d}
}

// PerUserExceptions is what per-user MFA may leave out. Which ranges and devices a tenant trusts stands in its MFA service
// settings, and Graph has no document of them: unknown, and so said wherever the state is shown as what demands MFA
// (https://learn.microsoft.com/entra/identity/authentication/howto-mfa-mfasettings#trusted-ips).
const PerUserExceptions = "The tenant may trust IP ranges and remembered devices, from which it asks for nothing; that can't be read here."

// defaultsRoles are those of which security defaults demand MFA at every sign-in.
// https://learn.microsoft.com/entra/fundamentals/security-defaults
var defaultsRoles = []string{
	graph.GlobalAdministrator, graph.PrivilegedRoleAdministrator, graph.PrivilegedAuthenticationAdministrator,
	graph.AuthenticationPolicyAdministrator, graph.AuthenticationAdministrator, graph.ConditionalAccessAdministrator,
	graph.SecurityAdministrator, graph.UserAdministrator,
	"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", // Application Administrator
	"b0f54661-2d74-4c50-afa3-1ec803f12efe", // Billing Administrator
	"158c047a-c907-4556-b7ef-446551a6b5f7", // Cloud Application Administrator
	"29232cdf-9323-42fd-ade2-1d097af3e4de", // Exchange Administrator
	"729827e3-9c14-49f7-bb1b-9608f156bbb8", // Helpdesk Administrator
	"966707d0-3269-4727-9be2-8c3a10f19b9d", // Password Administrator
	"f28a1f50-f6e7-4571-818b-6a12f2af6b6c", // SharePoint Administrator
	"45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", // Identity Governance Administrator
}

func (a Account) administrator() bool { return overlap(a.Roles, defaultsRoles) }

// securityDefaults make everybody register at once, ask administrators every time and others when Microsoft finds it
// necessary, and refuse legacy authentication. Nobody can be excluded from them.
func securityDefaults(f Facts, s SignIn) []Demand {
	if on, known := f.SecurityDefaults.Value(); !known || !on {
		return nil
	}
	d := Demand{Source: sourceDefaults, Kind: SecurityDefaults, Certainty: Sure, Lift: ByTenant, Rule: ruleDefaults}
	switch {
	case s.Legacy():
		d.Asks, d.Why = []Ask{AskBlock}, phrase.T("they refuse every legacy protocol")
	case f.Account.administrator():
		d.Asks, d.Everywhere, d.Why = []Ask{AskRegistration, AskMFA}, true, phrase.T("they demand MFA of every administrator")
	default:
		d.Asks, d.Why = []Ask{AskRegistration}, phrase.T("they make everybody register for MFA")
	}
	return []Demand{d}
}

// mandatory is the MFA that Microsoft's admin portals demand of everybody, excluded or not.
func mandatory(f Facts, s SignIn) []Demand {
	if f.Sovereign || !has(s.Apps, AppAdminPortal) {
		return nil
	}
	return []Demand{{
		Source: phrase.T("mandatory MFA of the admin portals"), Kind: MandatoryMFA, Certainty: Sure, Lift: Never, Asks: []Ask{AskMFA},
		Why: phrase.T("Microsoft's admin portals demand it of every account"), Rule: ruleMandatory,
	}}
}

// recent is the MFA that the security-info page demands of who has a method, unless it was done ten minutes ago.
func recent(f Facts, s SignIn) []Demand {
	registered, known := f.registered()
	if s.UserAction != actionRegister || known && !registered {
		return nil
	}
	d := Demand{
		Source: phrase.T("recent MFA for the security-info page"), Kind: RecentMFA, Certainty: Sure, Lift: Never, Asks: []Ask{AskMFA},
		Why: phrase.T("the page asks for MFA again after ten minutes"), Rule: ruleRegistration,
	}
	if !known {
		d.Certainty, d.Doubts = May, []Doubt{{What: phrase.T("what the account has registered"), Rule: ruleRegistration}}
	}
	return []Demand{d}
}

// selfService is the registration for self-service password reset, for which administrators are enabled by default.
// Where nothing else asks for registration, it can be put off without end.
func selfService(f Facts, s SignIn) []Demand {
	on, _ := f.SSPR.Value()
	if registered, _ := f.registered(); !on || registered || s.Legacy() || !f.Account.administrator() {
		return nil
	}
	return []Demand{{
		Source: phrase.T("self-service password reset"), Kind: SelfServicePasswordReset, Certainty: May, Lift: ByTenant, Skippable: true,
		Asks: []Ask{AskRegistration}, Why: phrase.T("an administrator is asked to register for it, and may put it off"), Rule: ruleSSPR,
	}}
}

// campaign is the registration campaign, which comes after a completed MFA: where nothing else asks for MFA it never
// shows. One that could not be read can't be changed either, and is left.
func campaign(f Facts, s SignIn, before []Demand) []Demand {
	c, known := f.Campaign.Value()
	after := slices.ContainsFunc(before, func(d Demand) bool { return d.AsksMFA() && d.Expected() })
	if !known || !c.On || c.Excluded || s.Legacy() || !after {
		return nil
	}
	return []Demand{{
		Source: phrase.T("registration campaign"), Kind: RegistrationCampaign, Certainty: May, Lift: ByExclusion, Skippable: c.Snooze,
		Asks: []Ask{AskRegistration}, Why: phrase.T("it asks for another method after MFA was done"), Rule: ruleCampaign,
	}}
}

// StateWord is a state of per-user MFA in a word. One that this program does not know stands as Microsoft names it.
func StateWord(s graph.MFAState) phrase.Pair {
	switch s {
	case graph.MFAEnforced:
		return phrase.Both("enforced")
	case graph.MFAEnabled:
		return phrase.Both("enabled")
	case graph.MFADisabled:
		return phrase.Both("disabled")
	case "":
		return phrase.Both("not known")
	}
	return phrase.Same(string(s))
}
