package wizard

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// When putting MFA back is begun, and begun again.

// stepStopped goes on to put MFA back, unless that was begun without waiting for the step.
func (d *closingDialog) stepStopped(m *Model) tea.Cmd {
	if m.jobs.closer.running() {
		return nil
	}
	return d.closeNow(m)
}

// retryAfter tries to put MFA back when that time has passed.
func (d *closingDialog) retryAfter(m *Model, wait time.Duration) tea.Cmd {
	d.retrying = m.jobs.due(wait)
	return m.jobs.after(wait, retryDueMsg{d.retrying.gen})
}

func (e *exit) retryDue(m *Model, msg retryDueMsg) tea.Cmd {
	d := m.over.closing()
	if d == nil || msg.gen != d.retrying.gen || m.jobs.closer.running() {
		return nil
	}
	return d.closeNow(m)
}

// watchCap closes the exposure window when it reaches its cap.
func (e *exit) watchCap(m *Model) tea.Cmd {
	open, yes := m.run.Exposure()
	if !yes || m.over.closing() != nil || m.flow.walk.State == walker.Ended || !open.Due(m.now) {
		return nil
	}
	return e.close(m, atCap)
}
