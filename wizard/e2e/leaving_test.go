package e2e_test

import (
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// The input ends: nothing is taken for a yes, nothing is changed, and the exit code says so.
func TestEndOfInput(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string][]string{
		"at once":           nil,
		"at the plan":       {"1", "p", "1"},
		"before the change": {"1", "p", "1", "1", "", "", "", "1", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, "fresh")
			p := start(t, "demo", "--connect", o.file, "--accessible")
			for _, line := range lines {
				p.out.next(t, "Your choice [1]:", "to look again:", "to fill it in:", "]:", "or an empty line to keep it:", "p to play this part")
				p.answer(line)
			}
			p.in.Close()
			if code := p.end(); code != exitLeft {
				t.Errorf("exit code %d, want %d:\n%s", code, exitLeft, p.out)
			}
			o.untouched()
		})
	}
}

// Every way out of the plain lines puts MFA back first: the input ends, a signal comes, or somebody leaves.
func TestPlainLeaving(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(p *pipe){
		"end of input": func(p *pipe) { _ = p.in.Close() },
		"terminate":    func(p *pipe) { _ = p.cmd.Process.Signal(syscall.SIGTERM) },
		"q": func(p *pipe) {
			p.answer("q")
			p.out.next(p.t, "MFA is off for")
			p.out.next(p.t, "Your choice [1]:")
			p.answer("")
		},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && name == "terminate" {
				t.Skip("Windows ends a process without asking it")
			}
			t.Parallel()
			o := serve(t, "fresh")
			p := start(t, "demo", "--connect", o.file)
			p.intoTheWindow()
			leave(p)
			if code := p.end(); code != exitLeft {
				t.Errorf("exit code %d:\n%s", code, p.out)
			}
			var mfa struct{ PerUserMfaState string }
			o.get("/beta/users/"+serviceAccount+"/authentication/requirements", &mfa)
			if mfa.PerUserMfaState != "enforced" {
				t.Errorf("per-user MFA is %q after it said:\n%s", mfa.PerUserMfaState, p.out)
			}
		})
	}
}

// intoTheWindow answers until MFA is off.
func (p *pipe) intoTheWindow() {
	t := p.t
	t.Helper()
	for p.out.next(t, "Your choice [1]:", "]:", "or an empty line to keep it:", "p to play this part", "Step 6 of 10", "an empty line to fill it in:") != "Step 6 of 10" {
		if strings.HasSuffix(strings.TrimSpace(p.out.String()), "an empty line to fill it in:") {
			p.answer("1") // the mail later
		} else if text := p.out.String(); strings.HasSuffix(strings.TrimSpace(text), "p to play this part (rehearsal).") {
			p.answer("p")
		} else {
			p.answer("")
		}
	}
	p.out.next(t, "to look again:", "to fill it in:")
}

// Without the window, leaving asks a question that Esc takes back.
func TestTerminalStay(t *testing.T) {
	t.Parallel()
	s := openScreen(t, nil, "demo", "--profile", "fresh")
	s.wait("Sign in in the browser")
	s.key("q")
	s.wait("Stay")
	s.key("\x1b")
	s.wait("Sign in in the browser")
	s.key("\x03")
	s.wait("Stay", "Leave")
	s.key("\x03")
	if code := s.end(); code != exitLeft {
		t.Errorf("exit code %d:\n%s", code, s.term)
	}
}

// Every way out of the program that it can notice puts MFA back before it is gone.
func TestTerminalLeaving(t *testing.T) {
	t.Parallel()
	send := func(sig os.Signal) func(*screen) {
		return func(s *screen) { _ = s.cmd.Process.Signal(sig) }
	}
	for name, leave := range map[string]func(s *screen){
		"ctrl+c": func(s *screen) {
			s.key("\x03")
			s.wait("MFA is still off for", "Put MFA back and leave", "Stay")
			s.key(enter)
		},
		"interrupt":       send(os.Interrupt),
		"terminate":       send(syscall.SIGTERM),
		"hang-up":         send(syscall.SIGHUP),
		"closed terminal": func(s *screen) { _ = s.pty.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, "fresh")
			s := openScreen(t, nil, "demo", "--connect", o.file)
			s.passUntil("Setup says it is completed")
			s.wait("MFA OFF")
			leave(s)
			if code := s.end(); code != exitLeft && name != "closed terminal" {
				t.Errorf("exit code %d:\n%s", code, s.term)
			}
			said := s.raw.String()
			if first, then := strings.LastIndex(said, "REHEARSAL on"), strings.LastIndex(said, "no second factor registered yet"); name == "ctrl+c" && (first < 0 || then < first) {
				t.Errorf("that it was a rehearsal is not said first:\n%s", s.term)
			}
			var mfa struct{ PerUserMfaState string }
			o.get("/beta/users/"+serviceAccount+"/authentication/requirements", &mfa)
			if mfa.PerUserMfaState != "enforced" {
				t.Errorf("per-user MFA is %q", mfa.PerUserMfaState)
			}
		})
	}
}

// passUntil presses Enter, and plays the person's parts, until the words are on screen.
func (s *screen) passUntil(words string) {
	s.t.Helper()
	for range 600 {
		text := s.term.String()
		if strings.Contains(text, words) {
			return
		}
		s.primary(text)
		s.changes(text)
	}
	s.t.Fatalf("%q does not come:\n%s", words, s.term)
}

// primary presses Enter, or plays the person's part, as the screen asks for. A part that is being played is not interrupted: on a busy
// machine setup was called completed before it was.
func (s *screen) primary(text string) {
	s.t.Helper()
	switch {
	case strings.Contains(text, "Playing this part"):
	case strings.Contains(text, "p play this part"):
		s.key("p")
	case strings.Contains(text, " enter "):
		s.key(enter)
	}
}
