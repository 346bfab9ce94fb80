package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// leftoversOf are the things that stay, as the tenant was last read.
func leftoversOf(r *Report, now *Snapshot, pages Pages, ever []Change) []Leftover {
	var out []Leftover
	a := r.Account.UserPrincipalName
	if i, there := now.Of(WhatAccount, r.Account.ID); there {
		out = append(out, accountLeft(r, i, pages, byEver(r, ever, journal.InverseUser)))
	}
	if i, admin := now.Of(WhatRole, globalAdministrator); admin {
		out = append(out, Leftover{
			Kind: string(journal.InverseRoleAssignment), ID: i.ID,
			What: english("Global Administrator, assigned to %s", a), Why: strings.TrimSpace(english("Delegate365's setup needs it. Whether it may go afterwards is the vendor's to say.") + " " + untilOf(i.Value)),
			Risk: english("Whoever has this account has the tenant."), Undo: string(undoing[journal.InverseRoleAssignment]), Page: pages.of(journal.InverseRoleAssignment), By: byEver(r, ever, journal.InverseRoleAssignment),
		})
	} else if c := r.mayHaveAssigned(); now != nil && c > 0 {
		out = append(out, Leftover{
			Kind: kindPerhapsRole, ID: globalAdministrator,
			What: english("Perhaps Global Administrator, assigned to %s", a), Why: english("Change %s asked for it, and it was not read back. When the tenant was read it was not there; it may have come later.", strconv.Itoa(c)),
			Risk: english("Whoever has this account has the tenant."), Undo: string(undoing[journal.InverseRoleAssignment]), Page: pages.of(journal.InverseRoleAssignment), By: english("this program"),
		})
	}
	for _, i := range now.All(WhatExclusion) {
		out = append(out, Leftover{
			Kind: string(journal.InversePolicyExclusion), ID: i.ID,
			What: english("Exclusion of %s from the policy %s", a, i.Object), Why: whyExcluded(r, i), Risk: english("That policy does not protect the account."),
			Undo: string(undoing[journal.InversePolicyExclusion]), Page: pages.of(journal.InversePolicyExclusion), By: known(r, madeBy(r, i)),
		})
	}
	if i, on := now.Of(WhatService, "allowAppPasswords"); on && i.Value == "true" {
		why := english("Delegate365 may sign in to Exchange Online with one.")
		if r.offboards() {
			why = english("Allowed for Delegate365, or before it.")
		}
		out = append(out, Leftover{
			Kind: string(journal.InverseAppPasswordSetting), ID: i.ID,
			What: english("App passwords are allowed in the tenant"), Why: why,
			Risk: english("An app password is not asked for a second factor. The setting holds for everybody with per-user MFA."),
			Undo: string(undoing[journal.InverseAppPasswordSetting]), Page: pages.of(journal.InverseAppPasswordSetting), By: byEver(r, ever, journal.InverseAppPasswordSetting),
		})
	}
	if now != nil && !gone(r, now) && (r.appPasswordMade() || r.Test != nil) {
		out = append(out, Leftover{
			Kind: kindAppPassword, ID: r.Account.ID,
			What: english("App password of %s", a), Why: passwordSaid(r),
			Risk: english(outlives),
			Undo: english("Entra admin center, Users, Per-user MFA, the account: delete its existing app passwords. Or signed in as the account: security info page."),
			Page: pages.MFA, By: english("the account, as it was asked to"),
		})
	}
	out = append(out, factorLeft(r, pages)...)
	for _, app := range r.Vendor.Apps {
		out = append(out, Leftover{
			Kind: kindApp, ID: app.ID,
			What: english("Application %s", app.Name), Why: english("Delegate365's access to the tenant: see section 4."), Risk: appRisk(app),
			Undo: english("Entra admin center, Enterprise applications: delete it. That ends Delegate365's access."), By: english("Delegate365's setup"),
		})
	}
	return append(out, afterOffboarding(r)...)
}

// appRisk says for whom an application may act: with application permissions for nobody, with delegated ones for who is signed in to it.
func appRisk(app App) string {
	if slices.ContainsFunc(app.Permissions, func(p Permission) bool { return p.Kind == "application" }) {
		return english("Its application permissions of section 4 need nobody signed in.")
	}
	return english("It acts with the permissions of section 4 for whoever is signed in to it.")
}

// GiveNewPassword is what follows for Delegate365 where a password is replaced that it may have.
const GiveNewPassword = "What Delegate365 still does with the old one fails until it has the new: make a new app password for Administration / Office 365 account, or run its setup again."

// setUpBefore reports that nothing that Delegate365 works with is of this onboarding: account, role and apps stood before it.
func setUpBefore(r *Report) bool {
	assigns := func(c Change) bool {
		return c.Object.Kind == string(journal.InverseRoleAssignment) && !c.undone()
	}
	isNew := func(a App) bool { return a.New }
	return !r.offboards() && !r.Account.Created && len(r.Vendor.Apps) > 0 && !slices.ContainsFunc(r.Vendor.Apps, isNew) && !slices.ContainsFunc(r.Changes, assigns)
}

// onlyPutBack reports a run of restore where Delegate365 was set up before, and the journal has nothing else: no onboarding is left to finish.
func onlyPutBack(r *Report) bool {
	another := func(c Change) bool { return c.By != string(journal.ByRestore) }
	return r.Ended.How == PutBack && setUpBefore(r) && !slices.ContainsFunc(r.Changes, another)
}

