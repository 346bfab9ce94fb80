package wizard

import (
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// autopilot does the autopilot's moves by the messages that a person's keys would lead to.
type autopilot struct {
	walker.Autopilot
	due pending
}

// pilotDueMsg says that the autopilot's next move is due.
type pilotDueMsg struct{ gen int }

// mostCaption is how many lines of a caption are shown.
const mostCaption = 2

// caption is what is said of the step on screen while the autopilot drives. A low window has no room for it.
func (d drawing) caption() []string {
	m, f := d.m, d.f
	if !m.opts.Autopilot || m.opts.Caption == nil || m.over.reading != nil || f.h < gapFromHeight {
		return nil
	}
	bar := m.look.palette.Accent.Render(m.look.glyphs.Wall) + " "
	lines := wrap(m.opts.Caption(m.current().Info.ID), f.actions.w-2)
	lines = indent(bar, lines[:min(len(lines), mostCaption)])
	if f.h > usualHeight {
		lines = append(lines, "")
	}
	return lines
}

// schedule sets the autopilot's next move, if the screen asks for one.
func (a *autopilot) schedule(m *Model) tea.Cmd {
	if !m.opts.Autopilot || m.walk.State == walker.Ended {
		return nil
	}
	if a.At(m.walk) {
		a.due = pending{}
	}
	if a.due.gen != 0 || !a.idle(m) {
		return nil
	}
	a.due = m.jobs.due(m.opts.Pace)
	return m.after(m.opts.Pace, pilotDueMsg{a.due.gen})
}

// idle reports whether the program waits for somebody.
func (a *autopilot) idle(m *Model) bool {
	if m.jobs.part.running() {
		return false
	}
	if top := m.over.top(); top != nil {
		return top.traits(m).goesOn
	}
	return a.Idle(m.walk, a.task(m), m.now)
}

// task is the one that can be played now, or nil.
func (*autopilot) task(m *Model) *steps.Task {
	if !m.playable() {
		return nil
	}
	return m.task()
}

// moves makes the move that was set, if the screen still asks for one.
func (a *autopilot) moves(m *Model, msg pilotDueMsg) tea.Cmd {
	if msg.gen != a.due.gen {
		return nil
	}
	a.due = pending{}
	if !a.idle(m) {
		return nil
	}
	switch a.Move(a.task(m), m.now) {
	case walker.GiveUp:
		return m.giveUp()
	case walker.Play:
		return m.playPart()
	}
	m.focusOn(len(m.entries()))
	return m.enter()
}

// giveUp ends the program without having finished. The exposure window is closed first.
func (m *Model) giveUp() tea.Cmd {
	m.exit.result, m.exit.cause = Failed, m.walk.Stuck()
	m.opts.Log.Error("autopilot stopped", "step", m.current().Info.ID)
	return m.close(toLeave)
}
