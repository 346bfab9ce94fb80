package wizard

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// standing is a wizard over ten steps that shows the fifth, as it does when everything it asked for has come.
func standing(b *testing.B) *Model {
	b.Helper()
	var o Options
	for _, step := range tenSteps(0, suspend) {
		o.Steps = append(o.Steps, step)
	}
	m := newModel(o, contoso())
	m.explain = explain
	d := &driver{m: m, msgs: make(chan tea.Msg), done: make(chan struct{})}
	b.Cleanup(func() {
		m.jobs.life.stop()
		close(d.done)
	})
	d.start(m.Init())
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	for quiet := false; !quiet; {
		select {
		case msg := <-d.msgs:
			_, cmd := m.Update(msg)
			d.start(cmd)
		case <-time.After(200 * time.Millisecond):
			quiet = true
		}
	}
	return m
}

// What a frame costs; Bubble Tea asks for one after each message.
func BenchmarkView(b *testing.B) {
	m := standing(b)
	for b.Loop() {
		_ = m.View()
	}
}

// What a key costs that opens a dialog, and one that closes it, each with its frame.
func BenchmarkUpdate(b *testing.B) {
	m := standing(b)
	for b.Loop() {
		for _, key := range []string{"?", "esc"} {
			m.Update(named(key))
			_ = m.View()
		}
	}
}
