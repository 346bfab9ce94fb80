package report

import (
	"slices"
	"strings"
)

// grantRemoved is what Microsoft's log calls a grant of delegated permissions that was made shorter, or taken away; and the first half of
// one that was made longer, which it has as removed and as added, with the same values in both.
const grantRemoved = "Remove delegated permission grant"

// grows reports such a half: nothing was taken out of the grant.
func grows(e Entry) bool {
	if !strings.EqualFold(e.Activity, grantRemoved) {
		return false
	}
	told := false
	for _, t := range e.Targets {
		for _, p := range t.Changes {
			if p.Name != "DelegatedPermissionGrant.Scope" {
				continue
			}
			told = true
			after := scopesIn(p.New)
			if slices.ContainsFunc(scopesIn(p.Old), func(s string) bool { return !slices.Contains(after, s) }) {
				return false
			}
		}
	}
	return told
}

// scopesIn are the names in a value of the log, which is JSON, mostly.
func scopesIn(value string) []string {
	return strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune(` "[],`, c) })
}
