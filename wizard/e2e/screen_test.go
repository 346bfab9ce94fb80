package e2e_test

import (
	"encoding/base64"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// screen is a program in a terminal of its own, 80 columns by 24 lines, read as a person reads it.
type screen struct {
	t         *testing.T
	cmd       *exec.Cmd
	pty       *os.File
	term      *emulator
	raw       *transcript
	frames    *frames
	reveals   bool          // a secret is shown on screen, on purpose
	clipboard int           // how many values were copied and read
	ended     chan struct{} // closed when the program and its output have ended
	result    error
}

func openScreen(t *testing.T, env []string, args ...string) *screen {
	t.Helper()
	return openScreenOf(t, program(t), env, args...)
}

func openScreenOf(t *testing.T, program string, env []string, args ...string) *screen {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there is no pty on Windows")
	}
	s := &screen{t: t, cmd: runnable(t, program, args...), raw: newTranscript(), ended: make(chan struct{})}
	s.cmd.Env = append(append(world(t), "TERM=xterm-256color", "NO_COLOR="), env...)
	var err error
	s.pty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	s.term = newEmulator(80, 24, s.pty)
	s.frames = &frames{term: s.term}
	go func() {
		_, _ = io.Copy(io.MultiWriter(s.term, s.frames, s.raw), s.pty)
		s.result = s.cmd.Wait()
		close(s.ended)
	}()
	t.Cleanup(func() { s.pty.Close() })
	return s
}

// frames keeps everything that was ever on screen or in the window's title. It stands behind the terminal.
type frames struct {
	term *emulator
	mu   sync.Mutex
	all  []string
}

func (f *frames) Write(b []byte) (int, error) {
	now := f.term.Title() + "\n" + f.term.String()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.all) == 0 || f.all[len(f.all)-1] != now {
		f.all = append(f.all, now)
	}
	return len(b), nil
}

func (f *frames) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.all, "\n")
}

// wait waits until all the words are on screen.
func (s *screen) wait(words ...string) {
	s.t.Helper()
	late := time.After(time.Minute)
	for {
		text := s.term.String()
		missing := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.Contains(text, w) })
		if len(missing) == 0 {
			return
		}
		select {
		case <-s.raw.more:
		case <-time.After(200 * time.Millisecond): // the emulator may lag behind the transcript
		case <-late:
			s.t.Fatalf("%q is not on screen:\n%s", missing, text)
		}
	}
}

// leaves waits until the words are no longer on screen, and reports whether that came within a time.
func (s *screen) leaves(words string, within time.Duration) bool {
	for begun := time.Now(); strings.Contains(s.term.String(), words); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > within {
			return false
		}
	}
	return true
}

// changes waits until the screen shows something else than the text, and all of it; where nothing comes of a key, a person looks again.
func (s *screen) changes(text string) {
	for begun := time.Now(); s.term.String() == text; time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > 300*time.Millisecond {
			return
		}
	}
	time.Sleep(50 * time.Millisecond)
}

// accept reads to the end of what is announced, as Enter has it, and then does it.
func (s *screen) accept() {
	s.t.Helper()
	for text := s.term.String(); strings.Contains(text, "enter read on"); text = s.term.String() {
		rest := below.FindString(text)
		s.key(enter)
		if rest == "" || !s.leaves(rest, time.Minute) {
			s.t.Fatalf("Enter does not read on:\n%s", text)
		}
	}
	s.key(enter)
}

// below says how much there is still to read.
var below = regexp.MustCompile(`\d+ (?:more )?(?:lines? )?below`)

// key types, no faster than a person: four characters that come within 10 ms of each other are taken for a paste.
func (s *screen) key(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		time.Sleep(30 * time.Millisecond)
		text := s.term.String()
		if _, err := io.WriteString(s.pty, k); err != nil {
			s.t.Fatal(err)
		}
		if k != enter && k != "p" {
			continue
		}
		if s.changes(text); strings.Contains(s.term.String(), "has just come by itself") { // as a person does, who is told so
			time.Sleep(time.Second)
			if _, err := io.WriteString(s.pty, k); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

const (
	enter = "\r"
	tab   = "\t"
	esc   = "\x1b"
	focus = "\x1b[I" // as a terminal says that it has it again
)

var osc52 = regexp.MustCompile(`\x1b\]52;c;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)`)

// copy presses c and returns what reached the terminal's clipboard.
func (s *screen) copy() string {
	s.t.Helper()
	s.key("c")
	late := time.After(time.Minute)
	for {
		all := osc52.FindAllStringSubmatch(s.raw.String(), -1)
		if len(all) > s.clipboard {
			s.clipboard++
			value, err := base64.StdEncoding.DecodeString(all[s.clipboard-1][1])
			if err != nil {
				s.t.Fatal(err)
			}
			return string(value)
		}
		select {
		case <-s.raw.more:
		case <-time.After(200 * time.Millisecond):
		case <-late:
			s.t.Fatalf("nothing was copied:\n%s", s.term)
		}
	}
}

// paste pastes as terminals do, and looks at what came of it.
func (s *screen) paste(text string) {
	s.key("\x1b[200~" + text + "\x1b[201~")
	time.Sleep(100 * time.Millisecond)
}

func (s *screen) end() int {
	s.t.Helper()
	return s.endWithin(time.Minute)
}

// endWithin waits for the program to end and returns its exit code.
func (s *screen) endWithin(d time.Duration) int {
	s.t.Helper()
	select {
	case <-s.ended:
		if exit, ok := errors.AsType[*exec.ExitError](s.result); ok {
			return exit.ExitCode()
		}
		return 0
	case <-time.After(d):
		s.t.Fatalf("it does not end:\n%s", s.term)
		return -1
	}
}
