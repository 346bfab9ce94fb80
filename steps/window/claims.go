package window

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Anybody who may write the journal can write a whole one that is sound. So a line that the key of this user's key ring does
// not prove decides nothing about an account that does not carry this program's mark in the tenant, nor about what is not that
// account's: each such thing is asked, by itself, in the tenant's own names. A proven line decides nothing about how things
// stand: that is what the tenant says.

// Claim is something that only the journal says.
type Claim struct {
	ID   string
	Text []finding.Sentence
	Yes  string // the label of the answer that believes it
}

// Believe notes that the operator confirmed a claim.
func (w *Window) Believe(claim string) {
	w.update(func(s *state) { s.answers.believed = append(slices.Clone(s.answers.believed), claim) })
}

// Decline notes that they did not: what it is about is left as it is.
func (w *Window) Decline(claim string) {
	w.update(func(s *state) { s.answers.declined = append(slices.Clone(s.answers.declined), claim) })
}

// weigh compares what the journal claims with what the tenant shows and with what the operator answered: what was declined is
// taken out, and the first thing that is not proven and was not asked yet is what to ask. It reports a leftover of which nothing remains.
func (in search) weigh(l *Leftover, known journal.WindowState) (nothing bool) {
	said, tenant := in.said, in.window.opts.Tenant()
	l.Foreign = l.Facts.User.JobTitle != in.window.opts.Marker
	answered := func(c Claim) bool { return slices.Contains(said.believed, c.ID) }
	if l.Foreign && !known.Proven {
		c := accountClaim(l, known.Account)
		if slices.Contains(said.declined, c.ID) {
			return true
		}
		if !answered(c) {
			l.Ask = &c
			return false
		}
	}
	if l.Owed.Defaults && !proves(known, journal.InverseSecurityDefaults, tenant.ID) {
		c := defaultsClaim(tenant.Domain)
		switch {
		case slices.Contains(said.declined, c.ID):
			l.Owed.Defaults = false
		case !answered(c):
			l.Ask = &c
			return false
		}
	}
	if !l.Foreign {
		return false
	}
	for _, p := range slices.Clone(l.Owed.Exclusions) {
		if !excludesNow(l, p) || proves(known, journal.InversePolicyExclusion, p.PolicyID) {
			continue
		}
		c := exclusionClaim(l.Facts.User, p)
		switch {
		case slices.Contains(said.declined, c.ID):
			l.Owed.Exclusions = slices.DeleteFunc(l.Owed.Exclusions, func(o mfa.Exclusion) bool { return o.PolicyID == p.PolicyID })
		case !answered(c):
			l.Ask = &c
			return false
		}
	}
	return false
}

// proves reports that a proven line announced what an inverse of this kind takes back.
func proves(w journal.WindowState, kind journal.InverseKind, target string) bool {
	return slices.ContainsFunc(w.Proves, func(i journal.Inverse) bool { return i.Kind == kind && objectid.Same(i.TargetID, target) })
}

func excludesNow(l *Leftover, e mfa.Exclusion) bool {
	return slices.ContainsFunc(l.Facts.PolicyList(), func(p graph.Policy) bool {
		return objectid.Same(p.ID, e.PolicyID) && p.Excludes(l.Facts.User.ID)
	})
}

// onlyJournal is what the journal of this computer says, and the tenant does not.
var onlyJournal = finding.Computer.Of("journal", "window")

func accountClaim(l *Leftover, said journal.Account) Claim {
	u := l.Facts.User
	c := Claim{ID: "account:" + u.ID, Yes: phrase.T("It is Delegate365's account: put MFA back"), Text: []finding.Sentence{
		onlyJournal.In("The journal on this computer says that an earlier run suspended MFA for this account: %s (%s).", u.UserPrincipalName, u.ID),
		onlyJournal.In("The tenant does not show that: the account does not carry this program's mark, and anybody who may write to this computer's journal can have written that."),
	}}
	if !strings.EqualFold(said.UserPrincipalName, u.UserPrincipalName) {
		c.Text = append(c.Text, onlyJournal.In("The journal calls it by another name than the tenant: %s.", phrase.Name(said.UserPrincipalName)))
	}
	return c
}

func defaultsClaim(tenant string) Claim {
	return Claim{ID: "defaults", Yes: phrase.T("Turn security defaults on for everybody"), Text: []finding.Sentence{
		finding.Defaults.Of(tenant, "off").In("The journal on this computer says that an earlier run turned security defaults off, and they are off. Only the journal says so."),
		finding.Defaults.Of(tenant, "off").In("Turned on again, they make everybody in %s register MFA, and they block what signs in with a password alone.", tenant),
	}}
}

func exclusionClaim(u graph.User, p mfa.Exclusion) Claim {
	return Claim{ID: "exclusion:" + p.PolicyID, Yes: phrase.T("Take it out of the excluded users"), Text: []finding.Sentence{
		onlyJournal.In("The journal on this computer says that an earlier run excluded %s from a policy. A colleague may have meant it. The policy: %s.", u.UserPrincipalName, phrase.Name(p.Name)),
	}}
}
