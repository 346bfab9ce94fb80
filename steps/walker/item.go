package walker

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// ActItem carries out the instruction that is to be followed now.
const ActItem = "walker:item"

// Offers are what can be done now, the first by Enter: while a person has instructions to follow, the one to follow now, and
// then what Actions has. The task is nil where nobody has any.
func (w *Walk) Offers(t *steps.Task) []steps.Action {
	actions := w.Actions()
	if i := w.Here().Item(t); i >= 0 {
		actions = slices.Insert(slices.Clone(actions), 0, steps.Action{ID: ActItem, Label: verb(t.Items[i])})
	}
	return actions
}

// Item is the place of the instruction that Enter carries out now: the first that was not yet, as long as one that opens or copies
// something is left, the end is noticed by itself, or what was seen there has to be said. After the last of those the step's own actions
// say how it went. It is negative where there is none.
func (s *Stop) Item(t *steps.Task) int {
	i := s.Next(t)
	toTheEnd := s.Found != nil && (s.Found.Poll > 0 || slices.ContainsFunc(s.Found.Fields, steps.Field.Undecided))
	if i < 0 || !toTheEnd && !slices.ContainsFunc(t.Items[i:], func(item steps.Item) bool { return !s.CarriedOut(item) && doable(item) }) {
		return -1
	}
	return i
}

// Next is the place of the first instruction that was not carried out yet, negative where there is none.
func (s *Stop) Next(t *steps.Task) int {
	if t == nil {
		return -1
	}
	return slices.IndexFunc(t.Items, func(item steps.Item) bool { return !s.CarriedOut(item) })
}

// CarriedOut reports whether an instruction is known to be done, or was done from here.
func (s *Stop) CarriedOut(item steps.Item) bool { return item.Done || s.Carried[item.ID] }

func doable(item steps.Item) bool { return item.Opens || !item.Copy.IsZero() }

// verb is what Enter does with an instruction.
func verb(item steps.Item) string {
	switch {
	case item.Verb != "":
		return item.Verb
	case item.Opens:
		return phrase.T("Open")
	case !item.Copy.IsZero():
		return phrase.T("Copy")
	}
	return phrase.T("Done")
}
