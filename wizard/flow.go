package wizard

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// inspectedMsg is what Inspect returned.
type inspectedMsg struct {
	found steps.Finding
	err   error
}

// pollDueMsg says that it is time to look again.
type pollDueMsg struct{ gen int }

// visit shows step i and reads where it stands.
func (m *Model) visit(i int) tea.Cmd {
	m.walk.viewing = i
	m.walk.working = max(m.walk.working, i)
	m.note, m.intent = "", nil
	m.jobs.part.end()
	s := m.current()
	s.scroll, s.facts = byItself, nil
	m.state = loading
	return m.inspect()
}

// inspect reads the step on screen. The state says whether what is shown stays meanwhile.
func (m *Model) inspect() tea.Cmd {
	m.jobs.polling = pending{}
	step, run := m.current().step, m.opts.Run
	m.progress = progress{}
	return m.start(&m.jobs.step, func(ctx context.Context, report func(steps.Event)) tea.Msg {
		found, err := step.Inspect(ctx, run, report)
		return inspectedMsg{found, err}
	})
}

func (m *Model) inspected(msg inspectedMsg) tea.Cmd {
	s := m.current()
	if msg.err != nil {
		if m.state == finding && s.found != nil && s.found.Poll > 0 {
			m.note = "The tenant could not be read just now: " + m.explain(msg.err).What + " It is tried again."
			return m.pollAfter(s.found.Poll)
		}
		m.fail(msg.err)
		return nil
	}
	m.find(s, &msg.found)
	if in := m.intent; in != nil {
		m.intent = nil
		if s.found.Status == in.status && slices.Equal(s.found.Changes, in.changes) && m.primary().ID == in.action.ID {
			return m.perform(in.action)
		}
	}
	return m.pollAfter(s.found.Poll)
}

// find puts a finding on screen. What is typed and where the operator stands survives unless the fields are others.
func (m *Model) find(s *screen, found *steps.Finding) {
	before := s.found
	s.found, s.facts = found, nil
	first := m.state != finding || before == nil || before.Status != found.Status
	sameFields := s.form.update(m, found.Fields)
	sameTask := before != nil && before.Task != nil && found.Task != nil && before.Task.Part == found.Task.Part
	if !sameTask {
		s.since, s.carried = m.now, map[string]bool{}
	}
	m.state = finding
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
	if msg.gen != m.jobs.polling.gen || m.state != finding || m.jobs.step.running() {
		return nil
	}
	return m.inspect()
}

// fail shows why the tenant could not be read or changed.
func (m *Model) fail(err error) {
	m.state, m.err, m.intent = failed, err, nil
	m.opts.Log.Error("step failed", "step", m.current().info.ID, "error", err)
	m.current().scroll = byItself
	m.focusOn(0)
}

// next goes on to the step after the one on screen, or ends after the last.
func (m *Model) next() tea.Cmd {
	if m.walk.atLast() {
		return m.finish()
	}
	return m.visit(m.walk.viewing + 1)
}

// back shows the step before, for looking. Nothing is undone.
func (m *Model) back() tea.Cmd {
	if m.walk.viewing == 0 {
		m.askToLeave()
		return nil
	}
	return m.visit(m.walk.viewing - 1)
}

// finished reports whether the last step is on screen and done.
func (m *Model) finished() bool {
	found := m.current().found
	return m.walk.atLast() && found != nil &&
		(found.Status == steps.Done || found.Status == steps.NotNeeded)
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
	m.state = ended
	m.jobs.end()
	m.handing.end()
	return m.do(tea.Quit)
}
