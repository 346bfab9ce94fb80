package walker

import (
	"context"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// ActForward goes back to the step that is worked on, from one that is looked at.
const ActForward = "walker:forward"

// Answer is a value on its way to a step.
type Answer struct {
	Field string
	Value graph.Secret
}

// Heading stands above a finding's changes: where Enter does something else, they are made only if that is chosen.
func Heading(f *steps.Finding) string {
	applies := func(a steps.Action) bool { return a.ID == steps.ActApply }
	if i := slices.IndexFunc(f.Actions, applies); i > 0 {
		return phrase.T("What \"%s\" would change", f.Actions[i].Label)
	}
	return phrase.T("What will change")
}

// Actions are what can be done now; the first is primary.
func (w *Walk) Actions() []steps.Action {
	switch w.State {
	case Failed:
		return []steps.Action{{ID: steps.ActRetry, Label: phrase.T("Try again")}}
	case Found:
		if w.LookingBack() {
			return w.actionsLookingBack()
		}
		if found := w.Here().Found; len(found.Actions) > 0 {
			return found.Actions
		}
		return []steps.Action{w.fallback()}
	}
	return nil
}

// actionsLookingBack lead forward first, and then to what needs no field.
func (w *Walk) actionsLookingBack() []steps.Action {
	actions := []steps.Action{{ID: ActForward, Label: phrase.T("Continue with %s", w.stops[w.working].Info.Title)}}
	found := w.Here().Found
	for _, action := range found.Actions {
		if action.ID != steps.ActNext && len(found.Fields) == 0 {
			actions = append(actions, action)
		}
	}
	return actions
}

// Primary is the finding's own first action, which the fields are answered before.
func (w *Walk) Primary() steps.Action {
	found := w.Here().Found
	if found == nil || len(found.Actions) == 0 {
		return w.fallback()
	}
	return found.Actions[0]
}

// fallback is the action of a finding that names none.
func (w *Walk) fallback() steps.Action {
	found := w.Here().Found
	switch {
	case found == nil || found.Status != steps.Done && found.Status != steps.NotNeeded:
		return steps.Action{ID: steps.ActRetry, Label: phrase.T("Look again")}
	case w.AtLast():
		return steps.Action{ID: steps.ActNext, Label: phrase.T("Finish")}
	}
	return steps.Action{ID: steps.ActNext, Label: phrase.T("Continue")}
}

// Known reports whether an action is the walk's and not the step's.
func Known(action steps.Action) bool {
	switch action.ID {
	case steps.ActApply, steps.ActNext, steps.ActRetry, steps.ActLeave, ActForward:
		return true
	}
	return strings.HasPrefix(action.ID, steps.ActGo)
}

// Do does an action. One of the step's own is handed to its Answer, and the step is read again.
func (w *Walk) Do(action steps.Action) Next {
	w.acted()
	if target, goes := strings.CutPrefix(action.ID, steps.ActGo); goes {
		return w.goTo(target)
	}
	switch action.ID {
	case ActForward:
		return w.Visit(w.working)
	case steps.ActApply:
		return w.apply()
	case steps.ActNext:
		return w.next()
	case steps.ActLeave:
		if w.Finished() {
			return Next{Turn: Finishing}
		}
		return Next{Turn: Leaving}
	case steps.ActRetry:
		w.State = Reading
		return w.Look()
	}
	return w.Answer(action)
}

// Submit answers every field and then, once that was read back, does the action. When what would be done is no longer
// what was announced, the new announcement is shown instead.
func (w *Walk) Submit(action steps.Action, answers []Answer) Next {
	w.acted()
	w.intent = nil
	if action.ID != steps.ActRetry {
		w.intent = &intent{action, w.Here().Found}
	}
	return w.answer(action, answers)
}

// Answer hands the values to the step, then the action if it is the step's own, and reads the step again. An action
// without an id is none.
func (w *Walk) Answer(action steps.Action, answers ...Answer) Next {
	w.acted()
	w.intent = nil
	return w.answer(action, answers)
}

func (w *Walk) answer(action steps.Action, answers []Answer) Next {
	step, run := w.Here().Step, w.run
	w.State = Answering
	return working(func(context.Context, func(steps.Event)) Outcome {
		for _, a := range answers {
			if err := step.Answer(run, a.Field, a.Value); err != nil {
				a.Value.Forget()
				return Outcome{kind: answered, field: a.Field, err: err, action: action}
			}
		}
		if action.ID != "" && !Known(action) {
			if err := step.Answer(run, action.ID, graph.Secret{}); err != nil {
				return Outcome{kind: answered, err: err, action: action}
			}
		}
		return Outcome{kind: answered, action: action}
	})
}

// acted notes that the operator did something: what stood above it was seen.
func (w *Walk) acted() { w.passed, w.sent = nil, false }

// apply makes the changes that were announced.
func (w *Walk) apply() Next {
	s := w.Here()
	w.State, s.Applied = Applying, nil
	step, run := s.Step, w.run
	return working(func(ctx context.Context, report func(steps.Event)) Outcome {
		return Outcome{kind: applied, err: step.Apply(ctx, run, report)}
	})
}

// next goes on to the step after the one that is shown, or ends after the last.
func (w *Walk) next() Next {
	if w.AtLast() {
		return Next{Turn: Finishing}
	}
	return w.Visit(w.viewing + 1)
}

// goTo shows a step, after giving it the answer that stands behind its id, if one does.
func (w *Walk) goTo(target string) Next {
	id, answer, answers := strings.Cut(target, "/")
	i := w.place(steps.ID(id))
	if i < 0 {
		return Next{Unknown: steps.ID(id)}
	}
	w.working = i
	next := w.Visit(i)
	if answers {
		next.Work = w.answer(steps.Action{ID: answer}, nil).Work
	}
	w.sent = true
	return next
}
