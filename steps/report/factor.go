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
func isOpen(r *Report, f *Facts) bool {
	return r.Account.SecondFactor == FactorNone && !r.offboards() && usable(r, f)
}

// isBare reports one that has none, and can be signed in to, where the onboarding is over as well once it is no administrator.
func isBare(r *Report, f *Facts) bool {
	return isOpen(r, f) || r.Account.SecondFactor == FactorNone && r.Ended.How == Finished && enabled(r, f)
}

// usable reports an account that is Global Administrator, or may be, and is not disabled.
func usable(r *Report, f *Facts) bool {
	_, admin := f.After.Of(WhatRole, globalAdministrator)
	return enabled(r, f) && (admin || f.After.Unreadable(WhatRole) != "" || r.mayHaveAssigned() > 0)
}

// enabled reports an account that is there, or may be, and is not disabled.
func enabled(r *Report, f *Facts) bool {
	state, there := f.After.Of(WhatAccount, r.Account.ID)
	return there && state.Value != "disabled" || !there && f.After.Unreadable(WhatAccount) != ""
}

// factorAlarm says that the account has no second factor; empty where it has one, or nobody could use it.
func factorAlarm(r *Report, f *Facts) (a alarm) {
	if !isOpen(r, f) {
		return a
	}
	a.said = phrase.T(NoFactor, r.Account.UserPrincipalName)
	if f.Around.Way == "" {
		a.more = phrase.T(OpenToAll)
	}
	return a
}

// noFactorWhy is what follows from it.
func noFactorWhy(shut bool) string {
	if shut {
		return english(noFactorHere)
	}
	return english("It has no second factor: whoever first signs in with its password registers theirs.")
}

const noFactorHere phrase.Format = "It has no second factor."

// factorLeft is the account's second factor, as it stays.
func factorLeft(r *Report, pages Pages) []Leftover {
	if r.Account.SecondFactor != FactorRegistered || r.offboards() {
		return nil
	}
	l := Leftover{
		Kind: kindFactor, ID: r.Account.ID,
		What: english("Second factor of %s", r.Account.UserPrincipalName), Why: english("MFA asks the account for it."),
		Risk: english("Whoever has it needs only the password besides."),
		Undo: english("Entra admin center, Users, the account, Authentication methods: delete it."), Page: pages.User, By: byUnknown,
	}
	if madeAsAsked(r, registered) {
		l.By = english("the account, as it was asked to")
	}
	return []Leftover{l}
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

// isHalfWay reports an onboarding that was left half-way, and is to be finished.
func isHalfWay(r *Report) bool {
	return onboardingVerdict(r.Ended.How) == HalfWay && !r.offboards() && !onlyPutBack(r)
}

// unfinishedNext is what is to be done where the onboarding was left half-way.
func unfinishedNext(r *Report, f *Facts) []Next {
	if !isHalfWay(r) {
		return nil
	}
	n := Next{What: english("Finish the onboarding: start the program again"), Why: english("It was left half-way."), Who: english("the operator")}
	if usable(r, f) && !setUpBefore(r) {
		n.What, n.Why = english("Finish the onboarding, or disable %s until then", r.Account.UserPrincipalName), english("It is, or may be, Global Administrator, and the onboarding is not finished.")
	}
	if isOpen(r, f) {
		n.Why = noFactorWhy(f.Around.Way != "")
	}
	if usable(r, f) {
		n.Page = f.Around.Pages.of(journal.InverseSignIn)
	}
	return []Next{n}
}

// What an administrator can do about it where the account can't register one by itself. A passkey is added for somebody else through Microsoft
// Graph (https://learn.microsoft.com/graph/api/authentication-post-fido2methods).
const (
	AllowMethod phrase.Format = "Have a method allowed that it can"
	AddPasskey  phrase.Format = "Add a passkey through Microsoft Graph"
	AddInEntra  phrase.Format = "Add one in Entra"

	addFactor phrase.Format = "Second factor of %s: %s, or disable the account, which stops Delegate365's work"
)

// factorTask is what to do where the account has no second factor.
func (t Todo) factorTask(pages Pages) Task {
	out := Task{"Second factor", "none yet: register one, with the customer's phone, or disable the account (Delegate365 stops)", Next{
		What: english("Register a second factor for %s, or disable it meanwhile, which stops Delegate365's work", t.Account), Why: noFactorWhy(t.Way != ""), Page: pages.of(journal.InverseSignIn), Who: english("the customer"),
	}}
	if t.Way != "" {
		out.Short, out.What = "none: add one, or disable the account (Delegate365 stops)", english(addFactor, t.Account, english(t.Way))
	}
	return out
}
