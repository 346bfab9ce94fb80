package wizard

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// arrow takes what is left: arrows, and whatever is typed into an entry.
func (k keyMap) arrow(m *Model, msg tea.KeyPressMsg) tea.Cmd {
	if entry := m.focus().entry(); entry != nil && entry.takes(msg) {
		m.note = ""
		return entry.press(m, msg)
	}
	switch {
	case key.Matches(msg, k.Right):
		m.focus().move(1)
	case key.Matches(msg, k.Left):
		m.focus().move(-1)
	case key.Matches(msg, k.Down):
		m.keys.upDown(m, 1)
	case key.Matches(msg, k.Up):
		m.keys.upDown(m, -1)
	case strings.TrimSpace(msg.Text) != "" && newKeyMap().none(msg):
		m.flow.strayed = m.now
	}
	return nil
}

// none reports a letter that is no key on any screen.
func (k keyMap) none(msg tea.KeyPressMsg) bool {
	return !key.Matches(msg, k.Number, k.Open, k.Copy, k.Reveal, k.Play, k.Jump, k.Details, k.Help, k.Quit)
}

// upDown scrolls where there is something to scroll, and otherwise moves.
func (k keyMap) upDown(m *Model, by int) {
	if m.body().scrolls() {
		m.body().scrollBy(by)
		return
	}
	m.focus().move(by)
}
