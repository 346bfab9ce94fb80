package wizard

import (
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/leaving"
)

// leaveDialog is the question whether to leave. Its words are those of the plain lines too.
type leaveDialog struct{ position }

// askToLeave puts the question on screen. While the answer is being carried out, it says why nobody has left yet.
func (o *dialogStack) askToLeave(m *Model) tea.Cmd {
	if d := o.closing(); d != nil {
		m.note = d.held(m)
		return nil
	}
	o.ask(&leaveDialog{})
	m.note, m.exit.closeErr = "", nil
	if _, open := m.run.Exposure(); open || m.run.Aftermath().Bare == "" {
		return nil
	}
	run, life := m.run, m.jobs.life.ctx
	return m.jobs.do(func() tea.Msg {
		run.ReadFactor(life)
		return factorReadMsg{}
	})
}

// factorReadMsg says that the question can be drawn with what was read of the account's second factor.
type factorReadMsg struct{}

func (*leaveDialog) question(m *Model) leaving.Question {
	open, yes := m.run.Exposure()
	found := m.current().Found
	changing := found != nil && len(found.Changes) > 0 && (m.flow.walk.State == walker.Applying || m.flow.walk.State == walker.Stopping)
	return leaving.Ask(leaving.Situation{Title: m.opts.Title, Exposure: open, Open: yes, Changing: changing, Aftermath: m.run.Aftermath()})
}

func (*leaveDialog) title(*Model) (string, steps.Actor) { return phrase.T("Leave"), steps.You }

func (d *leaveDialog) body(p *page) {
	m, q := p.m, d.question(p.m)
	if open, yes := m.run.Exposure(); yes {
		p.add(hang(m.look.palette.Open.Render(m.look.glyphs.Open)+" ", wrap(q.Head, p.w-2))...)
		if past := offFor(&open, m.now, "  for "); past != "" {
			p.add(past)
		}
	} else {
		p.add(m.look.palette.Strong.Render(q.Head))
	}
	for _, text := range q.Text {
		p.paragraph(text)
	}
}

func (d *leaveDialog) actions(m *Model) []steps.Action { return d.question(m).Answers }

func (*leaveDialog) esc(*Model) steps.Action {
	return steps.Action{ID: leaving.Stay, Label: phrase.T("stay")}
}

func (*leaveDialog) act(m *Model, id string) tea.Cmd {
	switch id {
	case leaving.Leave:
		return m.exit.close(m, toLeave)
	case leaving.Disable:
		return m.exit.close(m, toDisable)
	case leaving.Stay:
		return m.exit.stay(m)
	}
	return nil
}

// keys: q would only ask again, and ctrl+c leaves, but not with MFA off.
func (*leaveDialog) keys(m *Model, k *keyMap) {
	_, open := m.run.Exposure()
	k.Quit.SetEnabled(false)
	k.Interrupt.SetEnabled(!open)
}

func (*leaveDialog) traits(*Model) traits { return traits{sideBySide: true} }

// interrupt asks to leave, and leaves where that was being asked.
func (o *dialogStack) interrupt(m *Model) tea.Cmd {
	if _, asked := o.question.(*leaveDialog); asked {
		return m.exit.close(m, toLeave)
	}
	return m.exit.quit(m)
}
