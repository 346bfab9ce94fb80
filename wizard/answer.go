package wizard

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// answeredMsg is what Answer returned: err belongs to the field, or to the action when field is empty.
type answeredMsg struct {
	field  string
	err    error
	action steps.Action
}

// enter does the focused action, or goes from an entry to what follows it.
func (m *Model) enter() tea.Cmd {
	entries, actions, focus := m.entries(), m.actions(), m.focusNow()
	if focus < len(entries)-1 {
		m.focusOn(focus + 1)
		return nil
	}
	if len(actions) == 0 {
		if m.link() != "" { // as enterDoes says
			return m.open()
		}
		return nil
	}
	action := actions[clamp(focus-len(entries), 0, len(actions)-1)]
	if top := m.over.top(); top != nil {
		return top.act(m, action.ID)
	}
	if len(entries) > 0 && action == m.primary() {
		return m.submit(action)
	}
	return m.choose(action)
}

// primary is the finding's own first action, which the fields are answered before.
func (m *Model) primary() steps.Action {
	s := m.current()
	if s.found == nil || len(s.found.Actions) == 0 {
		return m.fallback()
	}
	return s.found.Actions[0]
}

// submit answers every field and then, once that was read back, does the action. When what would be done is no longer
// what was announced, the new announcement is shown instead.
func (m *Model) submit(action steps.Action) tea.Cmd {
	s := m.current()
	m.intent = nil
	if action.ID != steps.ActRetry {
		m.intent = &intent{action, s.found.Status, s.found.Changes}
	}
	return m.answer(action, s.form.answers())
}

// choose does an action that needs no field.
func (m *Model) choose(action steps.Action) tea.Cmd {
	if action.ID == actForward {
		return m.visit(m.walk.working)
	}
	if known(action) {
		return m.perform(action)
	}
	m.intent = nil
	return m.answer(action, nil)
}

// known reports whether an action is the front end's and not the step's.
func known(action steps.Action) bool {
	switch action.ID {
	case steps.ActApply, steps.ActNext, steps.ActRetry, steps.ActLeave:
		return true
	}
	return strings.HasPrefix(action.ID, steps.ActGo)
}

// answer hands the values to the step, then the action if it is the step's own.
func (m *Model) answer(action steps.Action, values []answer) tea.Cmd {
	step, run := m.current().step, m.opts.Run
	m.state, m.note = answering, ""
	m.progress = progress{}
	m.jobs.polling = pending{}
	own := !known(action)
	return tea.Batch(m.openFor(action), m.start(&m.jobs.step, func(context.Context, func(steps.Event)) tea.Msg {
		for _, v := range values {
			if err := step.Answer(run, v.field, v.value); err != nil {
				v.value.Forget()
				return answeredMsg{v.field, err, action}
			}
		}
		if own && action.ID != "" {
			if err := step.Answer(run, action.ID, graph.Secret{}); err != nil {
				return answeredMsg{"", err, action}
			}
		}
		return answeredMsg{action: action}
	}))
}

func (m *Model) answered(msg answeredMsg) tea.Cmd {
	s := m.current()
	s.form.forgive()
	switch {
	case msg.err == nil:
		s.form.forget()
		if !known(msg.action) {
			m.intent = nil
		}
		return m.inspect()
	case msg.field != "":
		m.intent = nil
		m.state = finding
		m.focusOn(s.form.refuse(msg.field, m.sentence(msg.err)))
		m.reveal()
		return m.pollAfter(s.found.Poll)
	default:
		m.fail(msg.err)
		return nil
	}
}

// sentence is an error as it stands beside a field.
func (m *Model) sentence(err error) string {
	p := m.explain(err)
	return strings.TrimSpace(p.What + " " + p.Next)
}

// perform does an action of the front end's.
func (m *Model) perform(action steps.Action) tea.Cmd {
	m.note = ""
	opened := m.openFor(action)
	switch {
	case action.ID == steps.ActApply:
		return tea.Batch(opened, m.apply())
	case action.ID == steps.ActNext:
		return tea.Batch(opened, m.next())
	case action.ID == steps.ActLeave:
		if m.finished() {
			return tea.Batch(opened, m.finish())
		}
		m.askToLeave()
		return opened
	case strings.HasPrefix(action.ID, steps.ActGo):
		id := steps.ID(strings.TrimPrefix(action.ID, steps.ActGo))
		i := m.walk.place(id)
		if i < 0 {
			m.note = "There is no step " + string(id) + " here."
			return opened
		}
		m.walk.working = i
		return tea.Batch(opened, m.visit(i))
	}
	m.state = loading
	return tea.Batch(opened, m.inspect())
}
