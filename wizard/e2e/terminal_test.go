package e2e_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// newTerminal is the state of a terminal that nothing has run in yet: echo, lines, signals.
func newTerminal(t *testing.T) *term.State {
	t.Helper()
	terminal, line, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	defer line.Close()
	return stateOf(t, terminal)
}

func stateOf(t *testing.T, terminal *os.File) (state *term.State) {
	t.Helper()
	conn, err := terminal.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { state, failed = term.GetState(fd) }); err != nil {
		t.Fatal(err)
	}
	if failed != nil {
		t.Fatal(failed)
	}
	return state
}

var privateMode = regexp.MustCompile(`\x1b\[\?([0-9;]+)([hl])`)

// sane checks that the program left its terminal as it found it.
func (s *screen) sane(fresh *term.State) {
	s.t.Helper()
	if now := stateOf(s.t, s.pty); !reflect.DeepEqual(now, fresh) {
		s.t.Errorf("the terminal is left as %+v, it was %+v", *now, *fresh)
	}
	if s.term.AltScreen() || !s.term.CursorVisible() {
		s.t.Errorf("alternate screen %t, cursor visible %t", s.term.AltScreen(), s.term.CursorVisible())
	}
	// 7, lines that wrap, and 25, a cursor that shows, are all that is on in a new terminal.
	on := map[string]bool{"7": true, "25": true}
	for _, m := range privateMode.FindAllStringSubmatch(s.raw.String(), -1) {
		for mode := range strings.SplitSeq(m[1], ";") {
			on[mode] = m[2] == "h"
		}
	}
	for mode, is := range on {
		if is != (mode == "7" || mode == "25") {
			s.t.Errorf("private mode %s of the terminal is left %t", mode, is)
		}
	}
}
