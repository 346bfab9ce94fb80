package report

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// accountLeft is the account, as it stays.
func accountLeft(r *Report, i Item, pages Pages, by string) Leftover {
	l := Leftover{
		Kind: string(journal.InverseUser), ID: i.ID,
		What: "Service account " + r.Account.UserPrincipalName + ", " + i.Value, Why: strings.TrimSpace(english("Delegate365 works as this account.") + " " + passwordGone(r)),
		Risk: english("Its password alone signs in only where nothing asks for a second factor."), Undo: string(undoing[journal.InverseUser]), Page: pages.of(journal.InverseUser), By: by,
	}
	switch {
	case r.Account.SecondFactor == FactorRegistered:
		l.Why += " " + english("Its second factor is of no use without it.")
	case r.Account.SecondFactor == FactorNone && i.Value != "disabled":
		l.Risk = english(noFactorHere) + " " + l.Risk
	}
	if l.By == byOthers || l.By == byUnknown {
		l.Undo = english("If it is for nothing else: Entra admin center, Users, the account, Edit account status: disable it.")
		if len(r.Vendor.Apps) > 0 {
			l.Undo += " " + english("That ends Delegate365's work in this tenant.")
		}
	}
	return l
}

// passwordGone says who knows the account's password, where this program set it.
func passwordGone(r *Report) string {
	if !r.Account.Created && !replacedPassword(r) {
		return ""
	}
	return english("This program made its password, and keeps no copy of it: Reset password sets another.")
}
