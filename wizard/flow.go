package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// outcomeMsg is what the work of a step came to.
type outcomeMsg struct{ outcome walker.Outcome }

// pollDueMsg says that it is time to look again.
type pollDueMsg struct{ gen int }

// flow is the way through the steps: the walk that leads it, and what a screen adds to each of its stops.
type flow struct {
	walk     *walker.Walk
	screens  []*screen
	progress walker.Progress // of the running Inspect, Apply or CloseExposure
	looked   time.Time       // when the step's work last came to something
	asked    bool            // the operator has it look now, and is to be told what came of it
	unbidden bool            // what is read was led to by no key
	moved    time.Time       // when a screen last came by that
	strayed  time.Time       // when a letter was pressed last that is no key
}

// aMoment is how long a screen that came by itself takes no key that acts: who presses one sooner has seen the screen before it.
const aMoment = time.Second

// justMoved reports such a screen.
func (f *flow) justMoved(m *Model) bool {
	return m.over.top() == nil && f.walk.State == walker.Found && m.now.Sub(f.moved) < aMoment
}

// astray reports letters just before that are no keys: nobody looks for a key so fast, and what follows may not be meant either.
func (f *flow) astray(m *Model) bool { return m.now.Sub(f.strayed) < aMoment }

// bid notes a key to which whatever comes next is due.
func (f *flow) bid() {
	if f.walk.State != walker.Reading && f.walk.State != walker.Answering {
		f.unbidden = false
	}
}

// visit shows step i and reads where it stands.
func (f *flow) visit(m *Model, i int) tea.Cmd { return f.carryOut(m, f.walk.Visit(i)) }

// carryOut does what the walk says comes next.
func (f *flow) carryOut(m *Model, next walker.Next) tea.Cmd {
	if next.Arrived {
		m.note = ""
		m.jobs.part.end()
		m.current().scroll = byItself
	}
	switch next.Turn {
	case walker.Running:
		return f.work(m, next.Work)
	case walker.Acting:
		return f.choose(m, next.Action)
	case walker.Leaving:
		return m.over.askToLeave(m)
	case walker.Finishing:
		return m.exit.finish(m)
	case walker.Operators:
		if next.Unknown != "" {
			m.note = phrase.T("There is no step %s here.", string(next.Unknown))
		}
	}
	return nil
}

// work runs the step's work.
func (f *flow) work(m *Model, work walker.Work) tea.Cmd {
	m.jobs.polling, f.progress = pending{}, walker.Progress{}
	if f.walk.State == walker.Applying {
		s := m.current()
		s.Carried, s.scroll = map[string]bool{}, byItself
		m.focus().on(0)
	}
	return m.jobs.start(m.now, &m.jobs.step, func(ctx context.Context, report func(steps.Event)) tea.Msg {
		return outcomeMsg{work(ctx, report)}
	})
}

// reported takes an event of the running job.
func (f *flow) reported(m *Model, e steps.Event) {
	s := m.current()
	s.Report(e)
	if f.progress.Report(e, m.now) {
		s.Carried, m.note = map[string]bool{}, e.Task.Opened
	}
}

// halt tells Apply to stop. What it got done is read from the tenant once it has returned.
func (f *flow) halt(m *Model) {
	m.jobs.step.cancel()
	f.walk.Stop()
}

// ran takes what the step's work came to.
func (f *flow) ran(m *Model, msg outcomeMsg) tea.Cmd {
	s := m.current()
	asked := f.asked
	f.looked, f.asked = m.now, false
	was, before := f.walk.State, s.Found
	if was == walker.Applying || was == walker.Stopping {
		m.jobs.part.end()
		if d := m.over.closing(); d != nil {
			return d.stepStopped(m)
		}
	}
	if was == walker.Found && !asked || was == walker.Applying && f.progress.Task != nil { // a person did it, in a browser
		f.unbidden = true
	}
	next := f.walk.Take(msg.outcome)
	if was == walker.Answering {
		s.form.forgive()
		if next.Turn == walker.Running {
			s.form.forget()
		}
	}
	switch {
	case f.walk.State == walker.Failed:
		f.failed(m)
		return nil
	case next.Unread != nil:
		m.note = phrase.T("The tenant could not be read just now: %s It is tried again.", m.explain(next.Unread).What)
		return f.pollAfter(m, s.Found.Poll)
	case next.Refused != nil:
		return f.refused(m, *next.Refused)
	case next.Shown:
		f.found(m, before, was != walker.Found)
		if asked && m.note == "" && nothingNew(before, s.Found) {
			m.note = phrase.T("Looked again at %s: nothing new.", phrase.Clock(m.now))
		}
		if next.Turn == walker.Operators {
			return f.pollAfter(m, s.Found.Poll)
		}
	}
	return f.carryOut(m, next)
}

