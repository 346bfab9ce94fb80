package report

import (
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// What Privileged Identity Management is called where nobody asked for what it does: in the directory's log, where it also carries out what
// its own entry says who asked for, an application, and in its own log a user without a user principal name, whose display name stands here
// then. A name is no proof: anybody can call an application so.
const (
	pimName = "MS-PIM"
	pimUser = "Azure AD PIM"
)

// pimWithin is how far its two entries may be apart (seconds, as measured in a live tenant).
const pimWithin = 3 * time.Minute

// carriedOut reports the directory's own entry for a change of this program's that Privileged Identity Management carried out,
// or of a role that it ended. That the account was given a role is explained by nothing but a change at that time.
func (c classifying) carriedOut(e Entry) bool {
	removes := strings.HasPrefix(strings.ToLower(e.Activity), "remove member from role")
	switch {
	case !c.onAccount(e):
		return false
	case removes && e.By.Kind == "user" && e.By.Name == pimUser && e.Service == "PIM":
		return true
	case e.By.Kind != "app" || e.By.Name != pimName:
		return false
	case removes:
		return true
	}
	for _, ch := range c.changes {
		role := ch.Object.Kind == string(journal.InverseRoleAssignment) || ch.Object.Kind == string(journal.InverseRoleEnd)
		if role && !ch.undone() && !ch.Restores && e.At.Sub(ch.At).Abs() <= pimWithin && strings.EqualFold(e.Activity, "Add member to role") {
			return true
		}
	}
	return false
}
