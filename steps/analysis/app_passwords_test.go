package analysis

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// offered and usable are the answer, and the pages of the reasons; not those that always stand, about mail submission.
func offered(f Facts, _ SignIn) string { return answered(f, Offered) }
func usable(f Facts, _ SignIn) string  { return answered(f, Usable) }

func answered(f Facts, q Question) string {
	v := AppPasswords(f)
	words := []string{[...]Certainty{v.Offered, v.Usable}[q].String()}
	for _, r := range v.Reasons {
		if r.Of == q && r.Rule != ruleSubmission {
			words = append(words, r.Text+" / "+r.WayOut)
		}
	}
	return strings.Join(words, "; ")
}

func ready(policies ...graph.Policy) Facts {
	return with(on(admin, policies...), state(graph.MFAEnforced), registered("softwareOath"))
}

func setting(on bool) func(*Facts) { return func(f *Facts) { f.AppPasswords = Read(on, nil) } }

const (
	exclude    = `exclude the account from "CA"`
	before     = `"CA" stands before the security-info page: it is about all users and `
	undecided  = `"CA" asks legacy authentication for MFA, and Microsoft does not say whether an app password meets that`
	refuses    = `"CA" refuses legacy authentication: it is about all users and `
	enforce    = "set per-user MFA of this account to enforced"
	turnOff    = "Delegate365 without an app password, or security defaults off for good, for the whole tenant"
	defaultsOn = "security defaults are on: no app password is offered, and every legacy protocol is refused"
	readRole   = "sign in with a role that may read policies"
)

var offeredRows = []row{
	{name: "enforced", rule: ruleRegistration + ": app passwords are for users who are enforced for per-user MFA", judge: offered, facts: ready(), want: "sure"},
	{name: "enabled", rule: ruleRegistration + ": app passwords are not for users who are only enabled", judge: offered, facts: with(ready(), state(graph.MFAEnabled)), want: "no; per-user MFA is enabled and not yet enforced / " + enforce + " once it has registered"},
	{name: "disabled", rule: ruleRegistration + ": app passwords are not for users without per-user MFA", judge: offered, facts: with(ready(), state(graph.MFADisabled)), want: "no; per-user MFA is disabled / " + enforce},
	{name: "only Conditional Access", rule: ruleRegistration + ": app passwords are not for users enabled by a Conditional Access policy", judge: offered, facts: with(ready(ca()), state(graph.MFADisabled)), want: "no; only Conditional Access demands MFA of the account, and that brings no app passwords / " + enforce},
	{name: "Conditional Access as well", rule: ruleRegistration + ": enforced per-user MFA is what counts", judge: offered, facts: ready(ca()), want: "sure"},
	{name: "the state that it will have", rule: rulePerUser + ": an administrator can move a user to enforced", judge: offered, facts: on(admin).WithState(graph.MFAEnforced), want: "sure"},
	{name: "state not read", rule: rulePerUser + ": the state decides", judge: offered, facts: with(ready(), func(f *Facts) { f.PerUser = Reading[graph.MFAState]{} }), want: "may; the account's per-user MFA state is not known / " + enforce},
	{name: "security defaults", rule: ruleDefaults + ": users show as disabled for per-user MFA", judge: offered, facts: with(ready(), defaults(true)), want: "no; " + defaultsOn + " / " + turnOff},
	{name: "security defaults not read", rule: ruleDefaults + ": they may be on without anybody's doing", judge: offered, facts: with(ready(), func(f *Facts) { f.SecurityDefaults = Read(false, errRefused) }), want: "may; whether security defaults are on is not known / " + readRole},
	{name: "not allowed", rule: ruleAppPasswords + ": by default users cannot create app passwords", judge: offered, facts: with(ready(), setting(false)), want: "no; the tenant does not allow users to create app passwords / allow users to create app passwords, in the service settings of per-user MFA"},
	{name: "setting not read", rule: ruleAppPasswords + ": the setting is in a portal", judge: offered, facts: with(ready(), func(f *Facts) { f.AppPasswords = Reading[bool]{} }), want: "may; whether the tenant allows app passwords is not known / allow users to create app passwords, in the service settings of per-user MFA"},
	{name: "the page is blocked", rule: ruleGrant + ": block access blocks the page too", judge: offered, facts: ready(ca(granting("OR", "block"))), want: "no; " + before + "blocks the sign-in / " + exclude},
	{name: "the page may be blocked", rule: ruleRegisterFirst + ": registration can be limited to trusted locations", judge: offered, facts: ready(ca(granting("OR", "block"), locations(ids("All"), ids("AllTrusted")))), want: "may; " + before + "blocks the sign-in, depending on the location / " + exclude},
	{name: "the page wants a passkey", rule: ruleStrengths + ": Authenticator's code is not phishing-resistant", judge: offered, facts: ready(ca(strength(resistant))), want: "no; " + before + "asks for the authentication strength \"Phishing-resistant MFA\" / " + exclude},
	{name: "the page wants a strength not read", rule: ruleStrengths + ": what meets a strength is in its combinations", judge: offered, facts: ready(ca(strength(ownStrength))), want: "may; " + before + "asks for the authentication strength \"" + ownStrength + "\" / " + exclude},
	{name: "the page wants a strength that is met", rule: ruleStrengths + ": a password with a code is multifactor", judge: offered, facts: ready(ca(strength(multifactor))), want: "sure"},
	{name: "the page wants a device", rule: ruleGrant + ": a private window shows no device", judge: offered, facts: ready(ca(granting("AND", "mfa", "compliantDevice"))), want: "no; " + before + "asks for MFA and a compliant or joined device / " + exclude},
	{name: "the page wants MFA or a device", rule: ruleGrant + ": MFA is enough where one control is", judge: offered, facts: ready(ca(granting("OR", "mfa", "compliantDevice"))), want: "sure"},
	{name: "the page wants MFA and has terms of use", rule: ruleGrant + ": require all the selected controls, and a person meets both", judge: offered, facts: ready(ca(terms, and)), want: "sure"},
	{name: "the page wants something unknown", rule: ruleGrant + ": all controls that are selected have to be satisfied", judge: offered, facts: ready(ca(granting("OR", "newControl"))), want: "may; " + before + "asks for something that this program does not know / " + exclude},
	{name: "the page has terms of use", rule: ruleGrant + ": a person accepts terms of use", judge: offered, facts: ready(ca(granting("OR"), terms)), want: "sure"},
	{
		name: "a first registration wants MFA", rule: ruleRegisterFirst + ": a new user registers with a Temporary Access Pass", judge: offered,
		facts: with(ready(ca(apps(graph.PolicyApplications{UserActions: ids(actionRegister)}))), registered("password")), want: "no; " + before + "asks for MFA / " + exclude + ", or sign in there with a Temporary Access Pass",
	},
	{name: "a second registration wants MFA", rule: ruleRegisterFirst + ": who has a method can do MFA", judge: offered, facts: ready(ca(apps(graph.PolicyApplications{UserActions: ids(actionRegister)}))), want: "sure"},
}

