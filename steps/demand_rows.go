package steps

import (
	"errors"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// demandRows is the table of the sources, whether they demand anything or not.
func demandRows(f mfa.Facts, demands []analysis.Demand) []Fact {
	rows := []Fact{
		{Label: "Per-user MFA", Value: string(f.State()), Note: "nothing to do", Mark: MarkOK},
		{Label: "Security defaults", Value: onOff(f.DefaultsOn()), Note: "nothing to do", Mark: MarkOK},
		{Label: "Conditional Access", Value: "nothing applies", Mark: MarkOK},
	}
	policies := 0
	for _, d := range demands {
		switch {
		case d.Lift == analysis.ByState:
			rows[0].Note, rows[0].Mark = "turn off for this account", MarkDecide
		case mfa.IsCampaign(d):
		case d.Policy == nil:
			rows[1].Note, rows[1].Mark = d.Why, MarkBlocks
		default:
			policies++
		}
	}
	if policies > 0 {
		rows[2].Value, rows[2].Mark = phrase.Count(policies, "policy applies", "policies apply"), MarkDecide
		rows[2].Note = "exclude this account"
	}
	switch {
	case errors.Is(f.Policies.Err(), graph.ErrUnlicensed):
		rows[2].Value = "not licensed here"
	case f.Policies.Err() != nil:
		rows[2].Mark = max(rows[2].Mark, MarkNote)
		rows[2].Note += " The policies can't be read by you; Microsoft's what-if was asked instead."
	case f.WhatIfErr() != nil:
		rows[2].Mark = max(rows[2].Mark, MarkNote)
		rows[2].Note += " Microsoft's what-if did not answer; the policies are judged by their text alone."
	}
	if f.Hides && f.Policies.Err() == nil {
		rows[2].Mark = max(rows[2].Mark, MarkNote)
		rows[2].Note += " " + previewMissing
	}
	for _, d := range demands {
		if words := d.Disagreement(); words != "" {
			rows[2].Note += " " + d.Named() + ": " + words + "."
		}
	}
	rows[2].Note = strings.TrimSpace(rows[2].Note)
	for _, d := range mfa.OpenDoubts(demands) {
		if d.Policy != nil {
			rows = append(rows, Fact{Label: "Perhaps asked by", Value: d.Source, Mark: MarkDecide, Note: "That depends on " + d.Depending() + ", which nobody can tell before."})
		}
	}
	return rows
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
