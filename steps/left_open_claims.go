package steps

import (
	"context"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Anybody who may write the journal can write a whole one that is sound. So a line that the key of this user's key ring does
// not prove decides nothing about an account that does not carry this program's mark in the tenant, nor about what is not that
// account's: each such thing is asked, by itself, in the tenant's own names. A proven line decides nothing about how things
// stand: that is what the tenant says.

// claim is something that only the journal says.
type claim struct {
	id   string
	text []string
	yes  string // the label of the answer that believes it
}

// The prefixes of the two answers to a claim.
const believes, declines = "believe:", "decline:"

func (c claim) finding() Finding {
	return Finding{
		Status: Blocked,
		Text:   append(c.text, "Nothing is changed before you say so."),
		Actions: []Action{
			{ID: declines + c.id, Label: "Leave it as it is"},
			{ID: believes + c.id, Label: c.yes},
			{ID: ActLeave, Label: "Leave"},
		},
	}
}

// answerClaim takes the answer to a claim, and reports whether it is one.
func (r *Run) answerClaim(id string) bool {
	to := func(list *[]string, claim string) { *list = append(slices.Clone(*list), claim) }
	if c, ok := strings.CutPrefix(id, believes); ok {
		r.set(func(m *memory) { to(&m.believed, c) })
		return true
	}
	if c, ok := strings.CutPrefix(id, declines); ok {
		r.set(func(m *memory) { to(&m.declined, c) })
		return true
	}
	return false
}

// leftoverByID reads an account that the journal names, as the tenant names it.
func (r *Run) leftoverByID(ctx context.Context, client *graph.Client, id string) (leftover, error) {
	user, err := client.User(ctx, id)
	if err != nil {
		return leftover{}, &Error{Op: "read the account that the journal names", Err: err}
	}
	return r.leftoverOf(ctx, client, user)
}

// weigh compares what the journal claims with what the tenant shows and with what the operator answered: what was declined is
// taken out, and the first thing that is not proven and was not asked yet is what to ask. It reports a leftover of which nothing remains.
func (r *Run) weigh(l *leftover, w journal.WindowState) (nothing bool) {
	m := r.see()
	l.foreign = !ours(l.facts.user)
	answered := func(c claim) bool { return slices.Contains(m.believed, c.id) }
	if l.foreign && !w.Proven {
		c := accountClaim(l, w.Account)
		if slices.Contains(m.declined, c.id) {
			return true
		}
		if !answered(c) {
			l.ask = &c
			return false
		}
	}
	if l.defaultsOff && !proves(w, journal.InverseSecurityDefaults, m.identity.TenantID) {
		c := defaultsClaim(m.org.DefaultDomain)
		switch {
		case slices.Contains(m.declined, c.id):
			l.defaultsOff = false
		case !answered(c):
			l.ask = &c
			return false
		}
	}
	if !l.foreign {
		return false
	}
	for _, p := range slices.Clone(l.owed) {
		if !excludesNow(l, p) || proves(w, journal.InversePolicyExclusion, p.policyID) {
			continue
		}
		c := exclusionClaim(l.facts.user, p)
		switch {
		case slices.Contains(m.declined, c.id):
			l.owed = slices.DeleteFunc(l.owed, func(o exclusion) bool { return o.policyID == p.policyID })
		case !answered(c):
			l.ask = &c
			return false
		}
	}
	return false
}

// proves reports that a proven line announced what an inverse of this kind takes back.
func proves(w journal.WindowState, kind journal.InverseKind, target string) bool {
	return slices.ContainsFunc(w.Proves, func(i journal.Inverse) bool { return i.Kind == kind && objectid.Same(i.TargetID, target) })
}

func excludesNow(l *leftover, e exclusion) bool {
	return slices.ContainsFunc(l.facts.list(), func(p graph.Policy) bool {
		return objectid.Same(p.ID, e.policyID) && p.Excludes(l.facts.user.ID)
	})
}

func accountClaim(l *leftover, said journal.Account) claim {
	u := l.facts.user
	c := claim{id: "account:" + u.ID, yes: "It is Delegate365's account: put MFA back", text: []string{
		"The journal on this computer says that an earlier run suspended MFA for this account: " + u.UserPrincipalName + " (" + u.ID + ").",
		"The tenant does not show that: the account does not carry this program's mark, and anybody who may write to this computer's journal can have written that.",
	}}
	if !strings.EqualFold(said.UserPrincipalName, u.UserPrincipalName) {
		c.text = append(c.text, "The journal calls it by another name than the tenant: "+phrase.Name(said.UserPrincipalName)+".")
	}
	return c
}

func defaultsClaim(tenant string) claim {
	return claim{id: "defaults", yes: "Turn security defaults on for everybody", text: []string{
		"The journal on this computer says that an earlier run turned security defaults off, and they are off. Only the journal says so.",
		"Turned on again, they make everybody in " + tenant + " register MFA, and they block what signs in with a password alone.",
	}}
}

func exclusionClaim(u graph.User, p exclusion) claim {
	return claim{id: "exclusion:" + p.policyID, yes: "Take it out of the excluded users", text: []string{
		"The journal on this computer says that an earlier run excluded " + u.UserPrincipalName + " from a policy. A colleague may have meant it. The policy: " + phrase.Name(p.name) + ".",
	}}
}

// agreed are, for an account that is not this program's, the policies to take it out of: no others.
func (m memory) agreed(owed []graph.Policy) []graph.Policy {
	if !m.foreignLeft {
		return owed
	}
	return slices.DeleteFunc(slices.Clone(owed), func(p graph.Policy) bool { return !madeBy(m.undoing, p) })
}
