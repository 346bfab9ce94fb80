package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Leaving goes through here and nowhere else. With no exposure window open it is a short question. With one open there
// are two answers, to put MFA back and leave or to stay; when MFA cannot be put back the screen stays, says why, and
// tries again. The same closing happens without a question when the window reaches its cap.

// LeaveMsg asks to leave from outside the program, for instance on a signal.
type LeaveMsg struct {
	// Now says that nobody is there to answer, as after a hang-up: MFA is put back and the program ends.
	Now bool
}

// closedMsg is what CloseExposure, or CloseAndDisable, returned.
type closedMsg struct{ err error }

// retryDueMsg says that it is time to try again to put MFA back.
type retryDueMsg struct{ gen int }

// unseenMsg says that closing was tried for as long as it may be with nobody there to see it.
type unseenMsg struct{ gen int }

// purpose is why the exposure window is being closed.
type purpose int

const (
	toLeave   purpose = iota
	toDisable         // and to leave then
	atCap
)

// closure is an attempt to put MFA back.
type closure struct {
	purpose purpose
	open    steps.Exposure // as it was when it began
	focus   int            // over the two answers of the question
	scroll  int
	tries   int
	problem steps.Problem // why the last try failed
	retryAt time.Time
	alone   bool // nobody is there to see it
}

const (
	retryEvery = 3 * time.Second
	// haltFor is how long a step may take to stop before MFA is put back all the same.
	haltFor = 10 * time.Second
)

// The actions of the program's own screens.
const (
	actShut    = "wizard:shut"    // close help or details
	actForward = "wizard:forward" // back to the step that is being worked on
	actLeave   = "wizard:leave"
	actDisable = "wizard:disable"
	actStay    = "wizard:stay"
	actRetry   = "wizard:retry"
	actResume  = "wizard:resume" // go on after the cap
)

// own does an action of the program's own screens, and reports whether it is one.
func (m *Model) own(id string) (tea.Cmd, bool) {
	switch id {
	case actShut:
		m.over = overlay{}
	case actForward:
		return m.visit(m.at), true
	case actLeave:
		return m.close(toLeave), true
	case actDisable:
		return m.close(toDisable), true
	case actStay:
		return m.stay(), true
	case actRetry:
		return m.closeNow(), true
	case actResume:
		m.layer = bare
		return m.visit(m.shown), true
	case actKeepHidden:
		m.hide("Nothing was shown.")
	case actReveal:
		return m.showSecret(), true
	case actHide:
		m.hide(hiddenNote)
	default:
		return nil, false
	}
	return nil, true
}

// listen waits for the next request from outside to leave.
func (m *Model) listen() tea.Cmd {
	requests, life := m.opts.Leave, m.ctx
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

func (m *Model) left(msg LeaveMsg) tea.Cmd {
	switch {
	case m.layer == closing:
		m.closing.purpose = toLeave
		if msg.Now && !m.closing.alone {
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
	m.closing.alone = true
	m.gens++
	m.unseen = pending{m.gens, steps.ClosingBound}
	return m.after(steps.ClosingBound, unseenMsg{m.gens})
}

// unseenTooLong leaves the window to the guard, where there is one, or where only a person could help: a program without a
// terminal must not hold a sign-in for ever.
func (m *Model) unseenTooLong(msg unseenMsg) tea.Cmd {
	if msg.gen != m.unseen.gen || m.layer != closing || !m.closing.alone {
		return nil
	}
	if open, _ := m.run.Exposure(); open.Unguarded && m.progress.task == nil {
		return m.beAlone()
	}
	m.gaveUp = true
	return m.end()
}

// foundOpen reports a window that an earlier run left open and that nobody has begun to close.
func (m *Model) foundOpen() bool {
	open, yes := m.run.Exposure()
	return yes && open.Found && m.state != applying
}

// askToLeave puts the question on screen.
func (m *Model) askToLeave() {
	if m.layer == closing {
		return
	}
	m.showing = showing{}
	m.layer, m.over = leaving, overlay{}
	m.closing = closure{}
	m.closing.open, _ = m.run.Exposure()
	m.note = ""
}

// stay takes the question, or a failed attempt, off the screen.
func (m *Model) stay() tea.Cmd {
	m.retrying = pending{}
	m.closer.end()
	m.layer = bare
	if m.state == finding {
		return m.pollAfter(m.current().found.Poll)
	}
	if !m.job.running() {
		return m.visit(m.shown)
	}
	return nil
}

// close stops the step and then puts MFA back if the exposure window is open.
func (m *Model) close(why purpose) tea.Cmd {
	m.closing = closure{purpose: why}
	m.closing.open, _ = m.run.Exposure()
	m.showing = showing{}
	m.layer, m.over, m.note = closing, overlay{}, ""
	m.polling = pending{}
	m.play.end()
	m.progress.wait = nil
	if m.state != applying && m.state != stopping {
		m.job.end()
		return m.closeNow()
	}
	if m.state == applying {
		m.halt()
	}
	m.gens++
	m.retrying = pending{m.gens, haltFor}
	return m.after(haltFor, retryDueMsg{m.gens})
}

// closeNow puts MFA back, or goes on at once when nothing is open.
func (m *Model) closeNow() tea.Cmd {
	m.retrying = pending{}
	open, yes := m.run.Exposure()
	if !yes {
		return m.closed(closedMsg{})
	}
	m.closing.open = open
	m.closing.tries++
	m.closing.problem, m.closing.retryAt = steps.Problem{}, time.Time{}
	m.progress = progress{}
	shut := m.run.CloseExposure
	if m.closing.purpose == toDisable {
		shut = m.run.CloseAndDisable
	}
	return m.start(&m.closer, func(ctx context.Context, report func(steps.Event)) tea.Msg {
		return closedMsg{shut(ctx, report)}
	})
}

func (m *Model) closed(msg closedMsg) tea.Cmd {
	c := &m.closing
	if _, open := m.run.Exposure(); msg.err != nil && !open && c.purpose == toDisable {
		m.opts.Log.Error("account not disabled", "account", c.open.Account, "error", msg.err)
		c.purpose = toLeave
		m.noDisable = msg.err
	} else if msg.err != nil {
		m.opts.Log.Error("exposure window not closed", "account", c.open.Account, "error", msg.err)
		m.err = msg.err
		c.problem, c.retryAt = m.explain(msg.err), m.now.Add(retryEvery)
		m.gens++
		m.retrying = pending{m.gens, retryEvery}
		return m.after(retryEvery, retryDueMsg{m.gens})
	}
	if c.purpose != atCap {
		return m.end()
	}
	m.job.end()
	m.layer, m.over = capped, overlay{}
	return nil
}

func (m *Model) retryDue(msg retryDueMsg) tea.Cmd {
	if msg.gen != m.retrying.gen || m.layer != closing || m.closer.running() {
		return nil
	}
	return m.closeNow()
}

// watchCap closes the exposure window when it reaches its cap.
func (m *Model) watchCap() tea.Cmd {
	open, yes := m.run.Exposure()
	if !yes || m.layer == closing || m.state == ended || !open.Due(m.now) {
		return nil
	}
	return m.close(atCap)
}
