package wizard

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// screen is a step as it is shown, and what was entered for it.
type screen struct {
	*walker.Stop
	task     steps.TaskKey
	since    time.Time // when that task was first shown
	turned   int       // how many of the pages that rows carry were opened
	unopened string    // the instruction whose page could not be opened last
	form     form
	focus    int  // over the form's entries and then the actions
	scroll   int  // the first line of the body in sight, or byItself
	read     bool // the last line of what is announced was in sight
}

// asks takes the task on screen, and when the wait for it began.
func (s *screen) asks(t *steps.Task, now time.Time) {
	if t == nil {
		return
	}
	if shown := t.Key(); s.task != shown {
		s.task, s.since = shown, now
	}
}

// toldToOpen reports that the instruction to follow now is to open a page that could not be opened from here, or can't be.
func (s *screen) toldToOpen(t *steps.Task, byHand bool) bool {
	i := s.Item(t)
	return i >= 0 && t.Items[i].Opens && (byHand || t.Items[i].ID == s.unopened)
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
