package report

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What a read shows of the account's second factors; empty where none was made, or they contradict each other.
const (
	FactorRegistered = "registered"
	FactorNone       = "none"
)

// What is said of an account that whoever first signs in to has, by the report and by what shows the account now alike.
const (
	NoFactor  = "%s HAS NO SECOND FACTOR."
	OpenToAll = "Whoever first signs in with its password registers theirs."
)

// isOpen reports an account that is Global Administrator, or may be, can be signed in to, and has no second factor.
func isOpen(r *Report, f Facts) bool {
	return r.Account.SecondFactor == FactorNone && !r.offboards() && usable(r, f)
}

// usable reports an account that is Global Administrator, or may be, and is not disabled.
func usable(r *Report, f Facts) bool {
	_, admin := f.After.Of(WhatRole, globalAdministrator)
	state, there := f.After.Of(WhatAccount, r.Account.ID)
	enabled := there && state.Value != "disabled" || !there && f.After.Unreadable(WhatAccount) != ""
	return enabled && (admin || f.After.Unreadable(WhatRole) != "" || r.mayHaveAssigned() > 0)
}

// factorAlarm says that the account has no second factor; empty where it has one, or nobody could use it.
func factorAlarm(r *Report, f Facts) string {
	if !isOpen(r, f) {
		return ""
	}
	return phrase.T(NoFactor, r.Account.UserPrincipalName) + " " + phrase.T(OpenToAll)
}

// foundMethods says that the account had methods besides its password before it became Global Administrator: no new password ends them.
func foundMethods(a Account, before *Snapshot) []Doubt {
	_, admin := before.Of(WhatRole, globalAdministrator)
	methods, _ := before.Of(WhatMethods, a.ID)
	if n, _ := strconv.Atoi(methods.Value); !a.Adopted || admin || n < 2 {
		return nil
	}
	return []Doubt{{About: english(WhatMethods), Why: english("some besides the password were there before the first change, and no new password ends them: only the customer knows whose they are")}}
}

// unfinishedNext is what is to be done where the onboarding was left half-way, or the account without a second factor.
func unfinishedNext(r *Report, f Facts) []Next {
	a := r.Account.UserPrincipalName
	var n Next
	switch halfWay := onboardingVerdict(r.Ended.How) == HalfWay && !r.offboards() && !onlyPutBack(r); {
	case halfWay && usable(r, f) && !setUpBefore(r):
		n = Next{What: english("Finish the onboarding, or disable %s until then", a), Why: english("It is, or may be, Global Administrator, and the onboarding is not finished."), Who: english("the operator")}
	case halfWay:
		n = Next{What: english("Finish the onboarding: start the program again"), Why: english("It was left half-way."), Who: english("the operator")}
	case isOpen(r, f):
		n = Next{What: english("Register a second factor for %s, or disable it meanwhile", a), Who: english("the customer")}
	default:
		return nil
	}
	if isOpen(r, f) {
		n.Why = english("It has no second factor: whoever first signs in with its password registers theirs.")
	}
	if usable(r, f) {
		n.Page = f.Around.Pages.of(journal.InverseSignIn)
	}
	return []Next{n}
}
