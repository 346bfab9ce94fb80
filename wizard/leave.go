package wizard

import (
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
}

// unseenMsg says that closing was tried for as long as it may be with nobody there to see it.
type unseenMsg struct{ gen int }

// listen waits for the next request from outside to leave.
func (m *Model) listen() tea.Cmd {
	requests, life := m.opts.Leave, m.life.ctx
	if requests == nil {
		return nil
	}
	return m.do(func() tea.Msg {
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

func (m *Model) leaveRequested(msg LeaveMsg) tea.Cmd {
	d := m.closing()
	switch {
	case d != nil:
		d.purpose = toLeave
		if msg.Now && !d.alone {
			return m.beAlone()
		}
		return nil
	case msg.Now && m.foundOpen():
		return m.end() // nobody is there to let this program change anything
	case msg.Now:
		return tea.Batch(m.close(toLeave), m.beAlone())
	}
	m.askToLeave()
	return nil
}

// beAlone notes that nobody sees the closing, and bounds it.
func (m *Model) beAlone() tea.Cmd {
	d := m.closing()
	d.alone = true
	d.unseen = m.jobs.due(steps.ClosingBound)
	return m.after(steps.ClosingBound, unseenMsg{d.unseen.gen})
}

// unseenTooLong leaves the window to the guard, where there is one, or where only a person could help: a program without a
// terminal must not hold a sign-in for ever.
func (m *Model) unseenTooLong(msg unseenMsg) tea.Cmd {
	if d := m.closing(); d == nil || msg.gen != d.unseen.gen {
		return nil
	}
	if open, _ := m.run.Exposure(); open.Unguarded && m.progress.Task == nil {
		return m.beAlone()
	}
	m.exit.gaveUp = true
	return m.end()
}

// foundOpen reports a window that an earlier run left open and that nobody has begun to close.
func (m *Model) foundOpen() bool {
	open, yes := m.run.Exposure()
	return yes && open.Found && m.walk.State != walker.Applying
}
