//go:build unix

package e2e_test

import (
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
)

// A program that was stopped goes on with its shell's terminal, which shows what is typed and what is pasted. It takes that back.
func TestStoppedAndContinued(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ flags, asks []string }{
		"wizard": {nil, []string{"Sign in in the browser", "enter sign in"}},
		"plain":  {[]string{"--accessible"}, []string{"Your choice [1]:"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shells := newTerminal(t)
			s := openScreen(t, nil, append([]string{"demo"}, c.flags...)...)
			s.wait(c.asks...)
			own := stateOf(t, s.pty)
			stop(s.cmd.Process)
			s.give(shells)
			_, _ = s.term.Write([]byte("\x1b[H\x1b[2J\x1b[?1049l[1]+  Stopped\r\n"))
			if err := s.cmd.Process.Signal(syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
			for late := time.Now().Add(time.Minute); !reflect.DeepEqual(stateOf(t, s.pty), own); time.Sleep(20 * time.Millisecond) {
				if time.Now().After(late) {
					t.Fatalf("the terminal stays as %+v, it was %+v", *stateOf(t, s.pty), *own)
				}
			}
			if name == "wizard" {
				s.wait(c.asks...)
			}
			s.key("\x1a")
			if _, err := s.pty.WriteString("Configuration password: " + unseen + "\r"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			if strings.Contains(s.raw.String(), unseen) {
				t.Error("the password is on the terminal")
			}
			if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if code := s.endWithin(time.Minute); code != exitLeft {
				t.Errorf("exit code %d", code)
			}
			s.sane(shells)
		})
	}
}

// give has the terminal be as a shell wants it.
func (s *screen) give(state *term.State) {
	s.t.Helper()
	conn, err := s.pty.SyscallConn()
	if err != nil {
		s.t.Fatal(err)
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = term.SetState(fd, state) }); err != nil || failed != nil {
		s.t.Fatal(err, failed)
	}
}
