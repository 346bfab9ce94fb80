package wizard

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// rehearsal plays a person's parts, on a key or by the autopilot.
type rehearsal struct {
	walker.Autopilot
	due    pending // its next move
	answer string  // what the part answered, in the status line until the next key
	said   string  // by a page, of that answer: the note on what is found next
}

// playedMsg is what a person's part brought back.
type playedMsg struct{ played walker.Played }

// playable reports whether the person's part can be played here. A sign-in in the middle of Apply is over once it was played: its code and
// its address are good for one.
func (r *rehearsal) playable(m *Model) bool {
	task := m.task()
	if task == nil || task.Part == "" || m.run.Person() == nil || m.jobs.part.running() {
		return false
	}
	return !r.Played(task) || m.flow.walk.State != walker.Applying && !r.beingRead(m, task)
}

// beingRead reports a part that was played, and whose outcome is being read, or is looked for every few seconds.
func (r *rehearsal) beingRead(m *Model, task *steps.Task) bool {
	return r.Played(task) && (m.jobs.step.running() || r.Watching(m.flow.walk, task, m.now))
}

// playsNothing reports the key for a part on a screen that asks for a decision, where nobody has one.
func (r *rehearsal) playsNothing(m *Model, msg tea.KeyPressMsg) bool {
	return msg.String() == "p" && !m.focus().typing() && m.run.Person() != nil && m.over.top() == nil && m.flow.walk.State == walker.Found && !m.jobs.part.running()
}

// nothingToPlay says why the key plays nothing.
func (r *rehearsal) nothingToPlay(m *Model) string {
	if task := m.task(); task != nil && r.beingRead(m, task) {
		return phrase.T("The part was played: what came of it is being read.")
	}
	return phrase.T("No part is to be played here: something is to be chosen below.")
}

// playPart plays what the person would do, in a rehearsal.
func (r *rehearsal) playPart(m *Model) tea.Cmd {
	task := m.task()
	r.Took(task, m.now)
	play := m.flow.walk.Part(m.run.Person(), task)
	m.note, r.answer, r.said = "", "", ""
	return m.jobs.start(m.now, &m.jobs.part, func(ctx context.Context, _ func(steps.Event)) tea.Msg { return playedMsg{play(ctx)} })
}

// played goes on from what the part brought back.
func (r *rehearsal) played(m *Model, msg playedMsg) tea.Cmd {
	if err := msg.played.Err; err != nil {
		m.note = phrase.T("The part could not be played: %s.", clean(err.Error()))
		r.Forget()
		return nil
	}
	m.flow.unbidden = true
	m.note = phrase.T("The part was played.")
	next := m.flow.walk.Played(msg.played)
	if said := clean(next.Action.Label); said != "" {
		r.answer = phrase.T("Played: %s", said)
	}
	if said := clean(next.Said); said != "" {
		r.said = phrase.T("The page said: %s", said)
	}
	switch {
	case next.Turn == walker.Acting:
		r.Forget() // the same part may be asked for again
	case m.flow.walk.State == walker.Answering:
		m.note = ""
	case m.jobs.step.running():
		return nil // it is being read already
	}
	return m.flow.carryOut(m, next)
}
