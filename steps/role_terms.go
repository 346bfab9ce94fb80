package steps

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// For how long the account becomes Global Administrator. Where the tenant has Privileged Identity Management the role can end
// by itself: Entra takes it away whatever has become of this computer, its network and the guard. Of the tenant's rules those
// count that bind an administrator who assigns; those for somebody's own activation never touch an assignment.

// roleChoice is the operator's.
type roleChoice string

const (
	roleForATime roleChoice = "" // where it can be had
	roleForGood  roleChoice = "for-good"
)

const (
	ansRole     = "role"
	rowTimeRole = "time-bound-role"
)

// shortestRole is the least that Privileged Identity Management assigns a role for, and for how long it takes none away
// (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-add-role-to-user).
const shortestRole = 5 * time.Minute

// roleReason is what the audit log shows as the reason.
const roleReason = "Delegate365 onboarding: its setup needs a Global Administrator"

// removalReason is the same where it is taken away.
const removalReason = "Delegate365: its Global Administrator is taken back"

// privileged is what Privileged Identity Management says: of Global Administrator, where the tenant is licensed for it, and of the
// operator's own roles, unless it surely is not.
type privileged struct {
	terms   analysis.Reading[assigning]
	own     analysis.Reading[[]graph.RoleInstance] // as it was read last
	checked []graph.RoleInstance                   // as the check read it
	slow    time.Duration                          // by how much this computer's clock is behind Microsoft's
}

// assigning is who is Global Administrator, and the rules for assigning it.
type assigning struct {
	rules    graph.RoleRules
	holdings []graph.RoleHolding
}

// readPrivileged reads it. Without a licence nothing is asked.
func readPrivileged(ctx context.Context, client *graph.Client, p *posture) {
	if !p.rolesMayEnd() {
		return
	}
	p.privileged.own = analysis.Read(ownInstances(ctx, client))
	p.privileged.checked = p.privileged.own.Content()
	if p.skus.Err() != nil {
		return
	}
	var found assigning
	var err error
	if found.rules, err = client.Roles.RoleRules(ctx, graph.GlobalAdministrator); err == nil {
		found.holdings, err = client.Roles.RoleHoldings(ctx, graph.GlobalAdministrator)
	}
	p.privileged.terms = analysis.Read(found, err)
}

// roleTerms are how the role is going to be assigned.
type roleTerms struct {
	can   bool // it can be assigned so that it ends by itself
	lasts time.Duration
	must  bool // the tenant's rules let it be assigned in no other way
	short bool // it ends before the exposure window has to be closed
	alone bool // nobody else is Global Administrator for longer, as far as that is known
	rules graph.RoleRules
}

// termsOf decides: for the window and one repetition of setup, or for as long as the tenant's rules let it.
func termsOf(p *posture, m *memory) roleTerms {
	read := p.privileged.terms
	if !read.Done() || read.Err() != nil {
		return roleTerms{}
	}
	t := roleTerms{rules: read.Content().rules, must: read.Content().rules.EndRequired}
	longest := t.rules.Longest.Truncate(time.Minute)
	lasts := min(2*m.window.Cap, longest)
	if t.can = lasts >= shortestRole; !t.can || m.role.choice == roleForGood && !t.must {
		return t
	}
	t.lasts, t.alone = lasts, !another(read.Content().holdings, m.user.ID, time.Now().Add(lasts))
	t.short = lasts < m.window.Cap && !t.alone
	return t
}

// another reports somebody else who is surely Global Administrator for longer: assigned, and not by an own activation, which
// Entra does not count; an account that can sign in, and no group, whose members nobody has read.
func another(holdings []graph.RoleHolding, but string, end time.Time) bool {
	return slices.ContainsFunc(holdings, func(h graph.RoleHolding) bool {
		lasting := h.End.IsZero() || h.End.After(end)
		return h.Kind == graph.RoleAssigned && h.Scope == "/" && lasting && h.Holder.Kind == "#microsoft.graph.user" && h.Holder.Enabled && !objectid.Same(h.PrincipalID, but)
	})
}

// adminChange is the change, as the plan and the step announce it.
func (t roleTerms) adminChange(u graph.User) Change {
	return finding.Changed(Add, phrase.Both("Global Administrator for %s", u.UserPrincipalName), phrase.Both("not assigned"), t.assigned())
}

// assigned is what the role is then.
func (t roleTerms) assigned() phrase.Pair {
	if t.lasts > 0 {
		return phrase.Both("assigned for %s", phrase.Roughly(t.lasts))
	}
	return phrase.Both("assigned")
}

// what is the change in a few words.
func (t roleTerms) what() string {
	switch {
	case t.lasts == 0:
		return phrase.T("assign Global Administrator to it")
	case t.alone:
		return phrase.T("assign Global Administrator to it, for %s: after that it has to be removed by hand", phrase.Roughly(t.lasts))
	}
	return phrase.T("assign Global Administrator to it, for %s: then Entra removes it", phrase.Roughly(t.lasts))
}

