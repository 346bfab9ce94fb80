package wizard

import (
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// follow carries out an instruction: it opens the page, copies the value, or takes the operator's word that it is done.
func (f *flow) follow(m *Model, i int) tea.Cmd {
	task := m.task()
	if task == nil || i < 0 || i >= len(task.Items) {
		return nil
	}
	m.note = ""
	switch item := task.Items[i]; {
	case item.Opens && (m.current().unopened == item.ID || m.links().byHand(task)): // they were told to do it themselves
		m.current().unopened = ""
		m.run.Opened(task.URL)
		m.carriedOut(m.current(), item.ID)
	case item.Opens && task.URL != "":
		return m.links().openURL(task.URL, item.ID, task.Private)
	case !item.Copy.IsZero() && m.copying.failedAt(m, item):
		return m.copying.failedAgain(m, item)
	case !item.Copy.IsZero():
		return m.copying.copyItem(m, item)
	default:
		m.carriedOut(m.current(), item.ID)
	}
	return nil
}

// carriedOut notes that an instruction was carried out, and moves on to the next thing to do.
func (m *Model) carriedOut(on *screen, id string) {
	here := false
	m.over.under(func() { here = on == m.current() && m.focus().item() })
	on.Carried[id] = true
	if here {
		m.over.under(func() { m.focus().on(m.focus().first()) })
	}
}

// failedAt reports whether this value was to be copied last, and went nowhere, or nobody knows where.
func (c *copying) failedAt(m *Model, item steps.Item) bool {
	return c.unsure && !c.running() && c.on == m.current() && c.item.ID == item.ID && c.offered(m, c.offer)
}

// failedAgain is what Enter does where no clipboard takes a value: a secret can be shown once, and what stands on screen is typed.
func (c *copying) failedAgain(m *Model, item steps.Item) tea.Cmd {
	if c.mayShow(m) {
		m.over.askToShow(m)
		return nil
	}
	m.carriedOut(m.current(), item.ID)
	return nil
}

// stillWaiting says what Enter can do nothing about.
func (m *Model) stillWaiting() string {
	task := m.task()
	switch {
	case task != nil && task.Watched != "" && task.URL != "":
		return phrase.T("%s o opens the page again.", task.Watched)
	case task != nil && task.Watched != "":
		return task.Watched
	}
	return phrase.T("This goes on by itself.")
}
