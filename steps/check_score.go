package steps

import (
	"slices"
	"sort"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// sayScore compares the score with tenants of this size, and counts the identity recommendations that are not met.
func sayScore(s graph.SecureScore, controls analysis.Reading[[]graph.SecureScoreControl]) Fact {
	if s.Max <= 0 {
		return Fact{Value: phrase.T("not known"), Mark: MarkNote, Note: phrase.T("Microsoft's answer does not say how many points can be reached.")}
	}
	f := Fact{Value: phrase.T("%s of %s", phrase.Spoken().Points(s.Current), phrase.Spoken().Points(s.Max)), Mark: MarkNote, Ratio: s.Current, Of: s.Max}
	var notes []string
	for _, a := range s.Averages {
		if a.Basis == "TotalSeats" {
			notes = append(notes, phrase.T("Tenants of this size reach %s points on average.", phrase.Spoken().Points(a.Score)))
		}
	}
	if controls.Err() != nil {
		notes = append(notes, phrase.T("Which recommendations it rests on could not be read."))
	}
	if open := unmet(s, controls.Content()); len(open) > 0 {
		named := open[:1]
		if more := len(open) - 1; more > 0 {
			named = append(slices.Clone(named), phrase.T("%d more", more))
		}
		notes = append(notes, phrase.T("%s not met: %s.", phrase.Count(len(open), "identity recommendation is", "identity recommendations are"), phrase.JoinAnd(named)))
	}
	f.Note = strings.Join(notes, " ")
	return f
}

// unmet are the titles of the identity recommendations that the tenant does not reach in full, the weightiest first.
func unmet(s graph.SecureScore, controls []graph.SecureScoreControl) []string {
	reached := map[string]float64{}
	for _, c := range s.Controls {
		reached[c.Name] = c.Score
	}
	var open []graph.SecureScoreControl
	for _, c := range controls {
		if score, counted := reached[c.ID]; counted && c.Category == "Identity" && !c.Deprecated && score < c.Max {
			open = append(open, c)
		}
	}
	sort.SliceStable(open, func(i, j int) bool { return open[i].Max > open[j].Max })
	titles := make([]string, len(open))
	for i, c := range open {
		titles[i] = c.Title
	}
	return titles
}
