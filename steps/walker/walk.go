// Package walker is the walk through the onboarding without a screen: in which order the steps stand, where the operator
// is, what Inspect, Apply or Answer of a step has to do next, and what follows from what they returned. The wizard, the
// plain lines and the autopilot all drive it. It does no work itself and waits for nothing: what takes time is handed to
// the front end as a Work, whose Outcome comes back through Take. Its methods are called from one goroutine.
package walker

import (
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// State is what goes on with the step that is shown.
type State int

// The walk is in exactly one of these.
const (
	Reading   State = iota // Inspect reads the tenant
	Found                  // what Inspect found is shown
	Answering              // Answer judges what was entered
	Applying               // Apply makes the changes
	Stopping               // Apply was told to stop and has not returned yet
	Failed                 // the tenant could not be read or changed; Err says why
	Ended                  // nothing follows
)

// Walk is where an onboarding stands.
type Walk struct {
	State State
	Err   error // why the state is Failed

	run     *steps.Run
	stops   []*Stop
	viewing int // the step that is shown
	working int // the step that is worked on; viewing is less while the operator looks back
	intent  *intent
	sent    bool    // an action led here by its name, so that the step is shown however it stands
	changed bool    // a step that was left before was answered, and has not been read since
	passed  []*Stop // left by themselves since the operator did something last
}

// Stop is what is known of one step.
type Stop struct {
	Step    steps.Step
	Info    steps.Info
	Found   *steps.Finding // nil before the first
	Facts   []steps.Fact   // that arrived while Inspect reads
	Applied []steps.Change // made and read back in this run

	Unneeded bool // it was left by itself, and the plan does without it

	Carried map[string]bool // instructions of the task, by their ids, that were carried out from here
	task    steps.TaskKey   // the one that they are of
}

// asks takes the task that was found. What was carried out of another one is not of this; of one that was there before it is so still,
// also where something else was asked meanwhile.
func (s *Stop) asks(t *steps.Task) {
	if t == nil {
		return
	}
	if shown := t.Key(); s.task != shown {
		s.task, s.Carried = shown, map[string]bool{}
	}
}

// New is a walk that stands before the first of the steps. There is at least one.
func New(run *steps.Run, list []steps.Step) *Walk {
	w := &Walk{run: run}
	for _, step := range list {
		w.stops = append(w.stops, &Stop{Step: step, Info: step.Info(), Carried: map[string]bool{}})
	}
	return w
}

// Stops are the steps, in order.
func (w *Walk) Stops() []*Stop { return w.stops }

// Here is the step that is shown.
//
//go:noinline // every copy would be carried
func (w *Walk) Here() *Stop { return w.stops[w.viewing] }

// Viewing is the place of the step that is shown.
func (w *Walk) Viewing() int { return w.viewing }

// Working is the place of the step that is worked on.
func (w *Walk) Working() int { return w.working }

// LookingBack reports whether a step is shown that was left before.
func (w *Walk) LookingBack() bool { return w.viewing < w.working }

// AtLast reports whether the last step is shown.
func (w *Walk) AtLast() bool { return w.viewing == len(w.stops)-1 }

// Passed are the steps that were left by themselves since the operator did something last, in order: what each found, and what
// it changed, stands on the screen that is worked on now.
func (w *Walk) Passed() []*Stop {
	if w.LookingBack() {
		return nil
	}
	return w.passed
}

// Finished reports whether the last step is shown and done.
func (w *Walk) Finished() bool {
	found := w.Here().Found
	return w.AtLast() && found != nil && settled(found)
}

// Visit shows step i and reads where it stands.
func (w *Walk) Visit(i int) Next {
	w.viewing = i
	w.working = max(w.working, i)
	w.intent, w.sent, w.changed = nil, false, false
	w.Here().Facts = nil
	w.State = Reading
	next := w.Look()
	next.Arrived = true
	return next
}

// Reopen goes back to where MFA is suspended, after it was put back while the setup had not run yet: that step, and each after it,
// is open again. Anywhere else the step that is shown is read again.
func (w *Walk) Reopen() Next {
	suspend, setup := w.place(steps.SuspendMFA), w.place(steps.RunSetup)
	if suspend < 0 || w.working < suspend || w.working > setup {
		return w.Visit(w.viewing)
	}
	for _, s := range w.stops[suspend:] {
		s.Found, s.Applied = nil, nil
	}
	w.working = suspend
	return w.Visit(suspend)
}

// Back shows what was shown before, for looking: nothing is undone. That is an earlier screen of the step, where it has one, or the step
// before. Before the first one the operator asks to leave.
func (w *Walk) Back() Next {
	if found := w.Here().Found; w.State == Found && found != nil && w.viewing == w.working {
		if i := slices.IndexFunc(found.Actions, func(a steps.Action) bool { return a.ID == steps.ActBack }); i >= 0 {
			return w.Do(found.Actions[i])
		}
	}
	if w.viewing == 0 {
		return Next{Turn: Leaving}
	}
	return w.Visit(w.viewing - 1)
}

// Look reads the step that is shown. The state says whether what is shown stays meanwhile.
func (w *Walk) Look() Next {
	step, run := w.Here().Step, w.run
	return working(func(ctx context.Context, report func(steps.Event)) Outcome {
		found, err := step.Inspect(ctx, run, report)
		return Outcome{kind: inspected, found: found, err: err}
	})
}

// Stop notes that Apply was told to stop.
func (w *Walk) Stop() { w.State = Stopping }

// Fail notes why the tenant could not be read or changed.
func (w *Walk) Fail(err error) { w.State, w.Err, w.intent = Failed, err, nil }

// Help are the paragraphs of the step's help: what it found may know better than the step.
func (s *Stop) Help() []string {
	if s.Found != nil && s.Found.Help != nil {
		return s.Found.Help
	}
	return s.Info.Help
}

// Actor is who acts in a step, as far as what it found says.
func (s *Stop) Actor() steps.Actor {
	if s.Found != nil && s.Found.Actor != "" {
		return s.Found.Actor
	}
	return s.Info.Actor
}

// place is where a step stands, negative where there is none of that id.
func (w *Walk) place(id steps.ID) int {
	return slices.IndexFunc(w.stops, func(s *Stop) bool { return s.Info.ID == id })
}
