package walker

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Turn is whose move it is.
type Turn int

// The turns.
const (
	Operators Turn = iota // what was found, or went wrong, is shown; the operator decides
	Running               // Work is to be run, and its Outcome handed to Take
	Acting                // Action is to be done through Do: it was chosen before, and what it announced still stands
	Leaving               // the operator asked to leave
	Finishing             // the last step is done and left
)

// Next is what a front end does now.
type Next struct {
	Turn    Turn
	Work    Work
	Action  steps.Action // to be done; of a part that was played, its label is what that answered
	Said    string       // by a page, of that answer
	Arrived bool         // another step is shown, or the same one from its beginning
	Shown   bool         // a new finding is to be shown
	Passed  *Stop        // was left by itself, and another step is shown; nil where none was

	Refused *Refusal // the answer to a field was
	Unread  error    // the tenant could not be read just now; what was found stays, and is read again after its Poll
	Unknown steps.ID // an action leads to a step that is not part of this walk
}

// Refusal is a value that a step did not take.
type Refusal struct {
	Field string
	Err   error
}

// Work is what takes time. It reports while it runs, from any goroutine.
type Work func(ctx context.Context, report func(steps.Event)) Outcome

func working(w Work) Next { return Next{Turn: Running, Work: w} }

// kind is which work an outcome is of.
type kind int

const (
	inspected kind = iota
	answered
	applied
	broke
)

// Outcome is what a Work came to.
type Outcome struct {
	kind   kind
	found  steps.Finding
	err    error
	field  string // whose value was refused
	action steps.Action
}

// Failure is the outcome of a Work that ended with a panic.
func Failure(err error) Outcome { return Outcome{kind: broke, err: err} }

// intent is an action that waits until the answers before it were read back, and what it announced.
type intent struct {
	action    steps.Action
	announced *steps.Finding
}

// Take goes on from what a Work came to.
func (w *Walk) Take(o Outcome) Next {
	switch o.kind {
	case answered:
		return w.answered(o)
	case applied:
		return w.applied(o)
	case broke:
		w.Fail(o.err)
		return Next{}
	}
	return w.inspected(o)
}

// inspected shows what was found. While a person is waited for, one look that fails is no failure. An action that waited
// is done only when what it announced is what would be done.
func (w *Walk) inspected(o Outcome) Next {
	s := w.Here()
	if o.err != nil {
		if w.State == Found && s.Found != nil && s.Found.Poll > 0 {
			return Next{Unread: o.err}
		}
		w.Fail(o.err)
		return Next{}
	}
	s.Found, s.Facts = &o.found, nil
	s.asks(s.Found.Task)
	w.State = Found
	if w.changed && !settled(s.Found) {
		w.working = w.viewing // what comes after it waits for it again
	}
	w.changed = false
	next := Next{Shown: true}
	if in := w.intent; in != nil {
		w.intent = nil
		if Announces(s.Found, in.announced) && w.Primary().ID == in.action.ID {
			next.Turn, next.Action = Acting, in.action
		}
	}
	if next.Turn == Operators && w.passes() {
		w.passed, s.Unneeded = append(w.passed, s), w.run != nil && steps.Unneeded(w.run, s.Info.ID)
		next = w.Visit(w.viewing + 1)
		next.Passed = s
	}
	return next
}

// passes reports whether the step needs nothing of the operator, so that it is left by itself. Nothing that is to be decided is.
func (w *Walk) passes() bool {
	found := w.Here().Found
	if !settled(found) || w.sent || w.LookingBack() || w.AtLast() || len(found.Fields) > 0 || w.Primary().ID != steps.ActNext {
		return false
	}
	for _, section := range found.Sections {
		for _, fact := range section.Facts {
			if fact.Mark >= steps.MarkDecide {
				return false
			}
		}
	}
	return true
}

// settled reports that nothing is left to do in a step.
func settled(found *steps.Finding) bool {
	return found.Status == steps.Done || found.Status == steps.NotNeeded
}

// Announces reports whether a finding announces what another one did. What a plan announces stands in its tables.
func Announces(now, before *steps.Finding) bool {
	return now.Status == before.Status && slices.Equal(now.Changes, before.Changes) && now.Notice.String() == before.Notice.String() && reflect.DeepEqual(now.Sections, before.Sections)
}

func (w *Walk) answered(o Outcome) Next {
	switch {
	case o.err == nil:
		if !Known(o.action) {
			w.intent = nil
		}
		w.changed = w.LookingBack()
		return w.Look()
	case o.field != "":
		w.intent = nil
		w.State = Found
		return Next{Refused: &Refusal{o.field, o.err}}
	}
	w.Fail(o.err)
	return Next{}
}

// applied reads where the step stands now. What Apply got done before it was told to stop is read from the tenant too.
func (w *Walk) applied(o Outcome) Next {
	if o.err != nil && (w.State != Stopping || !errors.Is(o.err, context.Canceled)) {
		w.Fail(o.err)
		return Next{}
	}
	w.State = Reading
	return w.Look()
}
