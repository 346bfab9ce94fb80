package wizard

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// screen is a step as it is shown, and what was entered for it.
type screen struct {
	*walker.Stop
	since   time.Time       // when the task on screen was first shown
	carried map[string]bool // items of the task that were opened or copied here
	form    form
	focus   int // over the form's entries and then the actions
	scroll  int // the first line of the body in sight, or byItself
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

// watchedSince is when the wait for the finding's task began; zero where nothing notices its end.
func (s *screen) watchedSince() time.Time {
	switch {
	case s.Found.Poll <= 0:
		return time.Time{}
	case s.Found.Task.Since.IsZero():
		return s.since
	}
	return s.Found.Task.Since
}
