package window

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A process that was stopped goes on with its window open, and finds that the guard has put MFA back meanwhile: the journal has the time.

// closedBefore has the window that was closed last end where the guard closed it. A line that is not proven ends none that a proven one
// opened.
func (w *Window) closedBefore() {
	s := w.current()
	n := len(s.closed)
	if n == 0 {
		return
	}
	last, proven := s.closed[n-1], false
	for _, e := range w.opts.Recorder.Read().Entries {
		switch {
		case !objectid.Same(e.Account.ID, last.id) || e.At.Before(last.Opened.Truncate(time.Second)) || !e.At.Before(last.Closed):
		case e.Kind == journal.KindWindowOpened:
			proven = proven || e.Proven
		case e.Kind == journal.KindWindowClosed && e.By == journal.ByGuard && (e.Proven || !proven):
			last.Closed, last.Lasted, last.By = e.At, time.Duration(e.OpenFor)*time.Second, phrase.Both("the guard put MFA back")
			w.update(func(s *state) { s.closed = append(slices.Clone(s.closed[:n-1]), last) })
			return
		}
	}
}
