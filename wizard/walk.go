package wizard

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// walk is the way through the steps, a screen each.
type walk struct {
	screens []*screen
	viewing int // the step on screen
	working int // the step that is being worked on; viewing is less while the operator looks back
}

// lookingBack reports whether a step is on screen that was left before.
func (w *walk) lookingBack() bool { return w.viewing < w.working }

// atLast reports whether the last step is on screen.
func (w *walk) atLast() bool { return w.viewing == len(w.screens)-1 }

// place is where a step stands, negative where there is none of that id.
func (w *walk) place(id steps.ID) int {
	return slices.IndexFunc(w.screens, func(s *screen) bool { return s.info.ID == id })
}

// screen is what is known of one step and what was entered for it.
type screen struct {
	step    steps.Step
	info    steps.Info
	found   *steps.Finding  // nil before the first
	since   time.Time       // when the task on screen was first shown
	facts   []steps.Fact    // that arrived while Inspect reads
	applied []steps.Change  // made and read back in this run
	carried map[string]bool // items of the task that were opened or copied here
	form    form
	focus   int // over the form's entries and then the actions
	scroll  int // the first line of the body in sight, or byItself
}

// actor is who acts in the step on screen, as far as what it found says.
func (s *screen) actor() steps.Actor {
	if s.found != nil && s.found.Actor != "" {
		return s.found.Actor
	}
	return s.info.Actor
}

// carriedOut reports whether an instruction is known or was done from here.
func (s *screen) carriedOut(item steps.Item) bool { return item.Done || s.carried[item.ID] }

// hereItem is the first instruction that is not carried out yet.
func (s *screen) hereItem(t *steps.Task) int {
	for i, item := range t.Items {
		if !s.carriedOut(item) {
			return i
		}
	}
	return -1
}
