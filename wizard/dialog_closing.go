package wizard

import (
	"context"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// closingDialog shows MFA being put back, or the step being stopped before that, and why it could not be put back.
type closingDialog struct {
	position
	purpose    purpose
	open       steps.Exposure // as it was when it began
	tries      int
	problem    steps.Problem // why the last try failed
	retryAt    time.Time
	retrying   pending
	stopped    bool    // this try was told to stop
	unattended bool    // nobody is there to see it
	giveUpDue  pending // while it is unattended
}

// closedMsg is what CloseExposure, or CloseAndDisable, returned.
type closedMsg struct{ err error }

// retryDueMsg says that it is time to try again to put MFA back.
type retryDueMsg struct{ gen int }

// purpose is why the exposure window is being closed.
type purpose int

const (
	toLeave   purpose = iota
	toDisable         // and to leave then
	atCap
)

const (
	retryEvery = 3 * time.Second
	// haltFor is how long a step may take to stop before MFA is put back all the same.
	haltFor = 10 * time.Second
)

// The actions of a failed attempt.
const (
	actRetry = "wizard:retry"
	actStay  = "wizard:stay"
	actStop  = "wizard:stop" // of one that waits for a sign-in
)

// closing is the dialog while the exposure window is being closed, or else nil.
func (o *dialogStack) closing() *closingDialog {
	d, _ := o.question.(*closingDialog)
	return d
}

func (d *closingDialog) title(m *Model) (string, steps.Actor) {
	actor := steps.Microsoft
	if d.traits(m).task != nil {
		actor = steps.You
	}
	if d.only() {
		return phrase.T("Disable the account"), actor
	}
	return phrase.T("Put MFA back"), actor
}

// only reports that the account is disabled, and nothing has to be put back before.
func (d *closingDialog) only() bool { return d.purpose == toDisable && d.open.Account == "" }

func (d *closingDialog) body(p *page) {
	m := p.m
	if d.purpose == atCap {
		p.paragraph(phrase.T("The exposure window reached its limit of %s.", phrase.Count(int(d.open.Cap/time.Minute), "minute", "minutes")))
	}
	if task := m.task(); task != nil {
		if now, yes := m.run.Exposure(); yes {
			p.paragraph(now.Standing() + ".")
		}
		p.task(task, task.Since)
		return
	}
	if d.problem.What == "" {
		if d.open.Account != "" {
			p.paragraph(phrase.T("MFA is being put back for %s, and read back to be sure.", d.open.Account))
		}
		return
	}
	now, yes := m.run.Exposure()
	if !yes {
		now = d.open
	}
	said := now.Standing() + ": "
	if !now.Demanded && !now.Unknown() {
		said = phrase.T("%s. It could not be put back:", now.Standing()) + " "
	}
	p.marked(m.look.glyphs.Failed, m.look.palette.Bad, said+d.problem.What)
	p.paragraph(d.problem.Next)
	if m.opts.Portal != "" {
		p.paragraph(phrase.T("By hand it can be done here, at any time:"))
		p.add(indent("  ", wrap(m.opts.Portal, p.w-2))...)
	}
	p.paragraph(phrase.T("Tried %s. Trying again in %s.", tried(d.tries), phrase.Countdown(d.retryAt.Sub(m.now))))
}

func (d *closingDialog) actions(*Model) []steps.Action {
	if d.problem.What == "" {
		return nil
	}
	actions := []steps.Action{{ID: actRetry, Label: phrase.T("Try again now")}}
	if d.purpose != atCap {
		actions = append(actions, steps.Action{ID: actStay, Label: phrase.T("Stay")})
	}
	return actions
}

func (d *closingDialog) esc(m *Model) steps.Action {
	switch {
	case d.problem.What != "" && d.purpose == toLeave:
		return steps.Action{ID: actStay, Label: phrase.T("stay")}
	case d.traits(m).task != nil && d.purpose != atCap:
		return steps.Action{ID: actStop, Label: phrase.T("stop")}
	}
	return steps.Action{}
}

func (d *closingDialog) act(m *Model, id string) tea.Cmd {
	switch id {
	case actRetry:
		return d.closeNow(m)
	case actStay:
		return m.exit.stay(m)
	case actStop:
		d.stopped = true
		m.jobs.closer.cancel()
	}
	return nil
}

// keys: those that leave only say why nobody has left, where the screen does not say it.
func (d *closingDialog) keys(_ *Model, k *keyMap) {
	for _, b := range []*key.Binding{&k.Quit, &k.Interrupt} {
		b.SetEnabled(b.Enabled() && d.problem.What == "")
		b.SetHelp(b.Help().Key, "")
	}
}

// held says why nobody has left yet.
func (d *closingDialog) held(m *Model) string {
	switch now, yes := m.run.Exposure(); {
	case d.esc(m).ID == actStop:
		return phrase.T("This program ends once that sign-in is done. Esc stops it, and asks again.")
	case d.purpose != atCap:
		return phrase.T("This program ends once that is done.")
	case yes:
		return now.Standing() + "."
	}
	return ""
}

func (d *closingDialog) traits(m *Model) traits {
	as := traits{sideBySide: true, activity: working}
	if d.problem.What != "" {
		as.link, as.activity = m.opts.Portal, waiting
	}
	switch {
	case m.jobs.closer.running() && d.stopped:
		as.underWay, as.job = phrase.T("Stopping"), m.jobs.closer
	case m.jobs.closer.running():
		if as.task = m.flow.progress.Task; as.task != nil { // a sign-in that putting MFA back, or disabling, needs
			as.link = as.task.URL
		}
		as.underWay, as.job = phrase.T("Putting MFA back"), m.jobs.closer
		if d.only() {
			as.underWay = phrase.T("Disabling the account")
		}
	case m.jobs.step.running():
		as.underWay, as.job = phrase.T("Waiting for the step to stop"), m.jobs.step
	}
	return as
}

// stay takes the question, or a failed attempt, off the screen.
func (e *exit) stay(m *Model) tea.Cmd {
	m.jobs.closer.end()
	m.over.ask(nil)
	if m.flow.walk.State == walker.Found {
		return m.flow.pollAfter(m, m.current().Found.Poll)
	}
	if !m.jobs.step.running() {
		return m.flow.visit(m, m.flow.walk.Viewing())
	}
	return nil
}

// close stops the step and then puts MFA back if the exposure window is open.
func (e *exit) close(m *Model, why purpose) tea.Cmd { return e.closeWithin(m, why, haltFor) }

// closeWithin waits for the step no longer than grace.
func (e *exit) closeWithin(m *Model, why purpose, grace time.Duration) tea.Cmd {
	d := &closingDialog{purpose: why}
	d.open, _ = m.run.Exposure()
	m.over.ask(d)
	m.note, e.closeErr = "", nil
	m.jobs.polling = pending{}
	m.jobs.part.end()
	m.flow.progress.Wait = nil
	if m.flow.walk.State != walker.Applying && m.flow.walk.State != walker.Stopping {
		m.jobs.step.end()
		return d.closeNow(m)
	}
	if m.flow.walk.State == walker.Applying {
		m.flow.halt(m)
	}
	return d.retryAfter(m, grace)
}

// closeNow puts MFA back, or goes on at once when nothing is open.
func (d *closingDialog) closeNow(m *Model) tea.Cmd {
	d.retrying = pending{}
	open, yes := m.run.Exposure()
	if !yes && d.purpose != toDisable {
		return d.closed(m, closedMsg{})
	}
	d.open = open
	d.tries++
	d.problem, d.retryAt, d.stopped = steps.Problem{}, time.Time{}, false
	m.exit.closeErr = nil
	m.flow.progress = walker.Progress{}
	shut := m.run.CloseExposure
	if d.purpose == toDisable {
		shut = m.run.CloseAndDisable
	}
	return m.jobs.start(m.now, &m.jobs.closer, func(ctx context.Context, report func(steps.Event)) tea.Msg {
		return closedMsg{shut(ctx, report)}
	})
}

func (d *closingDialog) closed(m *Model, msg closedMsg) tea.Cmd {
	if msg.err != nil && d.stopped && !d.unattended {
		m.over.ask(nil)
		return m.over.askToLeave(m)
	}
	if _, open := m.run.Exposure(); msg.err != nil && !open && d.purpose == toDisable {
		m.opts.Log.Error("account not disabled", "account", d.open.Account, "error", msg.err)
		d.purpose = toLeave
		m.exit.noDisable = msg.err
	} else if msg.err != nil {
		m.opts.Log.Error("exposure window not closed", "account", d.open.Account, "error", msg.err)
		m.exit.closeErr = msg.err
		d.problem, d.retryAt = m.explain(msg.err), m.now.Add(retryEvery)
		return d.retryAfter(m, retryEvery)
	}
	if d.purpose != atCap {
		return m.exit.end(m)
	}
	m.jobs.step.end()
	m.over.ask(&cappedDialog{open: d.open})
	return nil
}

func tried(n int) string {
	if n == 1 {
		return phrase.T("once")
	}
	return phrase.Count(n, "time", "times")
}