var usableRows = []row{
	{name: "nothing in the way", rule: ruleAppPasswords + ": app passwords are for clients without modern authentication", judge: usable, facts: ready(), want: "may"},
	{name: "security defaults", rule: ruleDefaults + ": all legacy protocols are blocked", judge: usable, facts: with(ready(), defaults(true)), want: "no; " + defaultsOn + " / " + turnOff},
	{name: "legacy authentication blocked", rule: ruleBlockLegacy + ": exchangeActiveSync and other clients are blocked", judge: usable, facts: ready(ca(granting("OR", "block"), clients("exchangeActiveSync", "other"))), want: "no; " + refuses + "blocks the sign-in / " + exclude},
	{name: "legacy authentication blocked, excluded", rule: ruleBlockLegacy + ": accounts that need legacy authentication are excluded", judge: usable, facts: ready(ca(granting("OR", "block"), clients("exchangeActiveSync", "other"), without(graph.PolicyUsers{ExcludeUsers: ids(me)}))), want: "may"},
	{name: "only ActiveSync blocked", rule: ruleConditions + ": Exchange ActiveSync is a condition of its own", judge: usable, facts: ready(ca(granting("OR", "block"), clients("exchangeActiveSync"))), want: "may; \"CA\" refuses Exchange ActiveSync: it is about all users and blocks the sign-in / none is needed"},
	{name: "MFA of all client apps", rule: ruleAppPasswords + ": an app password bypasses the verification prompt; of Conditional Access it says nothing", judge: usable, facts: ready(ca()), want: "may; " + undecided + " / " + exclude},
	{name: "MFA of modern client apps", rule: ruleBlockLegacy + ": a policy for modern clients spares legacy ones", judge: usable, facts: ready(ca(clients("browser", "mobileAppsAndDesktopClients"))), want: "may"},
	{name: "a strength", rule: ruleStrengths + ": an app password is in no combination", judge: usable, facts: ready(ca(strength(multifactor))), want: "no; " + refuses + "asks for the authentication strength \"Multifactor authentication\" / " + exclude},
	{name: "a device", rule: ruleBlockLegacy + ": legacy clients pass no device state", judge: usable, facts: ready(ca(granting("OR", "mfa", "domainJoinedDevice"))), want: "no; " + refuses + "asks for MFA or a compliant or joined device / " + exclude},
	{name: "terms of use", rule: ruleBlockLegacy + ": legacy clients are blocked by grant controls, terms of use too", judge: usable, facts: ready(ca(granting("OR"), terms)), want: "no; " + refuses + "asks for acceptance of terms of use / " + exclude},
	{name: "elsewhere only", rule: ruleLocations + ": legacy authentication has a location too", judge: usable, facts: ready(ca(granting("OR", "block"), locations(ids("All"), ids("AllTrusted")))), want: "may; " + refuses + "blocks the sign-in, depending on the location / " + exclude},
	{name: "a policy for SharePoint", rule: ruleApplications + ": a policy for a resource concerns no other", judge: usable, facts: ready(ca(granting("OR", "block"), only(otherApp))), want: "may"},
	{name: "legacy authentication blocked, report-only", rule: ruleManaged + ": a report-only policy blocks nothing", judge: usable, facts: ready(ca(granting("OR", "block"), clients("other"), in(graph.StateReportOnly))), want: "may"},
	{name: "policies and what-if refused", rule: ruleBlockLegacy + ": whether it is blocked is in the policies", judge: usable, facts: with(ready(), noPolicies), want: "may; whether a policy refuses legacy authentication is not known / " + readRole},
	{name: "policies refused, what-if clean", rule: ruleWhatIf + ": client app type other is legacy authentication", judge: usable, facts: with(ready(), noPolicies, whatIf(LegacyAuthentication())), want: "may"},
	{name: "policies refused, what-if not", rule: ruleWhatIf + ": client app type other is legacy authentication", judge: usable, facts: with(ready(), noPolicies, whatIf(LegacyAuthentication(), "CA")), want: "may; " + undecided + " / " + exclude},
	{name: "no licence", rule: learn + "entra/identity/conditional-access/overview: Conditional Access needs Microsoft Entra ID P1", judge: usable, facts: with(ready(), func(f *Facts) { f.Policies = Read([]graph.Policy(nil), graph.ErrUnlicensed) }), want: "may"},
}

