package wizard

import (
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// A window that became another size while the program started, before anything told it so, gets a frame of its size: the first
// size is asked for again, and no other: not that of a terminal that knows none, which would answer for ever.
func TestFirstSizeIsAskedForAgain(t *testing.T) {
	t.Parallel()
	m := newModel(Options{}, contoso())
	defer m.jobs.life.stop()
	var asks []bool
	for _, to := range []size{{0, 0}, {80, 24}, {100, 30}, {80, 24}} {
		cmd := m.resized(to)
		asks = append(asks, cmd != nil && cmd() == tea.RequestWindowSize())
	}
	if !slices.Equal(asks, []bool{false, true, false, false}) {
		t.Errorf("asked for the size after each size: %v", asks)
	}
}

// A terminal that says it is as large as its numbers go takes no gigabytes.
func TestSizesAreBounded(t *testing.T) {
	t.Parallel()
	for said, want := range map[size]size{{80, 24}: {80, 24}, {65535, 65535}: {mostWidth, mostHeight}, {80, 65535}: {80, mostHeight}, {0, 0}: {}} {
		if got := bounded(nil, tea.WindowSizeMsg{Width: said.w, Height: said.h}); got != (tea.WindowSizeMsg{Width: want.w, Height: want.h}) {
			t.Errorf("%v is taken as %v, want %v", said, got, want)
		}
	}
	if got := bounded(nil, tea.FocusMsg{}); got != (tea.FocusMsg{}) {
		t.Errorf("another message became %v", got)
	}
}
