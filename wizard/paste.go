package wizard

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// pasted puts what was pasted into the entry that has the focus.
func (m *Model) pasted(msg tea.PasteMsg) {
	e := m.focus().entry()
	if e == nil || e.field.Kind == steps.ChoiceField {
		e = m.pasteTarget()
	}
	if e == nil {
		return
	}
	m.note = ""
	if m.focus().item() { // what was pasted is handed over next
		m.focus().on(m.focus().primary())
	}
	content := lineFeeds(msg.Content)
	text := strings.TrimRight(content, "\r\n")
	more := !e.touched.IsZero() && m.now.Sub(e.touched) < pasteGap // a paste that the terminal does not mark comes in parts
	switch e.field.Kind {
	case steps.PasteField:
		if more && e.held != "" {
			e.hold(content)
			e.touched = m.now
			return
		}
		if before := e.text() + e.tail; more && before != "" {
			content = before + content
		}
		if whole := strings.TrimRight(content, "\r\n"); strings.ContainsAny(whole, "\r\n") || len(whole) > mostTyped {
			e.drop()
			e.held, e.size, e.touched = content, len(content), m.now
			return
		}
		e.tail = content[len(strings.TrimRight(content, "\r\n")):]
	case steps.SecretField:
		if !more {
			e.drop()
		}
	case steps.TextField:
		if text == "" && content != "" {
			m.note = phrase.T("An Enter so soon after what was pasted may be part of it, and was not taken: press it again.")
			return
		}
		if strings.ContainsAny(text, "\r\n") {
			m.note = phrase.T("Several lines were pasted where one belongs. Nothing was taken.")
			return
		}
	}
	if e.held != "" {
		e.drop()
	}
	e.touched = m.now
	e.ui.Focus()
	e.ui.Update(tea.PasteMsg{Content: text})
	if e != m.focus().entry() {
		e.ui.Blur()
	}
}

// lineFeeds is a text as it was before the terminal sent an Enter for each line end.
func lineFeeds(text string) string {
	if strings.Contains(text, "\n") {
		return text
	}
	return strings.ReplaceAll(text, "\r", "\n")
}

// pasteTarget is the entry that a paste goes to when the focus is on none.
func (m *Model) pasteTarget() *entry {
	carrier, _ := walker.Carrier(m.current().form.fields(), "")
	for _, e := range m.focus().entries() {
		if e.field.ID == carrier {
			return e
		}
	}
	return nil
}
