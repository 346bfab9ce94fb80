package e2e_test

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// The wizard in the console that the system itself has: a pty on Linux and macOS, a pseudoconsole on Windows
// (https://learn.microsoft.com/windows/console/pseudoconsoles), which draws what programs write and writes that.

// resize makes the terminal another size, as terminals do: first what is drawn on, then what the program is told.
func (s *console) resize(width, height int) {
	s.t.Helper()
	s.term.resize(width, height)
	if err := s.setSize(width, height); err != nil {
		s.t.Fatal(err)
	}
}

func (e *emulator) resize(width, height int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.vt.Resize(width, height)
	e.width, e.height = width, height
}

// settled waits until the screen has the words, and is drawn whole: two lines across it, and the keys on the last row.
func (s *console) settled(width, height int, words ...string) string {
	s.t.Helper()
	s.wait(words...)
	frame := ""
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(100 * time.Millisecond) {
		now := s.term.String()
		if now == frame && whole(frame, width, height) {
			return frame
		}
		frame = now
	}
	s.t.Fatalf("it is not drawn whole at %dx%d:\n%s", width, height, frame)
	return ""
}

func whole(frame string, width, height int) bool {
	rows := strings.Split(frame, "\n")
	across := 0
	for _, row := range rows {
		if ansi.StringWidth(row) > width {
			return false
		}
		if line := strings.TrimSpace(row); line != "" && strings.Trim(line, "─") == "" && ansi.StringWidth(line) == width {
			across++
		}
	}
	return len(rows) == height && across == 2 && strings.Contains(rows[height-1], "? help")
}

// Three screens, each drawn anew when the terminal is made smaller and larger again, are the same as before; a pasted mail is read.
func TestConsole(t *testing.T) {
	t.Parallel()
	o := serve(t, "fresh")
	s := openConsole(t, 100, 30, program(t), "demo", "--connect", o.file)
	s.settled(100, 30, "Sign in in the browser")
	s.paste(o.ep.WelcomeMail)
	s.wait(filepath.Base(o.ep.WelcomeMail))
	s.key(enter)
	s.wait("Welcome mail", o.ep.Delegate365)
	for _, step := range []struct {
		keys  []string
		words string
	}{
		{nil, "Sign in in the browser"},
		{[]string{enter, "p"}, "Show the plan"},
		{[]string{enter}, "Accept the plan"},
	} {
		for _, k := range step.keys {
			if k == "p" {
				s.wait("p play this part")
			}
			s.key(k)
		}
		before := s.settled(100, 30, step.words)
		s.resize(80, 24)
		s.settled(80, 24, step.words)
		s.resize(100, 30)
		if after := s.settled(100, 30, step.words); after != before {
			t.Errorf("before:\n%s\nafter it was 80x24:\n%s", before, after)
		}
	}
	s.key("\x03")
	s.wait("[ Stay ]")
	s.key(tab)
	s.wait("[ Leave ]")
	s.key(enter)
	if code := s.end(); code != exitLeft {
		t.Errorf("exit code %d:\n%s", code, s.term)
	}
	o.untouched()
}

// However often and fast the terminal is made another size, the frame of the last one stands in the end.
func TestResizedAgainAndAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("TestEverySize draws each size, and TestConsole changes it in a terminal")
	}
	t.Parallel()
	s := openConsole(t, 100, 30, program(t), "demo")
	random := rand.New(rand.NewPCG(1, 2))
	sizes := []struct{ width, height int }{{100, 30}, {80, 24}, {120, 40}, {90, 28}}
	for range 20 {
		last := sizes[0]
		for range 1 + random.IntN(4) {
			last = sizes[random.IntN(len(sizes))]
			s.resize(last.width, last.height)
			time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
		}
		s.settled(last.width, last.height, "Sign in in the browser")
	}
}

// A console that is closed in the exposure window, as by its window's button, takes the wizard along, and the guard closes the window.
func TestConsoleClosed(t *testing.T) {
	if testing.Short() {
		t.Skip("TestKillMatrix is the same with a pty")
	}
	t.Parallel()
	o := newOnboarder(t, "fresh")
	s := openConsole(t, 80, 24, o.program, "demo", "--connect", o.file, "--autopilot", "--pace", "1s", "--report", o.reports())
	w := &windowMonitor{servedTenant: o.servedTenant}
	until := func(what string, within time.Duration, is bool) {
		t.Helper()
		for began := time.Now(); time.Since(began) < within; time.Sleep(lookEvery) {
			if _, open := w.open(); open == is {
				return
			}
		}
		t.Fatalf("%s does not come:\n%s", what, s.term)
	}
	until("the exposure window", finishWithin, true)
	s.close()
	until("its end", closedWithin, false)
	time.Sleep(3 * time.Second) // what was on its way has arrived by then
	if why, open := w.open(); open {
		t.Errorf("it is open again: %s", why)
	}
}
