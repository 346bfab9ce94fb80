package wizard

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// screen is a step as it is shown, and what was entered for it.
type screen struct {
	*walker.Stop
	since    time.Time // when the task on screen was first shown
	turned   int       // how many of the pages that rows carry were opened
	unopened string    // the instruction whose page could not be opened last
	form     form
	focus    int  // over the form's entries and then the actions
	scroll   int  // the first line of the body in sight, or byItself
	read     bool // the last line of what is announced was in sight
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
