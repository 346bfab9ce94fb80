package analysis

import "slices"

// Barring are the policies that surely keep the account from registering an authenticator app by itself, because they don't let it to the
// page of its security info (https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-security-info-registration).
func Barring(f Facts) (named []string) {
	for _, d := range barring(f) {
		named = append(named, d.Named())
	}
	return named
}

// TakesPasskey reports that each of them takes a passkey, and asks for nothing else.
func TakesPasskey(f Facts) bool {
	all := barring(f)
	return len(all) > 0 && !slices.ContainsFunc(all, func(d Demand) bool {
		return len(d.Asks) != 1 || d.Asks[0] != AskStrength || !d.Strength.allows("fido2")
	})
}

func barring(f Facts) []Demand {
	return slices.DeleteFunc(conditionalAccess(f, SecurityInfo()), func(d Demand) bool {
		return !d.Expected() || min(d.obstacle(true), d.Certainty) != Sure
	})
}