// replacedPassword reports that an account's password was replaced, and setup was not run with the new one.
func replacedPassword(r *Report) bool {
	at := time.Time{}
	for _, c := range r.Changes {
		if c.Op == "~" && (journal.Change{Object: c.Object.Name}).Unreadable() && !c.undone() {
			at = c.At
		}
	}
	return !at.IsZero() && len(r.Vendor.Apps) > 0 && !slices.ContainsFunc(r.Vendor.Apps, func(a App) bool { return a.Created.After(at) })
}

// mayHaveAssigned is the number of the last change that asked for the role, where it was neither refused nor read back; 0 where there is
// none. Entra may carry out later what it has accepted.
func (r *Report) mayHaveAssigned() (n int) {
	for _, c := range r.Changes {
		if c.Object.Kind != string(journal.InverseRoleAssignment) {
			continue
		}
		if n = 0; !c.Restores && !c.undone() && c.Verified == nil && c.RestoredBy == 0 {
			n = c.N
		}
	}
	return n
}

// smtpEnds is when Microsoft turns SMTP AUTH with a password off in existing tenants, unless their administrators turn it on again
// (https://techcommunity.microsoft.com/blog/exchange/updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835).
var smtpEnds = time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)

func whyExcluded(r *Report, i Item) string {
	if madeBy(r, i) == byOthers {
		return english("It stood before this onboarding, or somebody else made it.")
	}
	return english("It was made for the setup and has not come off.")
}

// Who made what stays, where it was not this program.
const byOthers, byUnknown = "not this program", "unknown"

func madeBy(r *Report, i Item) string {
	ours := func(c Change) bool {
		return c.Object.Kind == string(journal.InversePolicyExclusion) && c.Op != "-" && c.Object.ID == i.ID && c.RestoredBy == 0 && c.Kept
	}
	if slices.ContainsFunc(r.Changes, ours) {
		return english("this program")
	}
	return byOthers
}

// byEver is who made something that stays, by the changes of every run that the journal holds.
func byEver(r *Report, ever []Change, kind journal.InverseKind) string {
	made := func(c Change) bool { return c.Object.Kind == string(kind) && c.Op != "-" && c.Kept }
	if slices.ContainsFunc(ever, made) {
		return english("this program")
	}
	return known(r, byOthers)
}

// known is who made something that stays, as far as it is known: of an offboarding, the onboarding may be in another computer's journal.
func known(r *Report, by string) string {
	if by == byOthers && r.offboards() {
		return byUnknown
	}
	return by
}

// review is when privileged access should be looked at again.
const (
	reviewRole        = 30 * 24 * time.Hour
	reviewAppPassword = 90 * 24 * time.Hour
)

// Renewals are the credentials of Delegate365's applications that end, each by its end.
func Renewals(r *Report) (out []Next) {
	for _, app := range r.Vendor.Apps {
		for _, c := range app.Credentials {
			if !c.Ends.IsZero() {
				out = append(out, Next{What: "Renew the " + c.Kind + " of " + phrase.Name(app.Name) + ", or let it end", Why: english("Delegate365's access ends with it."), By: c.Ends, Who: english("Delegate365")})
			}
		}
	}
	return out
}

// nextOf is what is to be done, with dates.
func nextOf(r *Report, f *Facts) []Next {
	var out []Next
	end := lastOf(r.Windows, r.Changes)
	if end.IsZero() {
		return out
	}
	out = append(out, unfinishedNext(r, f)...)
	if !r.Audit.Settled {
		n := Next{What: english("Run the command report again"), Why: english("Entries of Microsoft's log may come a day late; then it is settled what they show."), Who: english("the operator")}
		n.By = end.Add(settles)
		if !r.Audit.KeptUntil.IsZero() {
			n.Why += fmt.Sprintf(" Microsoft keeps them until %s only.", stamp(phrase.English, r.Audit.KeptUntil))
		}
		out = append(out, n)
	}
	if all, err := chain(f.Lines); err == nil && !r.offboards() {
		for _, t := range todoOf(r, f, onboarding(all)).Tasks(f.Around.Pages) {
			out = append(out, t.Next)
		}
	}
	for _, l := range r.Leftovers {
		switch l.Kind {
		case string(journal.InverseRoleAssignment):
			if endsByItself(l) || r.RoleKept != nil {
				continue
			}
			ask := roleTask().Next
			ask.By, ask.Page = end.Add(reviewRole), l.Page
			out = append(out, ask)
		case string(journal.InverseAppPasswordSetting):
			out = append(out, Next{What: english("See which app passwords are still needed"), Why: english("An app password has no end."), By: end.Add(reviewAppPassword), Page: l.Page, Who: english("the customer")})
			if end.Before(smtpEnds) && !r.offboards() && !r.Test.failed() {
				out = append(out, Next{What: english("See whether Delegate365 sends mail with an app password"), Why: english("Microsoft turns SMTP AUTH with a password off at the end of December 2026, unless an administrator turns it on again."), By: smtpEnds, Who: english("the customer")})
			}
		case string(journal.InverseConsent):
			if r.offboards() {
				out = append(out, Next{What: english("See whether anybody still needs what is accepted for the application that you signed in with"), Why: l.Risk, Who: english("the customer")})
			}
		case string(journal.InversePolicyExclusion):
			out = append(out, Next{What: l.What + ": take it out, or say why it stays", Why: l.Risk, Page: l.Page, Who: english("the customer")})
		}
	}
	out = append(out, Renewals(r)...)
	for i := range out { // what has no date is for now
		for j := i; j > 0 && out[j].By.Before(out[j-1].By); j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}
