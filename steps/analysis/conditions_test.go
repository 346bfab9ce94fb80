package analysis

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

func everybody(changes ...change) Facts { return on(admin, ca(changes...)) }

func windows(s SignIn) SignIn {
	s.Platform = "windows"
	return s
}

var conditionsRows = []row{
	{name: "report-only", rule: ruleConditions + ": a report-only policy is evaluated and not enforced", facts: everybody(in(graph.StateReportOnly))},
	{name: "disabled", rule: ruleConditions + ": a policy that is off is not evaluated", facts: everybody(in(graph.StateDisabled))},
	{name: "a state of next year", rule: ruleConditions + ": a state that is not known may be one that is enforced", facts: everybody(in("unknownFutureValue")), want: "CA: may MFA"},
	{name: "a condition of next year", rule: ruleConditions + ": a condition narrows a policy", facts: everybody(withMembers("times")), want: "CA: may MFA"},
	{name: "agents", rule: learn + "entra/identity/conditional-access/agent-id: policies for all users do not include agents", facts: everybody(func(p *graph.Policy) { p.Elsewhere = true })},
	{name: "a client of next year", rule: ruleConditions + ": client apps are selected one by one", facts: everybody(clients("telepathy")), want: "CA: may MFA"},
	{name: "a transfer of next year", rule: ruleFlows + ": transfer methods are selected one by one", facts: everybody(transfers("unknownFutureValue")), want: "CA: may MFA"},
	{name: "no transfer", rule: ruleFlows + ": none is no condition", facts: everybody(transfers("none")), want: "CA: sure MFA"},
	{name: "desktop clients, by the server", rule: ruleConditions + ": what is no browser is a desktop client", facts: everybody(clients("mobileAppsAndDesktopClients")), signIn: SetupServer(), want: "CA: may MFA"},
	{name: "browsers and desktop clients, by the server", rule: ruleConditions + ": it is one of both", facts: everybody(clients("browser", "mobileAppsAndDesktopClients")), signIn: SetupServer(), want: "CA: sure MFA everywhere"},
	{name: "a platform of next year", rule: ruleConditions + ": platforms are selected one by one", facts: everybody(platforms(ids("visionOS"), nil)), signIn: windows(SetupBrowser("")), want: "CA: may MFA"},
	{name: "unknown platforms, by the server", rule: ruleConditions + ": the platform is what the client says of itself", facts: everybody(platforms(ids("all"), ids("windows", "macOS", "linux", "iOS", "android"))), signIn: SetupServer(), want: "CA: may MFA"},
	{name: "unknown platforms, on Windows", rule: ruleConditions + ": the platform is what the client says of itself", facts: everybody(platforms(ids("all"), ids("windows", "macOS", "linux", "iOS", "android"))), signIn: windows(SetupBrowser(""))},
	{name: "workload identities", rule: learn + "entra/identity/conditional-access/workload-identity: a policy for service principals concerns no user", facts: everybody(func(p *graph.Policy) { p.Workloads.Include = ids("ServicePrincipalsInMyTenant") })},
	{name: "risk of workloads", rule: learn + "entra/identity/conditional-access/workload-identity: their risk is not a user's", facts: everybody(func(p *graph.Policy) { p.Workloads.Risk = ids("high") })},
	{name: "device code flow", rule: ruleFlows + ": device code flow is a way of signing in that a browser does not use", facts: everybody(granting("OR", "block"), func(p *graph.Policy) { p.TransferMethods = ids("deviceCodeFlow") })},
	{name: "authentication transfer", rule: ruleFlows + ": authentication transfer moves a session to a telephone", facts: everybody(granting("OR", "block"), func(p *graph.Policy) { p.TransferMethods = ids("authenticationTransfer") })},

	{name: "all client apps", rule: ruleConditions + ": all client apps includes browsers", facts: everybody(clients("all")), want: "CA: sure MFA everywhere"},
	{name: "client apps not configured", rule: ruleConditions + ": without the condition a policy applies to all client apps", facts: everybody(clients()), signIn: LegacyAuthentication(), want: "CA: sure MFA everywhere"},
	{name: "browsers", rule: ruleConditions + ": browser is one of the client apps", facts: everybody(clients("browser")), want: "CA: sure MFA"},
	{name: "browsers, legacy authentication", rule: ruleConditions + ": a policy for modern clients spares legacy ones", facts: everybody(clients("browser", "mobileAppsAndDesktopClients")), signIn: LegacyAuthentication()},
	{name: "mobile apps and desktop clients", rule: ruleConditions + ": mobile apps and desktop clients are no browser", facts: everybody(clients("mobileAppsAndDesktopClients"))},
	{name: "legacy clients, setup", rule: ruleConditions + ": other clients are those of legacy authentication", facts: everybody(clients("exchangeActiveSync", "other"))},
	{name: "legacy clients, legacy authentication", rule: ruleConditions + ": other clients are SMTP, IMAP and POP among them", facts: everybody(clients("other")), signIn: LegacyAuthentication(), want: "CA: sure MFA"},
	{name: "ActiveSync, legacy authentication", rule: ruleConditions + ": Exchange ActiveSync is a condition of its own", facts: everybody(clients("exchangeActiveSync")), signIn: LegacyAuthentication()},
	{name: "ActiveSync, ActiveSync", rule: ruleConditions + ": Exchange ActiveSync clients can be selected", facts: everybody(clients("exchangeActiveSync")), signIn: ActiveSync(), want: "CA: sure MFA"},
	{name: "ActiveSync in its older name", rule: learn + "graph/api/resources/conditionalaccessconditionset: easSupported is a kind of Exchange ActiveSync", facts: everybody(clients("easSupported")), signIn: ActiveSync(), want: "CA: sure MFA"},
	{name: "other, ActiveSync", rule: ruleConditions + ": other clients does not include Exchange ActiveSync", facts: everybody(clients("other")), signIn: ActiveSync()},

	{name: "any platform", rule: ruleConditions + ": any device includes every platform", facts: everybody(platforms(ids("all"), nil)), want: "CA: sure MFA"},
	{name: "Windows, platform unknown", rule: ruleConditions + ": the platform is what the client says of itself", facts: everybody(platforms(ids("windows"), nil)), want: "CA: may MFA"},
	{name: "Windows, on Windows", rule: ruleConditions + ": a policy applies to selected platforms", facts: everybody(platforms(ids("windows"), nil)), signIn: windows(SetupBrowser("")), want: "CA: sure MFA"},
	{name: "iOS, on Windows", rule: ruleConditions + ": a policy applies to no other platform", facts: everybody(platforms(ids("iOS", "android"), nil)), signIn: windows(SetupBrowser(""))},
	{name: "any but Windows, on Windows", rule: ruleConditions + ": platforms can be excluded", facts: everybody(platforms(ids("all"), ids("windows"))), signIn: windows(SetupBrowser(""))},
	{name: "any but Linux, on Windows", rule: ruleConditions + ": excluding a platform exempts no other", facts: everybody(platforms(ids("all"), ids("linux"))), signIn: windows(SetupBrowser("")), want: "CA: sure MFA"},
	{name: "any but Linux, platform unknown", rule: ruleConditions + ": unknown platforms are blocked by excluding the known ones", facts: everybody(platforms(ids("all"), ids("linux"))), want: "CA: may MFA"},

	{name: "any location", rule: ruleLocations + ": any network or location includes all", facts: everybody(locations(ids("All"), nil)), want: "CA: sure MFA"},
	{name: "outside trusted locations", rule: ruleLocations + ": all trusted locations can be excluded", facts: everybody(locations(ids("All"), ids("AllTrusted"))), want: "CA: may MFA"},
	{name: "inside trusted locations", rule: ruleLocations + ": all trusted locations can be selected", facts: everybody(locations(ids("AllTrusted"), nil)), want: "CA: may MFA"},
	{name: "a named location", rule: ruleLocations + ": a named location is a range or a country", facts: everybody(locations(ids(otherApp), nil)), want: "CA: may MFA"},
	{name: "outside a named location", rule: ruleLocations + ": named locations can be excluded", facts: everybody(locations(ids("All"), ids(otherApp))), want: "CA: may MFA"},
	{name: "trusted IPs of per-user MFA", rule: ruleLocations + ": multifactor authentication trusted IPs are a location", facts: everybody(locations(ids("All"), ids("00000000-0000-0000-0000-000000000000"))), want: "CA: may MFA"},

	{name: "device filter", rule: ruleDeviceFilter + ": devices are selected by their attributes", facts: everybody(func(p *graph.Policy) { p.Devices = graph.Filter{Mode: "include", Rule: "x"} }), want: "CA: may MFA"},
	{name: "device filter that excludes", rule: ruleDeviceFilter + ": devices are excluded by their attributes", facts: everybody(func(p *graph.Policy) { p.Devices = graph.Filter{Mode: "exclude", Rule: "x"} }), want: "CA: may MFA"},
	{name: "risk of the account", rule: ruleConditions + ": user risk is the likelihood that an account is compromised", facts: everybody(func(p *graph.Policy) { p.Risk.User = ids("high") }), want: "CA: may MFA"},
	{name: "risk of the sign-in", rule: ruleConditions + ": a risk condition applies at the selected levels", facts: everybody(func(p *graph.Policy) { p.Risk.SignIn = ids("medium", "high") }), want: "CA: may MFA"},
	{name: "insider risk", rule: ruleConditions + ": insider risk is assessed by Purview", facts: everybody(func(p *graph.Policy) { p.Risk.Insider = ids("elevated") }), want: "CA: may MFA"},
	{name: "a condition that fails and one that is open", rule: ruleConditions + ": all conditions have to be satisfied", facts: everybody(clients("other"), locations(ids("All"), ids("AllTrusted")))},
	{name: "two open conditions", rule: ruleConditions + ": conditions are combined with and", facts: everybody(func(p *graph.Policy) { p.Risk.SignIn = ids("high") }, locations(ids("AllTrusted"), nil)), want: "CA: may MFA"},
}

