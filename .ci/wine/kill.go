package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The flags of a job object.
const (
	kills   = 0x2000
	letsOut = 0x0800
)

// victim is an onboarding in the exposure window.
type victim struct {
	*tenant
	end  func() error // kills it
	gone func()       // lets go of what it was started in
}

// way starts an onboarding that plays itself, so that it can be killed in one way.
type way func(*yard, *tenant) (*victim, error)

const closedWithin = 15 * time.Second

// killed kills an onboarding in the exposure window, and sees it closed by the guard, or by itself.
func killed(start way) func(*yard) error {
	return func(y *yard) error {
		t, err := y.tenant("fresh", "killed")
		if err != nil {
			return err
		}
		defer t.close()
		v, err := start(y, t)
		if err != nil {
			return err
		}
		defer v.gone()
		if err := waitUntil(90*time.Second, "the window is open", t.exposed); err != nil {
			return err
		}
		if err := v.end(); err != nil {
			return err
		}
		y.count(&y.killed)
		if err := waitUntil(closedWithin, "MFA is demanded again", func() bool { return !t.exposed() }); err != nil {
			y.count(&y.open)
			return err
		}
		if err := waitUntil(time.Minute, "the journal says so", func() bool {
			l, err := t.journal()
			_, open := l.OpenWindow()
			return err == nil && !open
		}); err != nil {
			return err
		}
		time.Sleep(3 * time.Second) // what was on its way has arrived by then
		if t.exposed() {
			y.count(&y.open)
			return fmt.Errorf("it is open again")
		}
		return y.search(t)
	}
}

func (y *yard) count(n *int) {
	y.mu.Lock()
	defer y.mu.Unlock()
	*n++
}

// pilot are the arguments of an onboarding that plays itself, slowly enough to be killed in the middle.
func (t *tenant) pilot() []string { return t.args("--autopilot", "--pace", "300ms") }

// byTerminate is what the task manager does.
func byTerminate(y *yard, t *tenant) (*victim, error) {
	cmd := y.start(t.pilot()...)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	v := &victim{tenant: t, gone: func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }}
	v.end = func() error {
		p, ok := y.processOf(windows(t.file))
		if !ok {
			return fmt.Errorf("its process was not seen")
		}
		return y.wine("wine64", y.helper, "end", strconv.Itoa(int(p.PID))).Run()
	}
	return v, nil
}

// byJob ends the owner of a job object that kills, and lets out what asks for it, as ssh servers and editors have them.
func byJob(y *yard, t *tenant) (*victim, error) { return inJob(y, t, kills|letsOut, t.pilot()) }

func inJob(y *yard, t *tenant, flags int, args []string) (*victim, error) {
	now := filepath.Join(t.folder, "close-the-job")
	cmd := y.wine("wine64", append([]string{y.helper, "job", strconv.Itoa(flags), windows(now), windows(y.program)}, args...)...)
	out, err := os.Create(filepath.Join(t.folder, "out.txt"))
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &victim{t, func() error { return os.WriteFile(now, nil, 0o600) }, func() { _ = cmd.Process.Kill(); _ = cmd.Wait(); _ = out.Close() }}, nil
}

// byConsole closes the console, which Wine's own ends with its terminal.
func byConsole(y *yard, t *tenant) (*victim, error) {
	s := y.terminal(t.pilot()...)
	return &victim{t, s.kill, func() { _ = s.kill() }}, s.err
}

// byInterrupt types Ctrl+C.
func byInterrupt(y *yard, t *tenant) (*victim, error) {
	s := y.terminal(t.pilot()...)
	return &victim{t, func() error { return s.keys("C-c") }, func() { _ = s.kill() }}, s.err
}

// undecided is a job that kills and lets nothing out: the wizard says so, and opens nothing as long as nobody decides.
func undecided(y *yard) error {
	t, err := y.tenant("fresh", "undecided")
	if err != nil {
		return err
	}
	defer t.close()
	v, err := inJob(y, t, kills, t.args("--autopilot", "--pace", "0"))
	if err != nil {
		return err
	}
	defer v.gone()
	said := ""
	err = waitUntil(2*time.Minute, "it says that the guard would end with the terminal", func() bool {
		data, _ := os.ReadFile(filepath.Join(t.folder, "out.txt"))
		said = string(data)
		return strings.Contains(said, "It waits for a decision: Nothing would put MFA back if this program were ended.")
	})
	if err != nil || t.exposed() || !strings.Contains(said, "job object") {
		return fmt.Errorf("%w; exposed %t:\n%s", err, t.exposed(), tail(said))
	}
	return nil
}

