package steps

import (
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The verdicts of a check.
const (
	VerdictReady   = "ready"   // nothing stops the onboarding; rows may still ask for a decision later
	VerdictDecide  = "decide"  // it stops until somebody decides, which it asks on its own screen
	VerdictBlocked = "blocked" // it stops until somebody mends something in the tenant
)

// verdict is what the rows of a check come to. Wizard, lines, page and JSON tell this one.
type verdict struct {
	word   string
	stops  []string // labels of the rows that block
	decide []string // of those that are to be decided, and stop nothing
	look   []string // of those that somebody has to look at, where nothing asks for it
}

// judged are the rows of the check, and the verdict on them.
func judged(p *posture, m *memory, found foundUser) ([]Fact, verdict) {
	rows := checkRows(p, m, found)
	v := verdict{VerdictReady, marked(rows, MarkBlocks), marked(rows, MarkDecide), marked(rows, MarkLook)}
	if len(v.stops) > 0 {
		v.word = VerdictBlocked
	}
	_, chosen := errors.AsType[*Error](found.err) // what was chosen can't be used; anything else could not be read
	if _, free := waysOut(p, m, v.stops); len(v.stops) > 0 && free && (found.err == nil || chosen) {
		v.word = VerdictDecide
	}
	return rows, v
}

// sentence is the verdict in words. What stops nothing yet is named beside what does.
func (v verdict) sentence() Sentence {
	said := v.first()
	if len(v.stops) > 0 && len(v.decide) > 0 {
		said = said.And(finding.Verdict.Of("", "blocked").In("To decide later: %s.", phrase.JoinAnd(v.decide)))
	}
	if len(v.look) > 0 {
		said = said.And(finding.Verdict.Of("", "to look at").In("To look at: %s.", phrase.JoinAnd(v.look)))
	}
	return said
}

func (v verdict) first() Sentence {
	switch {
	case v.word == VerdictBlocked:
		return finding.Verdict.Of("", "blocked").In("Blocked: the onboarding can't go on like this. Why: %s.", phrase.JoinAnd(v.stops))
	case v.word == VerdictDecide:
		return finding.Verdict.Of("", "blocked").In("Blocked until it is decided: %s.", phrase.JoinAnd(v.stops))
	case len(v.decide) > 0:
		return finding.Verdict.Of("", "to decide").In("Ready, and to decide: %s.", phrase.JoinAnd(v.decide))
	}
	return finding.Verdict.Of("", "ready").In("Ready: nothing read here blocks it.")
}

// Said is its verdict in words.
func (out CheckReport) Said() string {
	v := verdict{word: out.Verdict}
	for _, row := range out.Rows {
		switch row.Mark {
		case MarkBlocks.String():
			v.stops = append(v.stops, row.Label)
		case MarkDecide.String():
			v.decide = append(v.decide, row.Label)
		case MarkLook.String():
			v.look = append(v.look, row.Label)
		}
	}
	return v.sentence().String()
}

// marked are the labels of the rows with a mark.
func marked(rows []Fact, mark Mark) []string {
	var out []string
	for _, f := range rows {
		if f.Mark == mark {
			out = append(out, f.Label)
		}
	}
	return out
}

// asksAccount reports that what has the account's name is to be decided about before there is a plan.
func asksAccount(found foundUser, m *memory) bool {
	return found.err == nil && m.plan == nil && found.name == m.account && m.choices.unfit != m.account.String() && accountFinding(found, m).Status == Blocked
}
