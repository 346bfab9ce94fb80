package analysis

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// matchConditions is whether the other conditions of a policy fit the sign-in. All of them have to.
// https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions
func matchConditions(p *graph.Policy, s SignIn) match {
	if p.Elsewhere || len(p.Workloads.Include)+len(p.Workloads.Exclude)+len(p.Workloads.Risk) > 0 {
		return match{}
	}
	m := matchFlow(p.TransferMethods).and(matchClient(p.ClientAppTypes, s.Clients))
	m = m.and(matchPlatform(p.Platforms, s.Platform)).and(matchLocation(p.Locations)).and(matchDeviceAndRisk(p))
	return m.and(matchUnknown(p.Unknown))
}

// matchFlow: device code flow and authentication transfer are what no sign-in here is. A method that came later may be.
func matchFlow(methods []string) match {
	methods = slices.DeleteFunc(slices.Clone(methods), func(m string) bool { return m == "none" })
	known := func(m string) bool { return m == "deviceCodeFlow" || m == "authenticationTransfer" }
	switch {
	case len(methods) == 0:
		return match{certainty: Sure}
	case slices.ContainsFunc(methods, func(m string) bool { return !known(m) }):
		m := match{certainty: Sure}
		m.leave(Doubt{What: phrase.T("a way of signing in that this program does not know"), Rule: ruleFlows})
		return m
	}
	return match{}
}

var clientTypes = []string{"all", clientBrowser, clientModern, clientActiveSync, "easSupported", "easUnsupported", clientOther}

// matchClient: a policy without the condition is about all client apps. Of a sign-in that may be taken for one of several,
// a policy about some of them may be.
func matchClient(types, clients []string) match {
	m := match{certainty: Sure}
	is := func(client string) bool {
		return has(types, client) || client == clientActiveSync && (has(types, "easSupported") || has(types, "easUnsupported"))
	}
	strange := slices.ContainsFunc(types, func(t string) bool { return !has(clientTypes, t) })
	switch {
	case len(types) == 0 || has(types, "all") || !slices.ContainsFunc(clients, func(c string) bool { return !is(c) }):
	case slices.ContainsFunc(clients, is):
		m.leave(Doubt{What: phrase.T("what Entra takes the vendor's server for"), Rule: ruleConditions})
	case strange:
		m.leave(Doubt{What: phrase.T("a kind of client that this program does not know"), Rule: ruleConditions})
	default:
		return match{}
	}
	return m
}

// matchUnknown: a condition that came after this program may be met.
func matchUnknown(members []string) match {
	m := match{certainty: Sure}
	if len(members) > 0 {
		m.leave(Doubt{What: phrase.T("a condition that this program does not know (%s)", phrase.JoinAnd(members)), Rule: ruleConditions})
	}
	return m
}

var knownPlatforms = []string{"all", "android", "iOS", "windows", "windowsPhone", "macOS", "linux"}

// matchPlatform: a platform is what the client says of itself, and legacy clients say nothing.
func matchPlatform(c graph.Selection, platform string) match {
	m := match{certainty: Sure}
	anyOther := len(c.Include) == 0 || has(c.Include, "all")
	strange := func(list []string) bool {
		return slices.ContainsFunc(list, func(p string) bool { return !has(knownPlatforms, p) })
	}
	switch {
	case platform == "" && (!anyOther || len(c.Exclude) > 0):
		m.leave(Doubt{What: phrase.T("the platform"), Rule: ruleConditions})
	case platform == "":
	case has(c.Exclude, platform):
		return match{}
	case !anyOther && !has(c.Include, platform) && !strange(c.Include):
		return match{}
	case !anyOther && !has(c.Include, platform), strange(c.Exclude):
		m.leave(Doubt{What: phrase.T("a platform that this program does not know"), Rule: ruleConditions})
	}
	return m
}

// matchLocation: where the sign-in will come from is not known, so only every location without exception is certain.
func matchLocation(c graph.Selection) match {
	m := match{certainty: Sure}
	if len(c.Exclude) > 0 || len(c.Include) > 0 && !has(c.Include, "All") {
		m.leave(Doubt{What: phrase.T("the location"), Rule: ruleLocations})
	}
	return m
}

// matchDeviceAndRisk: nobody can know the device and the risk before the sign-in. A policy with a risk condition does
// not apply without the risk.
func matchDeviceAndRisk(p *graph.Policy) match {
	m := match{certainty: Sure}
	if p.Devices.Rule != "" {
		m.leave(Doubt{What: phrase.T("the device"), Rule: ruleDeviceFilter})
	}
	for _, risk := range []struct {
		levels []string
		what   string
	}{{p.Risk.User, phrase.T("the account's risk")}, {p.Risk.SignIn, phrase.T("the risk of the sign-in")}, {p.Risk.Insider, phrase.T("insider risk")}} {
		if len(risk.levels) > 0 {
			m.leave(Doubt{What: risk.what, Rule: ruleConditions, settled: byWhatIf})
		}
	}
	return m
}

// unconditional reports a policy for all applications, every client that people use, and every place, device and risk. A
// member that this program does not know may be a condition.
func unconditional(p *graph.Policy) bool {
	conditions := len(p.Platforms.Include) + len(p.Platforms.Exclude) + len(p.Locations.Include) + len(p.Locations.Exclude) +
		len(p.Risk.User) + len(p.Risk.SignIn) + len(p.Risk.Insider) + len(p.Workloads.Risk) + len(p.TransferMethods) + len(p.Unknown) +
		len(p.Workloads.Include) + len(p.Workloads.Exclude) +
		len(p.Applications.Exclude) + len(p.Applications.UserActions) + len(p.Applications.AuthenticationContext)
	people := len(p.ClientAppTypes) == 0 || slices.Contains(p.ClientAppTypes, "all") ||
		slices.Contains(p.ClientAppTypes, clientBrowser) && slices.Contains(p.ClientAppTypes, clientModern)
	return conditions == 0 && !p.Elsewhere && p.Devices.Rule == "" && p.Applications.Filter.Rule == "" && people &&
		slices.Contains(p.Applications.Include, "All")
}
