package wizard

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

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
	if len(entries) > 0 && action == m.walk.Primary() {
		return m.submit(action)
	}
	return m.choose(action)
}

// submit hands over every field and then does the action, which opens its page once it is done.
func (m *Model) submit(action steps.Action) tea.Cmd {
	m.note = ""
	var opened tea.Cmd
	if action.ID == steps.ActRetry || !walker.Known(action) {
		opened = m.openFor(action)
	}
	return tea.Batch(opened, m.carryOut(m.walk.Submit(action, m.current().form.answers())))
}

// choose does an action.
func (m *Model) choose(action steps.Action) tea.Cmd {
	m.note = ""
	return tea.Batch(m.openFor(action), m.carryOut(m.walk.Do(action)))
}

// refused shows why a value was not taken, beside its field.
func (m *Model) refused(r walker.Refusal) tea.Cmd {
	s := m.current()
	m.focusOn(s.form.refuse(r.Field, m.sentence(r.Err)))
	m.reveal()
	return m.pollAfter(s.Found.Poll)
}

// sentence is an error as it stands beside a field.
func (m *Model) sentence(err error) string {
	p := m.explain(err)
	return strings.TrimSpace(p.What + " " + p.Next)
}
