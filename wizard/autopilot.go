package wizard

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// The autopilot sends the same messages a person's keys would lead to. It presses each screen's primary action and
// plays each part, again where it failed; where a part is not noticed by polling in good time it presses on, and where
// neither leads anywhere it gives up.

// autopilot is what it remembers of the step it is in.
type autopilot struct {
	due   pending
	step  int
	part  string    // played last and without an error, with its code
	since time.Time // when it was played
	tries int       // presses and failed parts without getting to another step
}

const (
	noticeWithin = 30 * time.Second
	mostTries    = 8
)

// pilotDueMsg says that the autopilot's next move is due.
type pilotDueMsg struct{ gen int }

// mostCaption is how many lines of a caption are shown.
const mostCaption = 2

// caption is what is said of the step on screen while the autopilot flies. A low window has no room for it.
func (d drawing) caption() []string {
	m, f := d.m, d.f
	if !m.opts.Autopilot || m.opts.Caption == nil || m.over.reading != nil || f.h < gapFromHeight {
		return nil
	}
	bar := m.look.palette.Accent.Render(m.look.glyphs.Wall) + " "
	lines := wrap(m.opts.Caption(m.current().info.ID), f.actions.w-2)
	lines = indent(bar, lines[:min(len(lines), mostCaption)])
	if f.h > usualHeight {
		lines = append(lines, "")
	}
	return lines
}

// schedule sets the autopilot's next move, if the screen asks for one.
func (a *autopilot) schedule(m *Model) tea.Cmd {
	if !m.opts.Autopilot || m.state == ended {
		return nil
	}
	if a.step != m.walk.viewing {
		*a = autopilot{step: m.walk.viewing}
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
	switch m.state {
	case applying:
		return m.playable() && !a.played(m)
	case finding:
		return !a.watching(m)
	case failed:
		return true
	}
	return false
}

// played reports whether the task on screen was played already.
func (a *autopilot) played(m *Model) bool {
	task := m.task()
	return task != nil && a.part == task.Part+task.Code
}

// watching reports whether a played part may still be noticed by itself.
func (a *autopilot) watching(m *Model) bool {
	found := m.current().found
	return found.Status == steps.Waiting && found.Poll > 0 && a.played(m) && m.now.Sub(a.since) < noticeWithin
}

// pressOn makes the move that was set, if the screen still asks for one.
func (a *autopilot) pressOn(m *Model, msg pilotDueMsg) tea.Cmd {
	if msg.gen != a.due.gen {
		return nil
	}
	a.due = pending{}
	if !a.idle(m) {
		return nil
	}
	a.tries++
	if a.tries > mostTries {
		return m.giveUp()
	}
	if m.playable() && !a.played(m) {
		task := m.task()
		a.part, a.since = task.Part+task.Code, m.now
		return m.playPart()
	}
	m.focusOn(len(m.entries()))
	return m.enter()
}

// giveUp ends the program without having finished. The exposure window is closed first.
func (m *Model) giveUp() tea.Cmd {
	info := m.current().info
	cause := &steps.Error{Op: "go on by itself at " + info.Title, Hint: "Run it again without the autopilot."}
	if m.state == failed {
		cause.Err = m.err
	}
	m.exit.result, m.exit.cause = Failed, cause
	m.opts.Log.Error("autopilot stopped", "step", info.ID)
	return m.close(toLeave)
}
