package wizard

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// Leaving goes through here and nowhere else. With no exposure window open it is a short question. With one open there
// are two answers, to put MFA back and leave or to stay; when MFA cannot be put back the screen stays, says why, and
// tries again. The same closing happens without a question when the window reaches its cap.

// LeaveMsg asks to leave from outside the program, for instance on a signal.
type LeaveMsg struct {
	// Now says that nobody is there to answer, as after a hang-up: MFA is put back and the program ends.
	Now bool
	// Within is how long the system lets the program live, as after a console was closed; 0 is as long as it takes.
	Within time.Duration
}

// unattendedMsg says that closing was tried for as long as it may be with nobody there to see it.
type unattendedMsg struct{ gen int }

// listen waits for the next request from outside to leave.
func (e *exit) listen(m *Model) tea.Cmd {
	requests, life := m.opts.Leave, m.jobs.life.ctx
	if requests == nil {
		return nil
	}
	return m.jobs.do(func() tea.Msg {
		select {
		case msg, ok := <-requests:
			if !ok {
				return nil
			}
			return msg
		case <-life.Done():
			return nil
		}
	})
}

func (e *exit) leaveRequested(m *Model, msg LeaveMsg) tea.Cmd {
	d := m.over.closing()
	switch {
	case d != nil:
		d.purpose = toLeave
		if !msg.Now || d.unattended {
			return nil
		}
		if msg.Within > 0 && !m.jobs.closer.running() { // neither a step nor another attempt can be waited for
			return tea.Batch(d.closeNow(m), e.unattended(m, msg.bound()))
		}
		return e.unattended(m, msg.bound())
	case msg.Now && e.foundOpen(m):
		return e.end(m) // nobody is there to let this program change anything
	case msg.Now:
		return tea.Batch(e.closeWithin(m, toLeave, msg.grace()), e.unattended(m, msg.bound()))
	}
	return m.over.askToLeave(m)
}

// unattended notes that nobody sees the closing, and bounds it.
func (e *exit) unattended(m *Model, bound time.Duration) tea.Cmd {
	d := m.over.closing()
	d.unattended = true
	d.giveUpDue = m.jobs.due(bound)
	return m.jobs.after(bound, unattendedMsg{d.giveUpDue.gen})
}

// bound is how long closing is tried.
func (msg LeaveMsg) bound() time.Duration {
	if msg.Within > 0 {
		return msg.Within
	}
	return steps.ClosingBound
}

// grace is how long a step may take to stop before MFA is put back all the same.
func (msg LeaveMsg) grace() time.Duration {
	if msg.Within > 0 {
		return msg.Within / 8
	}
	return haltFor
}

// unattendedTooLong leaves the window to the guard, where there is one, or where only a person could help: a program without a
// terminal must not hold a sign-in for ever.
func (e *exit) unattendedTooLong(m *Model, msg unattendedMsg) tea.Cmd {
	if d := m.over.closing(); d == nil || msg.gen != d.giveUpDue.gen {
		return nil
	}
	if open, _ := m.run.Exposure(); open.Unguarded && m.flow.progress.Task == nil {
		return e.unattended(m, steps.ClosingBound)
	}
	e.gaveUp = true
	return e.end(m)
}

// foundOpen reports a window that an earlier run left open and that nobody has begun to close.
func (e *exit) foundOpen(m *Model) bool {
	open, yes := m.run.Exposure()
	return yes && open.Found && m.flow.walk.State != walker.Applying
}