// said is what has to be known before it is assigned.
func (t roleTerms) said(u graph.User, longest time.Duration) []Sentence {
	if t.lasts == 0 {
		return nil
	}
	lasts := phrase.Roughly(t.lasts)
	end := finding.RoleEnds.Of(u.UserPrincipalName, lasts).In("The role ends by itself after %s: Entra removes it, whatever becomes of this computer.", lasts)
	if t.alone {
		end = finding.RoleEnds.Of(u.UserPrincipalName, "kept").In("It is assigned for %s, but nobody else is known to be Global Administrator for longer, without having activated it: Entra will keep it, so remove it by hand.", lasts)
	}
	if t.short {
		end = end.And(finding.RoleEnds.Of(u.UserPrincipalName, "at most "+lasts).In("%s", t.shortSaid(longest)))
	}
	return []Sentence{end.And(finding.Advice("It can't be taken back in its first five minutes; MFA can be put back at any time."))}
}

// ownLicence: https://learn.microsoft.com/entra/id-governance/licensing-fundamentals
const ownLicence = "By the terms the account itself needs a licence for Entra ID P2 or Governance: an administrator assigns it, this program none."

// termsToCome are those of a role that is still to be assigned.
func termsToCome(p *posture, m *memory) roleTerms {
	if m.found != nil && m.found.facts.Assigned {
		return roleTerms{}
	}
	return termsOf(p, m)
}

// shortSaid is what follows where the role ends before MFA has to be back.
func (t roleTerms) shortSaid(longest time.Duration) string {
	return phrase.T("MFA may be off for %s, but setup has only %s of them: the tenant's rules let the role last no longer.", phrase.Roughly(longest), phrase.Roughly(t.lasts))
}

// asks are what the tenant's rules ask of whoever assigns.
func (t roleTerms) asks() string {
	var asked []string
	if t.rules.MFA {
		asked = append(asked, phrase.T("a sign-in with MFA"))
	}
	if t.rules.Justification {
		asked = append(asked, phrase.T("a reason"))
	}
	if t.must {
		asked = append(asked, phrase.T("an end"))
	}
	if len(asked) == 0 {
		return ""
	}
	return phrase.T("Whoever assigns it needs %s.", phrase.JoinAnd(asked)) + " "
}

// termsForATime are those by which the role ends, whatever was chosen.
func termsForATime(p *posture, m *memory) roleTerms {
	timed := *m
	timed.role.choice = roleForATime
	return termsOf(p, &timed)
}

// roleRow is the check's row about it; none where the tenant has no licence for it.
func roleRow(p *posture, m *memory) []Fact {
	if !p.privileged.terms.Done() {
		return nil
	}
	f, t := Fact{ID: rowTimeRole, Label: phrase.T("Time-bound role"), Mark: MarkOK}, termsForATime(p, m)
	switch {
	case p.privileged.terms.Err() != nil:
		f.Value, f.Mark, f.Note = phrase.T("could not be read"), MarkNote, phrase.T("%s Global Administrator is assigned without an end then.", Explain(p.privileged.terms.Err()).What)
	case !t.can:
		f.Value, f.Mark = phrase.T("can't be had"), MarkNote
		f.Note = phrase.T("The longest assignment that the tenant's rules allow is %s. Global Administrator is assigned without an end then.", phrase.Name(t.rules.LongestText))
	default:
		f.Value = phrase.T("for %s", phrase.Roughly(t.lasts))
		f.Mark = MarkNote
		f.Note = phrase.T("%sApproval, authentication context, ticket and hours are rules for your own activation, and not for this.", t.asks()) + " " + phrase.T(ownLicence)
	}
	if t.short {
		f.Note = t.shortSaid(m.window.Cap) + " " + f.Note
	}
	if t.alone {
		f.Note = phrase.T("Entra will keep it past its end: nobody else is known to be Global Administrator for longer, without having activated it. %s", f.Note)
	}
	return []Fact{f}
}

// roleFields are the choice, where there is one.
func roleFields(p *posture, m *memory) []Field {
	t := termsOf(p, m)
	if !t.can || t.must {
		return nil
	}
	value := roleForATime
	if t.lasts == 0 {
		value = roleForGood
	}
	return []Field{{
		ID: ansRole, Label: phrase.T("Global Administrator"), Kind: ChoiceField, Value: choiceID(value), Help: phrase.T("How long the account is Global Administrator."),
		Options: []Option{
			{ID: choiceID(roleForATime), Label: phrase.T("for %s, then it ends by itself", phrase.Roughly(termsForATime(p, m).lasts))},
			{ID: choiceID(roleForGood), Label: phrase.T("until somebody removes it")},
		},
	}}
}

// choiceID is never empty.
func choiceID(c roleChoice) string {
	if c == roleForATime {
		return "for-a-time"
	}
	return string(c)
}

func answerRoleChoice(r *Run, text string) error {
	for _, c := range []roleChoice{roleForATime, roleForGood} {
		if text == choiceID(c) {
			r.update(func(m *memory) { m.role.choice = c })
			return nil
		}
	}
	return unknownAnswer(text)
}

// termsOfRun are those of a run.
func termsOfRun(r *Run) roleTerms {
	m := r.snapshot()
	if m.posture == nil {
		return roleTerms{}
	}
	return termsOf(m.posture, m)
}
