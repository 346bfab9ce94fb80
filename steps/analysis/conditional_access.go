package analysis

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// match is how surely something of a policy fits, and what leaves it open.
type match struct {
	certainty Certainty
	who       string // whom the policy is about, in its own words
	doubts    []Doubt
}

// leave makes it May, for a reason.
//
//go:noinline // every copy would be carried
func (m *match) leave(d Doubt) {
	m.certainty = min(m.certainty, May)
	m.doubts = append(m.doubts, d)
}

// and is what holds only together.
func (m match) and(n match) match {
	return match{min(m.certainty, n.certainty), m.who + n.who, slices.Concat(m.doubts, n.doubts)}
}

// matchText is whether a policy's text says that it applies.
func matchText(p *graph.Policy, a Account, s SignIn) match {
	return matchUsers(p.Users, a).and(matchApplications(p.Applications, s)).and(matchConditions(p, s))
}

// conditionalAccess judges every policy that is enforced, or may be, by its text and by what-if. Either is enough: what-if
// may lag behind a change, and the text can't tell who is in a group that could not be read.
func conditionalAccess(f Facts, s SignIn) []Demand {
	policies, _ := f.policies()
	var out []Demand
	for i := range policies {
		p := &policies[i]
		if p.State == graph.StateDisabled || p.State == graph.StateReportOnly {
			continue
		}
		if d, ok := demandOf(p, f, s); ok {
			out = append(out, d)
		}
	}
	return append(out, unread(f, s, policies)...)
}

// demandOf judges a policy as if it were enforced, if it is in a state that is known. An exclusion of the account by its id
// is final, because what-if goes on naming the policy for a while after it was made.
func demandOf(p *graph.Policy, f Facts, s SignIn) (Demand, bool) {
	if p.Grant == nil || has(p.Users.ExcludeUsers, f.Account.ID) {
		return Demand{}, false
	}
	text := matchText(p, f.Account, s).and(matchState(p.State))
	d := Demand{
		Source: p.Name, Kind: ConditionalAccess, Policy: p, Lift: ByExclusion,
		Text: text.certainty, Certainty: text.certainty, WhatIf: verdict(p, f, s),
	}
	if d.Text == May {
		d.Doubts = text.doubts
	}
	if f.Lapsed {
		d.Lift = Never
	}
	open := slices.ContainsFunc(d.Doubts, func(d Doubt) bool { return d.settled != byDirectory })
	switch {
	case d.WhatIf == Applies && knownState(p.State):
		d.Certainty = Sure
	case d.WhatIf == AppliesNot && d.Text == May && !open:
		d.Certainty = No // who is in what is known to what-if
	}
	if d.Certainty == No || !d.judge(f, s) {
		return Demand{}, false
	}
	d.Everywhere = d.Certainty == Sure && d.Text == Sure && everywhere(p) && (d.Strength == nil || d.Strength.isMFA())
	d.explain(text.who, s)
	if f.Lapsed {
		d.Why += phrase.T(", and without a licence nobody can change it")
	}
	return d, true
}

func knownState(state string) bool {
	return slices.Contains([]string{graph.StateEnabled, graph.StateDisabled, graph.StateReportOnly}, state)
}

// matchState: a policy in a state that came after this program may be enforced.
func matchState(state string) match {
	m := match{certainty: Sure}
	if !knownState(state) {
		m.leave(Doubt{What: phrase.T("its state %s, which this program does not know", state), Rule: ruleConditions})
	}
	return m
}

// unread are what-if's answers about policies whose text is not known: refused to the operator, or newer than the list.
func unread(f Facts, s SignIn, policies []graph.Policy) []Demand {
	verdicts, _ := f.WhatIf[s.ID].Value()
	var out []Demand
	for _, w := range verdicts {
		known := slices.ContainsFunc(policies, func(p graph.Policy) bool { return strings.EqualFold(p.ID, w.PolicyID) })
		if known || !w.Applies || w.State == graph.StateDisabled || w.State == graph.StateReportOnly || w.Grant == nil {
			continue
		}
		state := matchState(w.State)
		d := Demand{
			Source: w.Name, Kind: ConditionalAccess, Unread: true, Certainty: state.certainty, Doubts: state.doubts, WhatIf: Applies, Lift: ByExclusion,
			Policy: &graph.Policy{ID: w.PolicyID, Name: w.Name, State: w.State, Grant: w.Grant},
		}
		if d.judge(f, s) {
			d.explain("", s)
			out = append(out, d)
		}
	}
	return out
}

// explain says why the demand is one, and on which page that stands.
func (d *Demand) explain(who string, s SignIn) {
	because := phrase.T("it is about %s", who)
	if d.Text == No || who == "" {
		because = phrase.T("Microsoft's what-if says that it applies")
	}
	words := make([]string, len(d.Asks))
	for i, a := range d.Asks {
		words[i] = a.Words()
		if a == AskStrength {
			words[i] = phrase.T("the authentication strength %s", phrase.Name(d.Strength.Name))
		}
	}
	and := phrase.Format("and")
	if strings.EqualFold(d.Policy.Grant.Operator, "OR") {
		and = "or"
	}
	d.Why = phrase.T("%s and asks for %s", because, phrase.Join(words, and))
	if slices.Contains(d.Asks, AskBlock) {
		d.Why = phrase.T("%s and blocks the sign-in", because)
	}
	if d.Certainty == May {
		d.Why += phrase.T(", depending on %s", d.Depending())
	}
	switch {
	case s.Legacy():
		d.Rule = ruleBlockLegacy
	case d.Text == No:
		d.Rule = ruleWhatIf
	case slices.Contains(d.Asks, AskStrength):
		d.Rule = ruleStrengths
	default:
		d.Rule = ruleGrant
	}
}