// upcoming is each policy, the sign-ins, and the day from which Microsoft may enforce it.
func upcoming(f Facts, _ SignIn) string {
	var lines []string
	for _, u := range UpcomingDemands(f) {
		from := "some day"
		if !u.From.IsZero() {
			from = u.From.Format(time.DateOnly)
		}
		lines = append(lines, u.Demand.Source+" "+from+": "+strings.Join(slices.Sorted(slices.Values(u.SignIns)), ", "))
	}
	return strings.Join(lines, "; ")
}

func managed(p *graph.Policy) { p.Managed, p.State, p.Created = true, graph.StateReportOnly, day }

var upcomingRows = []row{
	{name: "managed, report-only", rule: ruleManaged + ": a managed policy is enabled thirty days later at the earliest", judge: upcoming, facts: everybody(managed), want: "CA 2026-12-01: Delegate365's setup, Exchange ActiveSync, legacy authentication, the security-info page"},
	{name: "managed, no day", rule: ruleManaged + ": a managed policy is enabled in time", judge: upcoming, facts: everybody(managed, func(p *graph.Policy) { p.Created = time.Time{} }), want: "CA some day: Delegate365's setup, Exchange ActiveSync, legacy authentication, the security-info page"},
	{name: "managed, block legacy authentication", rule: ruleManaged + ": one of them blocks legacy authentication", judge: upcoming, facts: everybody(managed, granting("OR", "block"), clients("exchangeActiveSync", "other")), want: "CA 2026-12-01: Exchange ActiveSync, legacy authentication"},
	{name: "managed, device code flow", rule: ruleManaged + ": one of them blocks device code flow", judge: upcoming, facts: everybody(managed, granting("OR", "block"), func(p *graph.Policy) { p.TransferMethods = ids("deviceCodeFlow") })},
	{name: "managed, admin portals", rule: ruleManaged + ": one of them is about the admin portals only", judge: upcoming, facts: everybody(managed, only("MicrosoftAdminPortals"))},
	{name: "managed, excluded", rule: ruleManaged + ": accounts can be excluded before it is enabled", judge: upcoming, facts: everybody(managed, without(graph.PolicyUsers{ExcludeUsers: ids(me)}))},
	{name: "managed, enforced", rule: ruleManaged + ": an enabled one is a policy like any other", judge: upcoming, facts: everybody(managed, in(graph.StateEnabled))},
	{name: "managed, turned off", rule: ruleManaged + ": one that is off is left off", judge: upcoming, facts: everybody(managed, in(graph.StateDisabled))},
	{name: "somebody's, report-only", rule: ruleConditions + ": a customer's own policy stays in report-only mode", judge: upcoming, facts: everybody(in(graph.StateReportOnly))},
}

