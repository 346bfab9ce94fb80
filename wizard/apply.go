package wizard

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// appliedMsg is what Apply returned.
type appliedMsg struct{ err error }

// apply makes the changes that are announced on screen.
func (m *Model) apply() tea.Cmd {
	s := m.current()
	m.state, m.jobs.polling = applying, pending{}
	m.progress = progress{}
	s.applied, s.carried, s.scroll = nil, map[string]bool{}, byItself
	m.focusOn(0)
	step, run := s.step, m.opts.Run
	return m.start(&m.jobs.step, func(ctx context.Context, report func(steps.Event)) tea.Msg {
		return appliedMsg{step.Apply(ctx, run, report)}
	})
}

// halt tells Apply to stop. What it got done is read from the tenant once it has returned.
func (m *Model) halt() {
	m.jobs.step.cancel()
	m.state = stopping
}

func (m *Model) applied(msg appliedMsg) tea.Cmd {
	m.jobs.part.end()
	if d := m.closing(); d != nil {
		return d.stepStopped(m)
	}
	if msg.err != nil && (m.state != stopping || !errors.Is(msg.err, context.Canceled)) {
		m.fail(msg.err)
		return nil
	}
	m.state = loading
	return m.inspect()
}

// reported takes an event of the running job.
func (m *Model) reported(e steps.Event) {
	s := m.current()
	p := &m.progress
	switch {
	case e.Text != "":
		// Going on means that whatever a person had to do is done.
		p.line, p.wait, p.task = e.Text, nil, nil
	case e.Fact != nil:
		i := slices.IndexFunc(s.facts, func(f steps.Fact) bool { return f.Label == e.Fact.Label })
		if i < 0 {
			s.facts = append(s.facts, *e.Fact)
		} else {
			s.facts[i] = *e.Fact
		}
	case e.Applied != nil:
		s.applied = append(s.applied, *e.Applied)
		p.wait, p.task = nil, nil
	case e.Task != nil:
		if p.task == nil || p.task.Part != e.Task.Part || p.task.Code != e.Task.Code {
			s.carried, m.note = map[string]bool{}, e.Task.Opened
		}
		p.task, p.wait = e.Task, nil
		if p.task.Since.IsZero() {
			p.task.Since = m.now
		}
	case e.Wait != nil:
		p.wait = e.Wait
	}
}
