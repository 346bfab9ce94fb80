package report

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Without is that somebody went on without an app password, and why. No read shows it.
type Without struct {
	Why   string `json:"why"`   // the answer, as the journal has it
	Older bool   `json:"older"` // Delegate365 takes one, as somebody said
	Claim Claim  `json:"claim"`
}

// The answers, as the journal has them: going on without an app password, for what was read or by choice, and that Delegate365 takes one.
const (
	WithoutDefaults = "without-app-password:security-defaults"
	WithoutRefused  = "without-app-password:refused"
	WithoutChosen   = "without-app-password:chosen"
	TakesPassword   = "takes-app-password"
)

var withoutWhy = map[string]phrase.Format{
	WithoutDefaults: "No app password was made: while security defaults are on, none can be created in this tenant.",
	WithoutRefused:  "No app password was made: none can be created in this tenant as it is.",
	WithoutChosen:   "No app password was made: it was chosen to go on without one.",
}

// withoutOf is what was answered last; nil where nobody went on without one, or somebody said otherwise since.
func withoutOf(entries []journal.Entry) (w *Without) {
	older := false
	for _, e := range entries {
		switch {
		case e.Kind != journal.KindAnswered:
		case withoutWhy[e.Note] != "":
			w = &Without{Why: e.Note, Older: older, Claim: Claim{Layer: LayerJournal, At: second(e.At), Line: e.Seq}}
		case e.Note == TakesPassword, e.Note == TestNone:
			w, older = nil, e.Note == TakesPassword
		case e.Note == TestSucceeded, e.Note == TestFailed:
			w = nil
		}
	}
	return w
}

// lacksPassword reports an older Delegate365 that was left without one.
func lacksPassword(r *Report) bool {
	return r.Without != nil && r.Without.Older && !r.offboards()
}

// olderLacks is what comes of it.
const olderLacks phrase.Format = "This Delegate365 takes one, as somebody said: it has none to work with."

// withoutAlarm says of an older Delegate365 that it can't work with an app password; empty where nobody said that it is one.
func withoutAlarm(r *Report) alarm {
	if !lacksPassword(r) {
		return alarm{}
	}
	return alarm{WhyWithout(r.Without), phrase.T(olderLacks)}
}

// WhyWithout is why there is no app password, in a sentence.
func WhyWithout(w *Without) string { return phrase.T(withoutWhy[w.Why]) }

// withoutSaid is why there is no app password, in the page's first section.
func withoutSaid(p page) tag.Node {
	w := p.Without
	if w == nil || p.offboards() {
		return nil
	}
	said := p.l.T(withoutWhy[w.Why])
	if w.Older {
		said += " " + p.l.T(olderLacks)
	}
	return paper.Term(p.l.T("App password"), tag.Text(said), saidBy(p.l, &w.Claim))
}

// task is what to do about it.
func (w *Without) task() Task {
	t := Task{"Delegate365", "run the setup of a current one, which needs no app password", Next{
		What: english("Run the setup of a current Delegate365"), Why: english("It needs no app password, and the older one has none to work with."), Who: english("the customer"),
	}}
	if !w.Older {
		t.Short, t.When, t.Why = "if it is an older one: run the setup of a current one", IfNeeded, english("This run made no app password, and an older one needs one.")
	}
	return t
}
