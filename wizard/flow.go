package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// outcomeMsg is what the work of a step came to.
type outcomeMsg struct{ outcome walker.Outcome }

// pollDueMsg says that it is time to look again.
type pollDueMsg struct{ gen int }

// visit shows step i and reads where it stands.
func (m *Model) visit(i int) tea.Cmd { return m.carryOut(m.walk.Visit(i)) }

// carryOut does what the walk says comes next.
func (m *Model) carryOut(next walker.Next) tea.Cmd {
	if next.Arrived {
		m.note = ""
		m.jobs.part.end()
		m.current().scroll = byItself
	}
	switch next.Turn {
	case walker.Running:
		return m.work(next.Work)
	case walker.Acting:
		return m.choose(next.Action)
	case walker.Leaving:
		m.askToLeave()
	case walker.Finishing:
		return m.finish()
	case walker.Operators:
		if next.Unknown != "" {
			m.note = "There is no step " + string(next.Unknown) + " here."
		}
	}
	return nil
}

// work runs the step's work.
func (m *Model) work(work walker.Work) tea.Cmd {
	m.jobs.polling, m.progress = pending{}, walker.Progress{}
	if m.walk.State == walker.Applying {
		s := m.current()
		s.carried, s.scroll = map[string]bool{}, byItself
		m.focusOn(0)
	}
	return m.start(&m.jobs.step, func(ctx context.Context, report func(steps.Event)) tea.Msg {
		return outcomeMsg{work(ctx, report)}
	})
}

// reported takes an event of the running job.
func (m *Model) reported(e steps.Event) {
	s := m.current()
	s.Report(e)
	if m.progress.Report(e, m.now) {
		s.carried, m.note = map[string]bool{}, e.Task.Opened
	}
}

// halt tells Apply to stop. What it got done is read from the tenant once it has returned.
func (m *Model) halt() {
	m.jobs.step.cancel()
	m.walk.Stop()
}

// ran takes what the step's work came to.
func (m *Model) ran(msg outcomeMsg) tea.Cmd {
	s := m.current()
	was, before := m.walk.State, s.Found
	if was == walker.Applying || was == walker.Stopping {
		m.jobs.part.end()
		if d := m.closing(); d != nil {
			return d.stepStopped(m)
		}
	}
	next := m.walk.Take(msg.outcome)
	if was == walker.Answering {
		s.form.forgive()
		if next.Turn == walker.Running {
			s.form.forget()
		}
	}
	switch {
	case m.walk.State == walker.Failed:
		m.failed()
		return nil
	case next.Unread != nil:
		m.note = "The tenant could not be read just now: " + m.explain(next.Unread).What + " It is tried again."
		return m.pollAfter(s.Found.Poll)
	case next.Refused != nil:
		return m.refused(*next.Refused)
	case next.Shown:
		m.found(before, was != walker.Found)
		if next.Turn == walker.Operators {
			return m.pollAfter(s.Found.Poll)
		}
	}
	return m.carryOut(next)
}

// found puts a finding on screen. What is typed and where the operator stands survives unless the fields are others.
func (m *Model) found(before *steps.Finding, anew bool) {
	s := m.current()
	found := s.Found
	first := anew || before == nil || before.Status != found.Status
	sameFields := s.form.update(m, found.Fields)
	sameTask := before != nil && before.Task != nil && found.Task != nil && before.Task.Part == found.Task.Part
	if !sameTask {
		s.since, s.carried = m.now, map[string]bool{}
	}
	if !sameFields || first {
		s.scroll = byItself
		m.note = ""
	}
	m.under(func() {
		if !sameFields || first {
			m.focusOn(m.firstFocus())
			return
		}
		m.focusOn(min(s.focus, m.stops()-1))
	})
}

// pollAfter looks again when d has passed; 0 means not by itself.
func (m *Model) pollAfter(d time.Duration) tea.Cmd {
	if d <= 0 {
		return nil
	}
	m.jobs.polling = m.jobs.due(d)
	return m.after(d, pollDueMsg{m.jobs.polling.gen})
}

func (m *Model) pollDue(msg pollDueMsg) tea.Cmd {
	if msg.gen != m.jobs.polling.gen || m.walk.State != walker.Found || m.jobs.step.running() {
		return nil
	}
	return m.carryOut(m.walk.Look())
}

// fail shows why the tenant could not be read or changed.
func (m *Model) fail(err error) {
	m.walk.Fail(err)
	m.failed()
}

// failed shows that the walk has failed.
func (m *Model) failed() {
	s := m.current()
	m.opts.Log.Error("step failed", "step", s.Info.ID, "error", m.walk.Err)
	s.scroll = byItself
	m.focusOn(0)
}

// finish ends the program after the last step. It never leaves the exposure window open.
func (m *Model) finish() tea.Cmd {
	if _, open := m.run.Exposure(); open {
		if m.opts.Autopilot {
			return m.giveUp()
		}
		m.askToLeave()
		return nil
	}
	m.exit.result = Finished
	return m.end()
}

func (m *Model) end() tea.Cmd {
	m.walk.State = walker.Ended
	m.jobs.end()
	m.handing.end()
	return m.do(tea.Quit)
}
