package analysis

import "github.com/delegate365-onboard/delegate365-onboard/graph"

// Reauthentications are the names of the enforced policies that may concern the sign-in and set a sign-in frequency of
// every time. They are no demand: the password is enough where nothing else asks for more, but no earlier sign-in of
// the same browser spares it. https://learn.microsoft.com/entra/identity/conditional-access/concept-session-lifetime
func Reauthentications(f Facts, s SignIn) []string {
	policies, _ := f.policies()
	var names []string
	for _, p := range policies {
		if p.State == graph.StateEnabled && p.EveryTime && !s.Legacy() && matchText(p, f.Account, s).certainty != No {
			names = append(names, p.Name)
		}
	}
	return names
}