// Whether Exchange Online takes an app password is never sure: SMTP AUTH and mailboxes stand nowhere in Graph.
func TestUsableIsAtMostPerhaps(t *testing.T) {
	for founded, says := range map[time.Time]string{
		{}: "off by default in organisations created after January 2020",
		time.Date(2015, 3, 1, 0, 0, 0, 0, time.UTC): "at the end of December 2026",
		time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC): "as this one was in March 2025",
	} {
		v := AppPasswords(with(ready(), func(f *Facts) { f.Founded = founded }))
		if v.Usable != May || v.Offered != Sure {
			t.Errorf("usable is %v, offered %v", v.Usable, v.Offered)
		}
		all := ""
		for _, r := range v.Reasons {
			all += r.Text + "\n"
		}
		if !strings.Contains(all, says) || !strings.Contains(all, "can't be read here") || !strings.Contains(all, "without a mailbox") {
			t.Errorf("the reasons are %q", all)
		}
	}
}

// Locked out is who has no second factor, and can't register one that is enough.
func TestLockedOutOnlySurely(t *testing.T) {
	t.Parallel()
	has := func(kinds ...string) func(*Facts) {
		return func(f *Facts) {
			f.Methods = Read([]graph.AuthMethod{{Kind: "password"}}, nil)
			for _, kind := range kinds {
				f.Methods.value = append(f.Methods.value, graph.AuthMethod{Kind: kind})
			}
		}
	}
	enforced := func(f *Facts) { *f = f.WithState(graph.MFAEnforced) }
	registering := ca(apps(graph.PolicyApplications{UserActions: ids(actionRegister)}), granting("OR", "block"))
	for name, tt := range map[string]struct {
		f    Facts
		want int
	}{
		"no policy":                         {with(on(admin), has(), enforced), 0},
		"MFA":                               {with(on(admin, ca(granting("OR", "mfa"))), has()), 0},
		"a strength that a code meets":      {with(everybody(strength(multifactor)), has()), 0},
		"a strength that no code meets":     {with(everybody(strength(resistant)), has()), 1},
		"a strength that a password meets":  {with(everybody(strength(ownStrength)), combinations("password"), has()), 0},
		"the same, methods not read":        {with(everybody(strength(resistant)), func(f *Facts) { f.Methods = Reading[[]graph.AuthMethod]{} }), 0},
		"the same, with a passkey":          {with(everybody(strength(resistant)), has("fido2")), 0},
		"the same, with a code":             {with(everybody(strength(resistant)), has("softwareOath")), 0},
		"the same, with a pass":             {with(everybody(strength(resistant)), has("temporaryAccessPass")), 0},
		"blocked":                           {with(on(admin, ca(granting("OR", "block"))), has()), 1},
		"blocked for a group, perhaps":      {with(on(unknown, ca(users(graph.PolicyUsers{IncludeGroups: ids(theirs)}), granting("OR", "block"))), has()), 0},
		"a device, which it may have":       {with(on(admin, ca(granting("OR", "compliantDevice"))), has()), 0},
		"registration blocked, MFA asked":   {with(on(admin, registering), has(), enforced), 1},
		"registration blocked, none asked":  {with(on(admin, registering), has()), 0},
		"registration blocked, with a code": {with(on(admin, registering), has("softwareOath"), enforced), 0},
	} {
		if got := LockedOut(tt.f); len(got) != tt.want {
			t.Errorf("%s: locked out by %q", name, got)
		}
	}
}

// What stands before the page for a group that the account may be in does not surely keep it from registering.
func TestRegistrableUnlessSurelyNot(t *testing.T) {
	for name, tt := range map[string]struct {
		f    Facts
		want int
	}{
		"no policy": {on(admin), 0}, "perhaps its group's": {on(unknown, ca(users(graph.PolicyUsers{IncludeGroups: ids(theirs)}), granting("OR", "block"))), 0}, "its own": {on(admin, ca(granting("OR", "block"))), 1},
	} {
		if got := Barring(tt.f); len(got) != tt.want {
			t.Errorf("%s: barred by %q", name, got)
		}
	}
}
