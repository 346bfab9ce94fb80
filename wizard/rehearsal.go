package wizard

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// rehearsal plays a person's parts, on a key or by the autopilot.
type rehearsal struct {
	walker.Autopilot
	due pending // its next move
}

// playedMsg is what a person's part brought back.
type playedMsg struct{ played walker.Played }

// playable reports whether the person's part can be played here.
func (r *rehearsal) playable(m *Model) bool {
	task := m.task()
	return task != nil && task.Part != "" && m.run.Person() != nil && !m.jobs.part.running()
}

// playPart plays what the person would do, in a rehearsal.
func (r *rehearsal) playPart(m *Model) tea.Cmd {
	play := m.flow.walk.Part(m.run.Person(), m.task())
	m.note = ""
	return m.jobs.start(m.now, &m.jobs.part, func(ctx context.Context, _ func(steps.Event)) tea.Msg { return playedMsg{play(ctx)} })
}

// played goes on from what the part brought back.
func (r *rehearsal) played(m *Model, msg playedMsg) tea.Cmd {
	if err := msg.played.Err; err != nil {
		m.note = "The part could not be played: " + m.flow.sentence(m, err)
		r.Forget()
		return nil
	}
	m.note = "The part was played."
	next := m.flow.walk.Played(msg.played)
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
