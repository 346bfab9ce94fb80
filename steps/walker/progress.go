package walker

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Progress is what running work reported last.
type Progress struct {
	Line string
	Wait *steps.Wait
	Task *steps.Task // of a person, before the work can go on
}

// Report takes an event, and says whether a task came that was not there before.
func (p *Progress) Report(e steps.Event, now time.Time) (another bool) {
	switch {
	case e.Beside && p.Task != nil:
	case e.Text != "":
		// Going on means that whatever a person had to do is done.
		p.Line, p.Wait, p.Task = e.Text, nil, nil
	case e.Fact != nil:
		p.Line = "" // what was told before the rows is over: those that are awaited say what is under way
	case e.Applied != nil:
		*p = Progress{}
	case e.Task != nil:
		another = p.Task == nil || p.Task.Part != e.Task.Part || p.Task.Code != e.Task.Code
		p.Task, p.Wait = e.Task, nil
		if p.Task.Since.IsZero() {
			p.Task.Since = now
		}
	case e.Wait != nil:
		p.Line, p.Wait = "", e.Wait // what was told before it is over
	}
	return another
}

// Report takes what a step's work says about the tenant.
func (s *Stop) Report(e steps.Event) {
	switch {
	case e.Fact != nil:
		i := slices.IndexFunc(s.Facts, func(f steps.Fact) bool { return f.Label == e.Fact.Label })
		if i < 0 {
			s.Facts = append(s.Facts, *e.Fact)
		} else {
			s.Facts[i] = *e.Fact
		}
	case e.Applied != nil:
		s.Applied = append(s.Applied, *e.Applied)
	}
}
