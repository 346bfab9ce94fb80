package analysis

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// controls are the built-in grant controls and what each asks for.
// https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant
var controls = map[string]Ask{
	"mfa":                  AskMFA,
	"block":                AskBlock,
	"compliantDevice":      AskDevice,
	"domainJoinedDevice":   AskDevice,
	"approvedApplication":  AskClientApp,
	"compliantApplication": AskClientApp,
	"passwordChange":       AskPasswordChange,
	"riskRemediation":      AskRiskRemediation,
}

// asks are what a policy's grant controls ask for, without repetition.
func asks(g *graph.Grant) []Ask {
	var out []Ask
	add := func(a Ask) {
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	for _, c := range g.Controls {
		a, known := controls[c]
		if !known {
			a = AskUnknown
		}
		add(a)
	}
	if g.StrengthID != "" {
		add(AskStrength)
	}
	if len(g.TermsOfUse) > 0 {
		add(AskTermsOfUse)
	}
	if len(g.Custom) > 0 {
		add(AskCustomFactor)
	}
	return out
}

// judge fills in what the policy asks for, and reports whether that is anything. Where one of several controls is
// enough, a device or an app may meet it unasked; a legacy client shows neither, and is refused by every control.
func (d *Demand) judge(f Facts, s SignIn) bool {
	g := d.Policy.Grant
	d.Asks = asks(g)
	if g.StrengthID != "" {
		strength := f.strength(g)
		d.Strength = &strength
	}
	silent := func(a Ask) bool { return a == AskDevice || a == AskClientApp }
	loud := func(a Ask) bool { return !silent(a) }
	if !strings.EqualFold(g.Operator, "AND") && !s.Legacy() && slices.ContainsFunc(d.Asks, silent) && slices.ContainsFunc(d.Asks, loud) {
		d.Certainty = min(d.Certainty, May)
		d.Doubts = append(slices.Clip(d.Doubts), Doubt{What: phrase.T("the device, which may be enough"), Rule: ruleGrant})
	}
	return len(d.Asks) > 0
}

// everywhere reports a policy that asks for MFA whatever the sign-in is, and accepts nothing else in its place.
func everywhere(p *graph.Policy) bool {
	is := func(a Ask) bool { return a == AskMFA || a == AskStrength }
	all := asks(p.Grant)
	others := slices.ContainsFunc(all, func(a Ask) bool { return !is(a) })
	return slices.ContainsFunc(all, is) && p.DemandsMFA() && unconditional(p) && (!others || strings.EqualFold(p.Grant.Operator, "AND"))
}
