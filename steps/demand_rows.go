package steps

import (
	"errors"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// fate is what becomes of the demands in a table of them.
type fate struct {
	state, policies  string // notes
	lifted, defaults Mark
}

// demandRows is the table of the sources, whether they demand anything or not.
func demandRows(f *mfa.Facts, demands []analysis.Demand) []Fact {
	return sourceRows(f, demands, fate{phrase.T("turn off for this account"), phrase.T("exclude this account"), MarkDecide, MarkBlocks})
}

// standingRows is the same where none of them is lifted.
func standingRows(f *mfa.Facts, demands []analysis.Demand) []Fact {
	return sourceRows(f, demands, fate{phrase.T("stays"), phrase.T("stays"), MarkOK, MarkOK})
}

func sourceRows(f *mfa.Facts, demands []analysis.Demand, becomes fate) []Fact {
	rows := []Fact{
		{Label: phrase.T("Per-user MFA"), Value: analysis.StateWord(f.State()).Spoken, Note: phrase.T("nothing to do"), Mark: MarkOK},
		{Label: phrase.T("Security defaults"), Value: onOff(f.DefaultsOn()), Note: phrase.T("nothing to do"), Mark: MarkOK},
		{Label: phrase.T("Conditional Access"), Value: phrase.T("nothing applies"), Mark: MarkOK},
	}
	policies := 0
	for _, d := range demands {
		switch {
		case d.Lift == analysis.ByState:
			rows[0].Note, rows[0].Mark = becomes.state, becomes.lifted
		case mfa.IsCampaign(d):
		case d.Policy == nil:
			rows[1].Note, rows[1].Mark = d.Why, becomes.defaults
		default:
			policies++
		}
	}
	if policies > 0 {
		rows[2].Value, rows[2].Mark = phrase.Count(policies, "policy applies", "policies apply"), becomes.lifted
		rows[2].Note = becomes.policies
	}
	switch {
	case errors.Is(f.Policies.Err(), graph.ErrUnlicensed):
		rows[2].Value = phrase.T("not licensed here")
	case f.Policies.Err() != nil:
		rows[2].Mark = max(rows[2].Mark, MarkNote)
		rows[2].Note += " " + phrase.T("The policies can't be read by you; Microsoft's what-if was asked instead.")
	case f.WhatIfErr() != nil:
		rows[2].Mark = max(rows[2].Mark, MarkNote)
		rows[2].Note += " " + phrase.T("Microsoft's what-if did not answer; the policies are judged by their text alone.")
	}
	if f.Hides && f.Policies.Err() == nil {
		rows[2].Mark = max(rows[2].Mark, MarkNote)
		rows[2].Note += " " + phrase.T(previewMissing)
	}
	for _, d := range demands {
		if words := d.Disagreement(); words != "" {
			rows[2].Note += " " + d.Named() + ": " + words + "."
		}
	}
	rows[2].Note = strings.TrimSpace(rows[2].Note)
	for _, d := range mfa.OpenDoubts(demands) {
		if d.Policy != nil {
			rows = append(rows, Fact{Label: phrase.T("Perhaps asked by"), Value: d.Source, Mark: becomes.lifted, Note: phrase.T("That depends on %s, which nobody can tell before.", d.Depending())})
		}
	}
	return rows
}

func onOff(on bool) string {
	if on {
		return phrase.T("on")
	}
	return phrase.T("off")
}
