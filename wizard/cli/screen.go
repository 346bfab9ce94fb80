package cli

import (
	"os"
	"sync/atomic"

	"github.com/delegate365-onboard/delegate365-onboard/wizard"
)

// screen is the terminal that the wizard draws on. Its loop waits for each frame to be taken, and whatever ends the wizard comes by that
// loop: a frame is waited for no longer than a line.
type screen struct {
	*os.File
	frames *recorded
}

func (s screen) Write(b []byte) (int, error) { return s.frames.Write(b) }

// draws has the frames of a wizard go where lines go. One that could not be kept for a terminal that is held is drawn anew once it
// goes on.
func (s *session) draws(told *atomic.Bool, on *wizard.Terminal) (screen, func()) {
	s.hurries(told.Load)
	written.redrawn(on.Redraw)
	return screen{os.Stdout, written}, func() { written.redrawn(nil) }
}

// hurries has nothing wait for whoever reads while MFA is off, and once the program was told to end.
func (s *session) hurries(told func() bool) {
	hurried := func() bool {
		_, open := s.run.Exposure()
		return open || told()
	}
	written.hurries(hurried)
	aside.hurries(hurried)
}
