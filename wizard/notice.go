package wizard

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// A screen that waits for a person may move on while that person is in the browser. Where the terminal has said that it does not have
// the focus, the bell rings once and the window's title says where to go on, until the focus is back. A terminal that says nothing
// of its focus is taken to have it.

// notice tells whoever looks elsewhere that a wait is over.
type notice struct {
	away    bool   // the terminal does not have the focus
	awaited string // the wait on screen; empty where none is
	title   string // of the step to go on with; empty where nothing is to be told
}

// bell is what a terminal rings at.
const bell = "\a"

// focused takes that the terminal has the focus, or has lost it.
func (n *notice) focused(has bool) {
	n.away = !has
	if has {
		n.title = ""
	}
}

// watch rings when a wait is over and it is the operator's turn, or another wait has begun.
func (n *notice) watch(m *Model) tea.Cmd {
	now := awaits(m)
	if n.awaited == "" || now == n.awaited {
		n.awaited = cmp.Or(now, n.awaited)
		return nil
	}
	if state := m.flow.walk.State; now == "" && state != walker.Found && state != walker.Failed {
		return nil // it is still being read what comes next
	}
	n.awaited = now
	if !n.away || m.opts.NoBell {
		return nil
	}
	n.title = m.current().Info.Title
	return m.jobs.do(tea.Raw(bell))
}

// awaits names the wait for a person that ends by itself; empty where there is none.
func awaits(m *Model) string {
	task, found := m.taskBeneath(), m.current().Found
	applying := m.flow.walk.State == walker.Applying
	if task == nil || !applying && (found.Status != steps.Waiting || found.Poll <= 0) {
		return ""
	}
	return string(m.current().Info.ID) + " " + task.Part + " " + task.URL
}
