package analysis

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// matchConditions is whether the other conditions of a policy fit the sign-in. All of them have to.
// https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions
func matchConditions(p graph.Policy, s SignIn) match {
	workload := len(p.ServicePrincipals.Include)+len(p.ServicePrincipals.Exclude)+len(p.WorkloadRisk) > 0
	flows := len(p.TransferMethods) > 0 // device code flow and authentication transfer: no sign-in here is one
	if workload || flows || !matchClient(p.ClientAppTypes, s.ClientApp) {
		return match{}
	}
	return matchPlatform(p.Platforms, s.Platform).and(matchLocation(p.Locations)).and(matchDeviceAndRisk(p))
}

// matchClient: a policy without the condition is about all client apps.
func matchClient(types []string, client string) bool {
	return len(types) == 0 || has(types, "all") || has(types, client) ||
		client == clientActiveSync && has(types, "easSupported")
}

// matchPlatform: a platform is what the client says of itself, and legacy clients say nothing.
func matchPlatform(c graph.Selection, platform string) match {
	m := match{certainty: Sure}
	anyOther := len(c.Include) == 0 || has(c.Include, "all")
	switch {
	case platform == "" && (!anyOther || len(c.Exclude) > 0):
		m.leave(Doubt{What: "the platform", Rule: ruleConditions})
	case platform != "" && (has(c.Exclude, platform) || !anyOther && !has(c.Include, platform)):
		return match{}
	}
	return m
}

// matchLocation: where the sign-in will come from is not known, so only every location without exception is certain.
func matchLocation(c graph.Selection) match {
	m := match{certainty: Sure}
	if len(c.Exclude) > 0 || len(c.Include) > 0 && !has(c.Include, "All") {
		m.leave(Doubt{What: "the location", Rule: ruleLocations})
	}
	return m
}

// matchDeviceAndRisk: nobody can know the device and the risk before the sign-in. A policy with a risk condition does
// not apply without the risk.
func matchDeviceAndRisk(p graph.Policy) match {
	m := match{certainty: Sure}
	if p.Devices.Rule != "" {
		m.leave(Doubt{What: "the device", Rule: ruleDeviceFilter})
	}
	for _, risk := range []struct {
		levels []string
		what   string
	}{{p.UserRisk, "the account's risk"}, {p.SignInRisk, "the risk of the sign-in"}, {p.InsiderRisk, "insider risk"}} {
		if len(risk.levels) > 0 {
			m.leave(Doubt{What: risk.what, Rule: ruleConditions})
		}
	}
	return m
}

// unconditional reports a policy for all applications, browsers and every place, device and risk.
func unconditional(p graph.Policy) bool {
	conditions := len(p.Platforms.Include) + len(p.Platforms.Exclude) + len(p.Locations.Include) + len(p.Locations.Exclude) +
		len(p.UserRisk) + len(p.SignInRisk) + len(p.InsiderRisk) + len(p.TransferMethods) +
		len(p.Applications.Exclude) + len(p.Applications.UserActions) + len(p.Applications.AuthenticationContext)
	browsers := len(p.ClientAppTypes) == 0 || slices.Contains(p.ClientAppTypes, "all") || slices.Contains(p.ClientAppTypes, clientBrowser)
	return conditions == 0 && p.Devices.Rule == "" && p.Applications.Filter.Rule == "" && browsers &&
		slices.Contains(p.Applications.Include, "All")
}