// What the exposure window closes by: only MFA that is surely asked at every sign-in.
var everywhereRows = []row{
	{name: "without conditions", rule: ruleGrant + ": a policy without conditions asks every sign-in", facts: everybody(), want: "CA: sure MFA everywhere"},
	{name: "with an authentication strength", rule: ruleStrengths + ": a strength is MFA", facts: everybody(strength("00000000-0000-0000-0000-000000000002")), want: "CA: sure strength everywhere"},
	{name: "with terms of use as well", rule: ruleGrant + ": with require all, every control is asked", facts: everybody(terms, and), want: "CA: sure MFA+terms everywhere"},
	{name: "or terms of use", rule: ruleGrant + ": with require one, another control is enough", facts: everybody(terms), want: "CA: sure MFA+terms"},
	{
		name: "a device filter, although what-if says that it applies", rule: ruleDeviceFilter + ": another device is signed in from without it",
		facts: with(everybody(func(p *graph.Policy) { p.Devices = graph.Filter{Mode: "exclude", Rule: "x"} }), whatIf(SetupBrowser(""), "CA")), want: "CA: sure MFA",
	},
	{name: "a block is no MFA", rule: ruleGrant + ": block access asks for nothing", facts: everybody(granting("OR", "block")), want: "CA: sure block"},
	{name: "a device is no MFA", rule: ruleGrant + ": a compliant device is no second factor", facts: everybody(granting("OR", "compliantDevice")), want: "CA: sure device"},
	{name: "one application", rule: ruleApplications + ": another resource is signed in to without it", facts: everybody(only(AppGraph, AppExchangeOnline)), want: "CA: sure MFA"},
	{name: "an application excluded", rule: ruleApplications + ": an excluded resource is signed in to without it", facts: everybody(apps(graph.PolicyApplications{Include: ids("All"), Exclude: ids(otherApp)})), want: "CA: sure MFA"},
	{name: "every location, as a condition", rule: ruleLocations + ": a location condition may yet be changed or fail", facts: everybody(locations(ids("All"), nil)), want: "CA: sure MFA"},
	{name: "every platform, as a condition", rule: ruleConditions + ": a platform is what the client says of itself", facts: everybody(platforms(ids("all"), nil)), want: "CA: sure MFA"},
	{name: "groups not known", rule: ruleUsers + ": an excluded group may have the account", facts: on(unknown, ca(without(graph.PolicyUsers{ExcludeGroups: ids(theirs)}))), want: "CA: may MFA"},
	{
		name: "groups not known, what-if knows", rule: ruleWhatIf + ": policyApplies says whether a policy applies",
		facts: with(on(unknown, ca(without(graph.PolicyUsers{ExcludeGroups: ids(theirs)}))), whatIf(SetupBrowser(""), "CA")), want: "CA: sure MFA",
	},
	{name: "per-user enabled", rule: rulePerUser + ": an enabled user is prompted to register", facts: with(on(admin), state(graph.MFAEnabled)), want: "per-user MFA: sure registration+MFA by state everywhere"},
	{name: "security defaults, administrator", rule: ruleDefaults + ": administrators do MFA every time they sign in", facts: with(on(admin), defaults(true)), want: "security defaults: sure registration+MFA by tenant everywhere"},
	{name: "security defaults, ordinary account", rule: ruleDefaults + ": other users do MFA when necessary", facts: with(on(member), defaults(true)), want: "security defaults: sure registration by tenant"},
}

func withMembers(members ...string) change { return func(p *graph.Policy) { p.Unknown = members } }

func transfers(methods ...string) change {
	return func(p *graph.Policy) { p.TransferMethods = methods }
}

// A policy with a member that this program does not know never counts as one that holds everywhere.
func TestUnknownMembersCloseNothing(t *testing.T) {
	for name, change := range map[string]change{
		"a condition": withMembers("times"), "agents": func(p *graph.Policy) { p.Elsewhere = true }, "a transfer": transfers("unknownFutureValue"),
		"browsers alone": clients("browser"),
	} {
		if p := ca(change); unconditional(&p) {
			t.Errorf("%s: it is taken for one without conditions", name)
		}
	}
	if p := ca(); !unconditional(&p) {
		t.Error("none has no conditions")
	}
}
