package e2e_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// What got through once: the guard stopped, its program's file gone or swapped. The wizard is killed after each.

func TestGuardStopped(t *testing.T) {
	t.Parallel()
	o := newOnboarder(t, "fresh")
	s := o.start()
	s.passUntil("Setup says it is completed")
	s.wait("MFA OFF")
	stopped := o.guard()
	if err := syscall.Kill(stopped, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	o.relieved(stopped)
	t.Logf("another guard stands by after %d ms", time.Since(began).Milliseconds())
	o.closesWhenKilled(s)
}

func TestProgramGoneAndGuardKilled(t *testing.T) {
	t.Parallel()
	o := newOnboarder(t, "fresh")
	s := o.start()
	s.passUntil("Setup says it is completed")
	s.wait("MFA OFF")
	if err := os.Remove(o.program); err != nil {
		t.Fatal(err)
	}
	killed := o.guard()
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	o.relieved(killed)
	o.closesWhenKilled(s)
}

// A script in the place of the program would get the operator's token.
func TestProgramSwapped(t *testing.T) {
	t.Parallel()
	o := newOnboarder(t, "fresh")
	s := o.start()
	s.wait("Sign in in the browser")
	loot := filepath.Join(t.TempDir(), "loot")
	script := o.program + ".new"
	err := errors.Join(os.WriteFile(script, []byte("#!/bin/sh\nhead -n 1 >"+loot+"\n"), 0o700), os.Rename(script, o.program))
	if err != nil {
		t.Fatal(err)
	}
	s.passUntil("Setup says it is completed")
	s.wait("MFA OFF")
	o.closesWhenKilled(s)
	if _, err := os.Stat(loot); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the script was started: %v", err)
	}
}

// relieved waits until another guard has taken the place of one, and that one has ended.
func (o *onboarder) relieved(pid int) {
	o.t.Helper()
	for began := time.Now(); o.guard() == pid || syscall.Kill(pid, 0) == nil; time.Sleep(scanEvery) {
		if time.Since(began) > goneWithin {
			o.t.Fatalf("guard %d is not replaced; processes: %v", pid, processes(o.t, o.program))
		}
	}
}
