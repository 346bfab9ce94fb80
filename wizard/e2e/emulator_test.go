package e2e_test

import (
	"fmt"
	"image/color"
	"io"
	"sync"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// emulator is a terminal without a window. What a program asks of it, it answers.
type emulator struct {
	mu            sync.Mutex
	vt            *vt.Emulator
	width, height int
	title         string
	hidden, alt   bool
}

// newEmulator makes a terminal whose answers go to replies.
func newEmulator(width, height int, replies io.Writer) *emulator {
	e := &emulator{vt: vt.NewEmulator(width, height), width: width, height: height}
	e.vt.SetCallbacks(vt.Callbacks{ // called from Write, which holds the lock
		Title:            func(title string) { e.title = title },
		AltScreen:        func(on bool) { e.alt = on },
		CursorVisibility: func(visible bool) { e.hidden = !visible },
	})
	go e.answer(replies)
	return e
}

// answer hands over what the terminal answers. It goes on when the program is gone: an answer that nobody takes stops
// vt.Emulator.Write, and with it everyone who wants to read the screen.
func (e *emulator) answer(replies io.Writer) {
	answers := make([]byte, 256)
	for {
		n, err := e.vt.Read(answers)
		if err != nil {
			return
		}
		_, _ = replies.Write(answers[:n])
	}
}

func (e *emulator) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.vt.Write(b)
}

// String is what is on screen.
func (e *emulator) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.vt.String()
}

// Title is the window's.
func (e *emulator) Title() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.title
}

// AltScreen reports the screen that is gone when the program ends.
func (e *emulator) AltScreen() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.alt
}

func (e *emulator) CursorVisible() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !e.hidden
}

// glyph is one cell. Colours are empty where the terminal's own are used.
type glyph struct {
	text   string
	fg, bg string
	bold   bool
}

// line is row y of the screen.
func (e *emulator) line(y int) []glyph {
	e.mu.Lock()
	defer e.mu.Unlock()
	cells := make([]glyph, e.width)
	for x := range cells {
		cells[x] = glyph{text: " "}
		if c := e.vt.CellAt(x, y); c != nil && c.Content != "" {
			cells[x] = glyph{c.Content, hexOf(c.Style.Fg), hexOf(c.Style.Bg), c.Style.Attrs&uv.AttrBold != 0}
		}
	}
	return cells
}

func hexOf(c color.Color) string {
	if c == nil {
		return ""
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
