package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// grantRemoved is what Microsoft's log calls a grant of delegated permissions that was made shorter, or taken away; and the first half of
// one that was made longer, which it has as removed and as added, with the same values in both.
const grantRemoved = "Remove delegated permission grant"

// grantedTo is the id of the application that something is granted to, or taken from: such an entry is about the API that it is granted for
// (seen in live tenants' logs). Empty of any other.
func (t Target) grantedTo() string {
	for _, p := range t.Changes {
		if p.Name == "ServicePrincipal.ObjectID" {
			return cmp.Or(strings.Trim(p.New, `"`), strings.Trim(p.Old, `"`))
		}
	}
	return ""
}

// isClient reports the application that the operator signed in with, by its name or its own id.
func (c classifying) isClient(t Target) bool {
	named := func(p Property) bool {
		return c.client.ID != "" && strings.Contains(strings.ToLower(p.New), strings.ToLower(c.client.ID))
	}
	return c.client.Name != "" && t.Name == c.client.Name || slices.ContainsFunc(t.Changes, named)
}

// clientsIn are the ids by which the log knows its service principal.
func (c classifying) clientsIn(entries []Entry) (ids []string) {
	for _, e := range entries {
		for _, t := range e.Targets {
			if t.ID != "" && c.isClient(t) {
				ids = append(ids, t.ID)
			}
		}
	}
	return ids
}

// namesIn are the names of what entries are about, by canonical id: what is granted to an application names it by its id alone.
func namesIn(entries []Entry) map[string]string {
	names := map[string]string{}
	for _, e := range entries {
		for _, t := range e.Targets {
			if t.ID != "" && t.Name != "" {
				names[objectid.Canonical(t.ID)] = t.Name
			}
		}
	}
	return names
}

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
