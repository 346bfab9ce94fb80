package wizard

import (
	tea "charm.land/bubbletea/v2"

	"delegate365-onboard/graph"
	"delegate365-onboard/steps"
)

// copiedMsg says whether a value was put on the clipboard.
type copiedMsg struct {
	on   *screen
	item steps.Item
	err  error
}

// copies are the instructions that c can do; without any, the task's code or else its link is one.
func copies(t *steps.Task) []steps.Item {
	var out []steps.Item
	for _, item := range t.Items {
		if !item.Copy.IsZero() {
			out = append(out, item)
		}
	}
	switch {
	case len(out) > 0:
	case t.Code != "":
		out = append(out, steps.Item{ID: "code", Copy: graph.NewSecret(t.Code)})
	case t.URL != "":
		out = append(out, steps.Item{ID: "url", Copy: graph.NewSecret(t.URL)})
	}
	return out
}

// nextCopy is what c copies now: the first that was not copied yet, or else the first.
func (m *Model) nextCopy(t *steps.Task) steps.Item {
	items := copies(t)
	for _, item := range items {
		if !m.carriedOut(item) {
			return item
		}
	}
	for _, item := range items {
		delete(m.current().carried, item.ID)
	}
	return items[0]
}

// copy puts the next value on the clipboard. The terminal's own clipboard never answers, so nothing is claimed of it.
func (m *Model) copy() tea.Cmd {
	item := m.nextCopy(m.task())
	if copier := m.opts.Copy; copier != nil {
		on := m.current()
		return m.do(func() tea.Msg { return copiedMsg{on, item, copier(item.Copy)} })
	}
	return m.copyByTerminal(item)
}

// copyByTerminal asks the terminal to do it (OSC 52).
func (m *Model) copyByTerminal(item steps.Item) tea.Cmd {
	m.current().carried[item.ID] = true
	m.note = "Sent to the terminal's clipboard, which confirms nothing and is not cleared. If pasting brings " +
		"something else, allow OSC 52 in this terminal (tmux: set -g set-clipboard on)."
	return m.do(func() tea.Msg { return tea.SetClipboard(item.Copy.Reveal())() })
}

func (m *Model) copied(msg copiedMsg) tea.Cmd {
	if msg.on != m.current() {
		return nil
	}
	if msg.err != nil {
		m.opts.Log.Warn("system clipboard not reached", "error", msg.err)
		return m.copyByTerminal(msg.item)
	}
	m.current().carried[msg.item.ID] = true
	m.note = "Copied to this machine's clipboard. It is not cleared by itself."
	return nil
}
