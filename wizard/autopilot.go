package wizard

import (
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// The autopilot's moves go by the messages that a person's keys would lead to.

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
func (r *rehearsal) schedule(m *Model) tea.Cmd {
	if !m.opts.Autopilot || m.flow.walk.State == walker.Ended {
		return nil
	}
	if r.At(m.flow.walk) {
		r.due = pending{}
	}
	if r.due.gen != 0 || !r.idle(m) {
		return nil
	}
	r.due = m.jobs.due(m.opts.Pace)
	return m.jobs.after(m.opts.Pace, pilotDueMsg{r.due.gen})
}

// idle reports whether the program waits for somebody.
func (r *rehearsal) idle(m *Model) bool {
	if m.jobs.part.running() {
		return false
	}
	if top := m.over.top(); top != nil {
		return top.traits(m).goesOn
	}
	return r.Idle(m.flow.walk, r.task(m), m.now)
}

// task is the one that can be played now, or whose outcome is waited for; nil where there is none.
func (r *rehearsal) task(m *Model) *steps.Task {
	if task := m.task(); r.playable(m) || task != nil && r.beingRead(m, task) {
		return task
	}
	return nil
}

// moves makes the move that was set, if the screen still asks for one.
func (r *rehearsal) moves(m *Model, msg pilotDueMsg) tea.Cmd {
	if msg.gen != r.due.gen {
		return nil
	}
	r.due, r.answer = pending{}, ""
	if !r.idle(m) {
		return nil
	}
	if next, decided := r.Decide(m.flow.walk); decided {
		return m.flow.carryOut(m, next)
	}
	task := r.task(m)
	if task == nil || r.Played(task) {
		m.focus().on(m.focus().primary())
		if action, any := m.focus().action(); any && m.body().unread(action) { // reading is no try
			m.body().pageDown()
			return nil
		}
	}
	switch r.Move(task, m.now) {
	case walker.GiveUp:
		return m.exit.giveUp(m)
	case walker.Play:
		return r.playPart(m)
	}
	return m.flow.enter(m)
}

// giveUp ends the program without having finished. The exposure window is closed first.
func (e *exit) giveUp(m *Model) tea.Cmd {
	e.result, e.cause = Failed, m.flow.walk.Stuck()
	m.opts.Log.Error("autopilot stopped", "step", m.current().Info.ID)
	return e.close(m, toLeave)
}
