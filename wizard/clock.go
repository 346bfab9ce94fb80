package wizard

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// The clock ticks only while something on screen shows time: eight times a second at most while the spinner turns,
// once a second while only a clock runs, and otherwise never.

const (
	spinEvery = 250 * time.Millisecond
	// urgentFrom is the part of the cap from which the exposure window is urgent.
	urgentFrom = 0.8
)

// tickedMsg says that time has passed.
type tickedMsg struct{ gen int }

// ticker is what keeps the screen's clock and spinner going.
type ticker struct {
	ticking pending
	turns   int // of the spinner
}

// interval is how often the screen changes by itself; 0 means never.
func (c *ticker) interval(m *Model) time.Duration {
	switch {
	case m.flow.walk.State == walker.Ended:
		return 0
	case c.busy(m):
		return spinEvery
	case c.timed(m):
		return time.Second
	}
	return 0
}

// busy reports whether the program works on something the operator waits for.
func (*ticker) busy(m *Model) bool {
	switch m.over.questionTraits(m).activity {
	case working:
		return true
	case waiting:
		return false
	}
	if m.jobs.part.running() {
		return true
	}
	switch m.flow.walk.State {
	case walker.Reading, walker.Answering, walker.Applying, walker.Stopping:
		return true
	}
	return false
}

// timed reports whether a clock is on screen.
func (*ticker) timed(m *Model) bool {
	if _, open := m.run.Exposure(); open {
		return true
	}
	if as := m.over.questionTraits(m); as.activity == waiting || !as.since.IsZero() {
		return true
	}
	found := m.current().Found
	return m.flow.walk.State == walker.Found && found != nil && found.Task != nil && found.Poll > 0
}

// elapsed is what the clock on screen shows.
func (*ticker) elapsed(m *Model) time.Duration {
	if since := m.over.questionTraits(m).since; !since.IsZero() {
		return m.now.Sub(since)
	}
	if open, yes := m.run.Exposure(); yes {
		return open.Past(m.now)
	}
	s := m.current()
	if s.Found != nil && s.Found.Task != nil && !s.Found.Task.Since.IsZero() {
		return m.now.Sub(s.Found.Task.Since)
	}
	return m.now.Sub(s.since)
}

// tick keeps one tick on its way while one is needed. A clock's ticks fall on its whole seconds, so that it neither
// lags nor skips one.
func (c *ticker) tick(m *Model) tea.Cmd {
	d := c.interval(m)
	if d == c.ticking.after {
		return nil
	}
	c.ticking = m.jobs.due(d)
	if d == 0 {
		return nil
	}
	if d == time.Second {
		d -= max(c.elapsed(m), 0) % time.Second
	}
	return m.jobs.after(d, tickedMsg{c.ticking.gen})
}

func (c *ticker) ticked(m *Model, msg tickedMsg) {
	if msg.gen != c.ticking.gen {
		return
	}
	c.ticking = pending{}
	c.turns++
	if w := m.flow.progress.Wait; w != nil && !m.now.Before(w.Until) {
		m.flow.progress.Wait = nil
	}
}

// urgent reports whether the exposure window is about to reach its cap.
func urgent(open *steps.Exposure, now time.Time) bool {
	return float64(open.Past(now)) >= urgentFrom*float64(open.Cap)
}
