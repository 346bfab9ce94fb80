package e2e_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A guard shows nothing of what it holds, listens to nobody, and does not end because somebody interrupts it. What it was
// told came through a pipe, and the end of that pipe is all that anybody can give it.
func TestGuardFromOutside(t *testing.T) {
	t.Parallel()
	o := newOnboarder(t, "fresh")
	s := o.start()
	s.passUntil("Setup says it is completed")
	s.wait("MFA OFF")
	pid := o.guard()
	seen := func(name string) string {
		t.Helper()
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
		if errors.Is(err, fs.ErrPermission) {
			return "" // which is as it should be for anybody but root
		}
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if args := strings.Split(strings.TrimSuffix(seen("cmdline"), "\x00"), "\x00"); !slices.Equal(args, []string{o.program, "guard"}) {
		t.Errorf("its arguments are %q", args)
	}
	if environ := seen("environ"); environ != "" {
		t.Errorf("its environment is %q", environ)
	}
	if session := strings.Fields(seen("stat"))[5]; session != fmt.Sprint(pid) {
		t.Errorf("it is in the session %s of somebody else", session)
	}
	if inodes := listening(t); slices.ContainsFunc(sockets(t, pid), func(inode string) bool { return inodes[inode] }) {
		t.Error("it listens on a socket")
	}
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGHUP} {
		if err := syscall.Kill(pid, signal); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(scanEvery)
	if why, open := (&windowMonitor{servedTenant: o.servedTenant}).open(); !open {
		t.Errorf("the window was closed: %s", why)
	}
	if err := syscall.Kill(pid, 0); err != nil {
		t.Errorf("it has ended: %v", err)
	}
	s.endBy("kill")
	s.end()
	f := killTrial{point: point{profile: "fresh", way: "kill"}}
	if _, why := f.watch(o, s, time.Now()); !strings.HasPrefix(why, "per-user MFA is") {
		t.Errorf("the account is %s", why)
	}
}

// sockets are the inodes of a process's sockets.
func sockets(t *testing.T, pid int) (inodes []string) {
	t.Helper()
	links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && strings.HasPrefix(to, "socket:[") {
			inodes = append(inodes, strings.Trim(to, "socket:[]"))
		}
	}
	return inodes
}

// listening are the inodes of this machine's sockets that wait for connections.
func listening(t *testing.T) map[string]bool {
	t.Helper()
	inodes := map[string]bool{}
	for _, table := range []string{"tcp", "tcp6"} {
		data, err := os.ReadFile("/proc/net/" + table)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if f := strings.Fields(line); len(f) > 9 && f[3] == "0A" {
				inodes[f[9]] = true
			}
		}
	}
	return inodes
}
