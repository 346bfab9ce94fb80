package wizard

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// pasted puts what was pasted into the entry that has the focus.
func (m *Model) pasted(msg tea.PasteMsg) {
	e := m.focused()
	if e == nil || e.field.Kind == steps.ChoiceField {
		e = m.pasteTarget()
	}
	if e == nil {
		return
	}
	m.note = ""
	text := strings.TrimRight(msg.Content, "\r\n")
	switch e.field.Kind {
	case steps.PasteField:
		if strings.ContainsAny(text, "\r\n") || len(text) > mostTyped {
			e.drop()
			e.held = msg.Content
			return
		}
	case steps.SecretField:
		e.drop()
	}
	if e.held != "" {
		e.drop()
	}
	e.ui.Focus()
	e.ui.Update(tea.PasteMsg{Content: text})
	if e != m.focused() {
		e.ui.Blur()
	}
}

// pasteTarget is the entry that a paste goes to when the focus is on none.
func (m *Model) pasteTarget() *entry {
	for _, e := range m.entries() {
		if e.field.ID == m.current().form.carrier("") {
			return e
		}
	}
	return nil
}
