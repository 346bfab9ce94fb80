package report

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// What stays is told apart by its kind, so that a report in other words, of an earlier or a later version, says the same.

// The kinds of what stays that no change of this program takes back.
const (
	kindPerhapsRole = "perhaps-role-assignment" // it was asked for, and may come
	kindAppPassword = "app-password"            // made by the account
	kindFactor      = "second-factor"           // registered for the account
	kindApp         = "app"                     // of Delegate365's
	kindDeleted     = "deleted"                 // Entra keeps it for a while
	kindVendor      = "vendor"                  // in no tenant of the customer's
)

// left are the things of a kind that stay.
func left(all []Leftover, kind journal.InverseKind) []Leftover {
	return slices.DeleteFunc(slices.Clone(all), func(l Leftover) bool { return l.Kind != string(kind) })
}

// Excludes reports that the report says of the policy with this id that it leaves the account out.
func (r *Report) Excludes(policy string) bool {
	return slices.ContainsFunc(left(r.Leftovers, journal.InversePolicyExclusion), func(l Leftover) bool { return strings.EqualFold(l.ID, policy) })
}