// nothingNew reports a step that waits, or is blocked, as it did before it was looked at again.
func nothingNew(before, now *steps.Finding) bool {
	return before != nil && (now.Status == steps.Waiting || now.Status == steps.Blocked) && walker.Announces(now, before)
}

// found puts a finding on screen. What is typed and where the operator stands survives unless the fields are others.
func (f *flow) found(m *Model, before *steps.Finding, anew bool) {
	s := m.current()
	found := s.Found
	first := anew || before == nil || before.Status != found.Status
	sameFields := s.form.update(m, found.Fields)
	s.asks(found.Task, m.now)
	m.links().leaveToPerson(s, found.Task)
	s.read = s.read && before != nil && walker.Announces(found, before)
	if !sameFields || first {
		s.scroll = byItself
		m.note = ""
		if f.unbidden {
			f.moved = m.now
		}
	}
	if said := m.rehearsal.said; said != "" {
		m.note, m.rehearsal.said = said, ""
	}
	m.over.under(func() {
		if !sameFields || first {
			m.focus().on(m.focus().first())
			return
		}
		m.focus().on(min(s.focus, m.focus().stops()-1))
	})
}

// pollAfter looks again when d has passed; 0 means not by itself.
func (f *flow) pollAfter(m *Model, d time.Duration) tea.Cmd {
	if d <= 0 {
		return nil
	}
	m.jobs.polling = m.jobs.due(d)
	return m.jobs.after(d, pollDueMsg{m.jobs.polling.gen})
}

// pollDue looks again. A part that is being played comes to its end first: to go on would close the browser on the person.
func (f *flow) pollDue(m *Model, msg pollDueMsg) tea.Cmd {
	if msg.gen != m.jobs.polling.gen || f.walk.State != walker.Found || m.jobs.step.running() {
		return nil
	}
	if m.jobs.part.running() {
		return f.pollAfter(m, soonest)
	}
	return f.carryOut(m, f.walk.Look())
}

// soonest is the least time between two looks, however often the operator comes and goes.
const soonest = time.Second

// returned looks at once when the operator comes back to the terminal: what is awaited was to be done elsewhere.
func (f *flow) returned(m *Model) tea.Cmd {
	if m.jobs.polling.gen == 0 {
		return nil
	}
	return f.pollAfter(m, max(soonest-m.now.Sub(f.looked), time.Millisecond))
}

// fail shows why the tenant could not be read or changed.
func (f *flow) fail(m *Model, err error) {
	f.walk.Fail(err)
	f.failed(m)
}

// failed shows that the walk has failed.
func (f *flow) failed(m *Model) {
	s := m.current()
	m.opts.Log.Error("step failed", "step", s.Info.ID, "error", f.walk.Err)
	s.scroll = byItself
	m.focus().on(0)
}

// quit asks whether to leave; where nothing is left to do, leaving is finishing.
func (e *exit) quit(m *Model) tea.Cmd {
	if m.over.closing() == nil && m.flow.walk.State == walker.Found && m.flow.walk.Finished() {
		return e.finish(m)
	}
	return m.over.askToLeave(m)
}

// finish ends the program after the last step. It never leaves the exposure window open.
func (e *exit) finish(m *Model) tea.Cmd {
	if _, open := m.run.Exposure(); open {
		if m.opts.Autopilot {
			return e.giveUp(m)
		}
		return m.over.askToLeave(m)
	}
	e.result = Finished
	return e.end(m)
}

func (e *exit) end(m *Model) tea.Cmd {
	m.flow.walk.State = walker.Ended
	m.jobs.end()
	m.copying.end()
	return m.jobs.do(tea.Quit)
}
