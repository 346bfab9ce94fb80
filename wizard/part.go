package wizard

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// playedMsg is what a person's part brought back.
type playedMsg struct{ played walker.Played }

// playable reports whether the person's part can be played here.
func (m *Model) playable() bool {
	task := m.task()
	return task != nil && task.Part != "" && m.run.Person() != nil && !m.jobs.part.running()
}

// playPart plays what the person would do, in a rehearsal.
func (m *Model) playPart() tea.Cmd {
	play := m.walk.Part(m.run.Person(), m.task())
	m.note = ""
	return m.start(&m.jobs.part, func(ctx context.Context, _ func(steps.Event)) tea.Msg { return playedMsg{play(ctx)} })
}

// played goes on from what the part brought back.
func (m *Model) played(msg playedMsg) tea.Cmd {
	if err := msg.played.Err; err != nil {
		m.note = "The part could not be played: " + m.sentence(err)
		m.pilot.Forget()
		return nil
	}
	m.note = "The part was played."
	next := m.walk.Played(msg.played)
	switch {
	case next.Turn == walker.Acting:
		m.pilot.Forget() // the same part may be asked for again
	case m.walk.State == walker.Answering:
		m.note = ""
	case m.jobs.step.running():
		return nil // it is being read already
	}
	return m.carryOut(next)
}
