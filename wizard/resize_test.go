package wizard

import (
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// A window that became another size while the program started, before anything told it so, gets a frame of its size: the first
// size is asked for again, and no other.
func TestFirstSizeIsAskedForAgain(t *testing.T) {
	m := newModel(Options{}, contoso())
	defer m.jobs.life.stop()
	var asks []bool
	for _, to := range []size{{80, 24}, {100, 30}, {80, 24}} {
		cmd := m.resized(to)
		asks = append(asks, cmd != nil && cmd() == tea.RequestWindowSize())
	}
	if !slices.Equal(asks, []bool{true, false, false}) {
		t.Errorf("asked for the size after each size: %v", asks)
	}
}
