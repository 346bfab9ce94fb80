package report

import (
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// pimName is what Privileged Identity Management is called where it carries out in the directory what its own entry says who
// asked for. A name is no proof: anybody can call an application so.
const pimName = "MS-PIM"

// pimWithin is how far its two entries may be apart (seconds, as measured in a live tenant).
const pimWithin = 3 * time.Minute

// carriedOut reports the directory's own entry for a change of this program's that Privileged Identity Management carried out,
// or of a role that it ended. That the account was given a role is explained by nothing but a change at that time.
func (c classifying) carriedOut(e Entry) bool {
	if e.By.Kind != "app" || e.By.Name != pimName || !c.onAccount(e) {
		return false
	}
	if strings.HasPrefix(strings.ToLower(e.Activity), "remove member from role") {
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
