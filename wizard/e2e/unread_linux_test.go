package e2e_test

import (
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// The reader of the plain lines stands still while MFA is off, and the pipe is full: a program that is told to end puts MFA back, and ends.
func TestNobodyReadsPlainLines(t *testing.T) {
	t.Parallel()
	o := serve(t, "fresh")
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	p := &pipe{t: t, cmd: runnable(t, program(t), "demo", "--connect", o.file), out: newTranscript()}
	p.cmd.Env = world(t)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.begin()
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(p.out, in)
	}()
	p.intoTheWindow()
	if err := in.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	<-read
	fill(t, out)
	began := time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if code := p.end(); code != exitFailed {
		t.Errorf("exit code %d: what was said of it was not read", code)
	}
	var mfa struct{ PerUserMfaState string }
	o.get("/beta/users/"+serviceAccount+"/authentication/requirements", &mfa)
	if mfa.PerUserMfaState != "enforced" {
		t.Errorf("per-user MFA is %q after %s", mfa.PerUserMfaState, time.Since(began))
	}
}

// fill writes until nothing fits into the pipe any more.
func fill(t *testing.T, out *os.File) {
	t.Helper()
	full := make(chan struct{})
	go func() {
		for range 1 << 16 {
			if _, err := out.Write(make([]byte, 16)); err != nil {
				return
			}
			select {
			case full <- struct{}{}:
			default:
			}
		}
	}()
	for {
		select {
		case <-full:
		case <-time.After(time.Second):
			return
		}
	}
}

// The same of a wizard whose terminal is held: its loop waits for frames.
func TestNobodyTakesFrames(t *testing.T) {
	t.Parallel()
	o := serve(t, "fresh")
	s := openScreen(t, nil, "demo", "--connect", o.file)
	s.passUntil("Setup says it is completed")
	s.wait("MFA OFF")
	if err := s.pty.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	for i := range 40 { // each is a frame of its own, until no other fits
		if err := pty.Setsize(s.pty, &pty.Winsize{Rows: 40, Cols: uint16(160 + i%2)}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	if code := s.end(); code != exitFailed {
		t.Errorf("exit code %d: what was said of it was not read", code)
	}
	var mfa struct{ PerUserMfaState string }
	if o.get("/beta/users/"+serviceAccount+"/authentication/requirements", &mfa); mfa.PerUserMfaState != "enforced" {
		t.Errorf("per-user MFA is %q", mfa.PerUserMfaState)
	}
}