// accepted is the same with an operator who goes on. The job then takes the guard too: restore closes what is open.
func accepted(y *yard) error {
	t, err := y.tenant("fresh", "accepted")
	if err != nil {
		return err
	}
	defer t.close()
	now := filepath.Join(t.folder, "close-the-job")
	s := y.converse(t.args(), []string{"Go on: I stay until MFA is back"}, y.helper, "job", strconv.Itoa(kills), windows(now))
	defer s.end()
	if err := waitUntil(2*time.Minute, "the window is open", t.exposed); err != nil {
		return fmt.Errorf("%w:\n%s", err, tail(s.text()))
	}
	if err := os.WriteFile(now, nil, 0o600); err != nil {
		return err
	}
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		return fmt.Errorf("the job did not end it")
	}
	t.output.WriteString(s.text())
	if err := y.restored(t); err != nil {
		return err
	}
	return y.search(t)
}

// restored closes a window by restore.
func (y *yard) restored(t *tenant) error {
	if !t.exposed() {
		return fmt.Errorf("nothing is open")
	}
	s := y.converse([]string{"demo", "restore", "--connect", windows(t.file)}, []string{"Put MFA back"})
	defer s.end()
	if err := waitUntil(90*time.Second, "MFA is demanded again", func() bool { return !t.exposed() }); err != nil {
		return fmt.Errorf("%w:\n%s", err, tail(s.text()))
	}
	select {
	case <-s.ended:
	case <-time.After(time.Minute):
	}
	t.output.WriteString(s.text())
	if code := s.code(); code != 0 {
		return fmt.Errorf("restore ends with %d:\n%s", code, tail(s.text()))
	}
	return nil
}

// restore closes what an earlier run on another computer left open.
func restore(y *yard) error {
	t, err := y.tenant("half-done", "restore")
	if err != nil {
		return err
	}
	defer t.close()
	return y.restored(t)
}

// screen is the program in a terminal of its own.
type screen struct {
	socket string
	err    error
}

func (y *yard) terminal(args ...string) *screen {
	cmd := y.start(args...)
	s := &screen{socket: filepath.Join(y.folder, fmt.Sprintf("tmux-%d", time.Now().UnixNano()))}
	line := []string{"-S", s.socket, "-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "36"}
	for _, name := range []string{"WINEPREFIX=" + y.prefix, "WINEDEBUG=-all", "DISPLAY="} {
		line = append(line, "-e", name)
	}
	open := exec.Command("tmux", append(line, cmd.Args...)...)
	open.Env, open.Dir = cmd.Env, y.folder
	if out, err := open.CombinedOutput(); err != nil {
		s.err = fmt.Errorf("tmux: %w: %s", err, out)
	}
	return s
}

func (s *screen) keys(keys ...string) error {
	return exec.Command("tmux", append([]string{"-S", s.socket, "send-keys"}, keys...)...).Run()
}

func (s *screen) text() string {
	out, _ := exec.Command("tmux", "-S", s.socket, "capture-pane", "-p").Output()
	return string(out)
}

// kill ends the terminal, as its window's close button does.
func (s *screen) kill() error { return exec.Command("tmux", "-S", s.socket, "kill-server").Run() }

// fullScreen starts the wizard, sees it drawn, take a key, and leave. Frames are not compared: Wine's console passes them on in pieces.
func fullScreen(y *yard) error {
	s := y.terminal("demo")
	if s.err != nil {
		return s.err
	}
	defer s.kill() //nolint:errcheck // it may have ended
	if err := waitUntil(time.Minute, "the first screen is drawn", func() bool { return strings.Contains(s.text(), "Sign in") }); err != nil {
		return fmt.Errorf("%w:\n%s", err, s.text())
	}
	before := s.text()
	if err := s.keys("Enter"); err != nil {
		return err
	}
	if err := waitUntil(time.Minute, "it takes a key", func() bool { return s.text() != before }); err != nil {
		return err
	}
	if err := s.keys("C-c"); err != nil {
		return err
	}
	return waitUntil(time.Minute, "it leaves", func() bool { return exec.Command("tmux", "-S", s.socket, "has-session").Run() != nil })
}
