package report

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// offboards reports a run that took out what an onboarding had put in.
//
//go:noinline // every copy would be carried
func (r *Report) offboards() bool {
	return slices.ContainsFunc(r.Changes, func(c Change) bool {
		return c.takesOut()
	})
}

// takesOut reports a change that only an offboarding makes.
func (c Change) takesOut() bool {
	return slices.Contains([]string{"end-exclusions", "remove-role", "remove-apps", "forbid-app-passwords", "delete-account"}, c.Step)
}

// Work is what the report is about, onboarding or offboarding, as its sentences call it.
func (r *Report) Work() phrase.Format {
	if r.offboards() {
		return "offboarding"
	}
	return "onboarding"
}

// endedOf is how the run ended, with an offboarding's end by its own name.
func (r *Report) endedOf(entries []journal.Entry, f *Facts) Ended {
	e := endedOf(entries, f)
	if e.How == Finished && r.offboards() {
		e.How = Offboarded
	}
	return e
}

// Restorable is until when Entra keeps what was deleted (https://learn.microsoft.com/entra/fundamentals/users-restore).
//
//go:noinline // every copy would be carried
func Restorable(deleted time.Time) time.Time { return deleted.Add(30 * 24 * time.Hour).UTC() }

// afterOffboarding are what Entra keeps for a while of what was deleted, and what the vendor keeps.
func afterOffboarding(r *Report) (out []Leftover) {
	for _, c := range r.Changes {
		if !slices.Contains([]string{"delete-account", "remove-apps"}, c.Step) || c.undone() || c.Op != "-" {
			continue
		}
		out = append(out, Leftover{
			Kind: kindDeleted, ID: c.Object.ID, What: english("Deleted: %s", c.Object.Name),
			Why:  english("It can be restored until %s.", phrase.English.Day(Restorable(c.At))),
			Undo: english("Entra ends it by itself then. Sooner: Deleted users, or Deleted applications, delete permanently."), By: english("this program"),
		})
	}
	if r.offboards() {
		out = append(out, Leftover{
			Kind: kindVendor, What: english("At the vendor's: not in this tenant"), Why: english("Ask the vendor about contract, stored account and app password, schedules and data."),
			Undo: english("Only the vendor can."), By: english("Delegate365"),
		})
	}
	return out
}

// unfinished says what was left half-way.
func (r *Report) unfinished(place string) string {
	if r.offboards() {
		return phrase.T("The offboarding is not finished: run offboard again to go on, or restore, on the same computer, to undo it.")
	}
	if place != "" {
		return phrase.T("The onboarding is not finished: it stands at %s.", place)
	}
	return phrase.T("The onboarding is not finished.")
}

// halfOffboarded says of an offboarding that it was left half-way, after what is said of MFA; empty of anything else.
func halfOffboarded(r *Report) string {
	if !r.offboards() || onboardingVerdict(r.Ended.How) != HalfWay {
		return ""
	}
	return " " + r.unfinished("")
}

// mfaOfKept says how it stands with MFA for an account that stays.
func mfaOfKept(r *Report, f *Facts) string {
	state, read := f.After.Of(WhatPerUserMFA, r.Account.ID)
	switch {
	case !read:
		return phrase.T("IT IS NOT KNOWN whether MFA is on for it: per-user MFA could not be read.")
	case state.Value == "disabled" && f.Around.Demanded.By != "":
		return phrase.T("MFA is on for it: %s.", f.Around.Demanded.By)
	case state.Value == "disabled" && f.Around.Demanded.Partial:
		return phrase.T("IT IS NOT KNOWN whether MFA is on for it: per-user MFA is disabled, and not all else that may demand it could be read.")
	case state.Value == "disabled":
		return phrase.T("MFA IS NOT ON for it: per-user MFA is disabled. Enforce it, or delete the account.")
	}
	return phrase.T("Per-user MFA is %s for it.", Retold(phrase.Spoken(), state.Value))
}

// offboardedSentence is the first thing that is said of an offboarding, finished or not, after which the account is not known to be an
// administrator.
func offboardedSentence(r *Report, f *Facts) string {
	a := r.Account.UserPrincipalName
	made, read := r.Made(func(c Change) bool { return c.Verified != nil })
	out := []string{phrase.T("The offboarding is finished: %d of %s were read back.", read, phrase.Count(made, "change", "changes"))}
	if r.Ended.How != Offboarded {
		out = []string{r.unfinished(""), phrase.T("So far, %d of %s were read back.", read, phrase.Count(made, "change", "changes"))}
	}
	_, there := f.After.Of(WhatAccount, r.Account.ID)
	switch {
	case f.After == nil || f.After.Unreadable(WhatAccount) != "" || f.After.Unreadable(WhatRole) != "":
		out = append(out, phrase.T("IT IS NOT KNOWN how %s stands: the tenant could not be read.", a))
	case there:
		out = append(out, phrase.T("%s stays, and is not Global Administrator, read from the tenant on %s.", a, stamp(phrase.Spoken(), f.After.At)), mfaOfKept(r, f))
	default:
		out = append(out, phrase.T("%s is gone, read from the tenant on %s; until 30 days after its deletion Entra can restore it, without its role.", a, stamp(phrase.Spoken(), f.After.At)))
	}
	if len(r.Leftovers) > 0 {
		out = append(out, phrase.T("What stays: section 7."))
	}
	if n := len(r.Unexplained); n > 0 {
		out = append([]string{phrase.T("%s in Microsoft's log NOT EXPLAINED by this %s: section 5.", phrase.Count(n, "entry", "entries"), phrase.T("offboarding"))}, out...)
	}
	return strings.Join(append(out, logSentence(r)...), " ")
}
