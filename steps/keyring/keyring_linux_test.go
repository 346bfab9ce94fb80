package keyring

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// ofTheKernel is a key of the kernel's for one test. Where the kernel refuses the calls, as to most containers, it says that
// a ring there is unusable, which is all there is to test.
func ofTheKernel(t *testing.T) kernel {
	t.Helper()
	k := kernel("delegate365-onboard test " + t.Name() + " " + rand.Text())
	if _, err := k.Get(); errors.Is(err, ErrUnusable) {
		t.Skipf("the kernel refuses: %v", err)
	}
	t.Cleanup(func() {
		err := possessing(func() error {
			id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, keyType, string(k), 0)
			if err == nil {
				_, err = unix.KeyctlInt(unix.KEYCTL_INVALIDATE, id, 0, 0, 0)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	return k
}

func TestKernelKeyring(t *testing.T) {
	k := ofTheKernel(t)
	if _, err := k.Get(); !errors.Is(err, ErrNone) {
		t.Fatalf("before: %v", err)
	}
	first, err := Key(k, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	again, err := k.Get()
	if err != nil || again.Reveal() != first.Reveal() {
		t.Errorf("%v, or another key", err)
	}
	if err := k.Set(secret.New("another")); err != nil {
		t.Error(err)
	}
	if again, err = k.Get(); err != nil || again.Reveal() != "another" {
		t.Errorf("it was not replaced: %v", err)
	}
}

// elsewhere names, for a second start of this test, the key to look for.
const elsewhere = "KEY_OF_THE_TEST"

// A session that was not begun by a login has no link to the user keyring.
func TestKernelKeyringInAnotherSession(t *testing.T) {
	if name := os.Getenv(elsewhere); name != "" {
		key, err := kernel(name).Get()
		_, mac := Prove(key, nil)
		fmt.Println("found", mac, err)
		return
	}
	k := ofTheKernel(t)
	made, err := Key(k, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, mac := Prove(made, nil)
	other := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	other.Env = append(os.Environ(), elsewhere+"="+string(k))
	var said []byte
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // its session ends with it, and the process that it starts inherits that
		_, err := unix.KeyctlInt(unix.KEYCTL_JOIN_SESSION_KEYRING, 0, 0, 0, 0)
		if err == nil {
			said, err = other.CombinedOutput()
		}
		done <- err
	}()
	if err := <-done; err != nil || !strings.Contains(string(said), "found "+mac+" <nil>") {
		t.Errorf("%v, it said:\n%s", err, said)
	}
}

// Nobody but who possesses it has any right to it.
func TestKernelKeyPermissions(t *testing.T) {
	k := ofTheKernel(t)
	if _, err := Key(k, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if err := possessing(func() error {
		id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, keyType, string(k), 0)
		if err != nil {
			return err
		}
		about, err := unix.KeyctlString(unix.KEYCTL_DESCRIBE, id)
		if want := ";3f000000;"; err == nil && !strings.Contains(about, want) {
			t.Errorf("%q has not %s", about, want)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// Without a bus none is started, and the kernel's ring is used. One that is gone is not waited for.
func TestNoSecretService(t *testing.T) {
	folder := t.TempDir()
	launched := filepath.Join(folder, "launched")
	if err := os.WriteFile(filepath.Join(folder, "dbus-launch"), []byte("#!/bin/sh\ntouch "+launched+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
	for _, address := range []string{"autolaunch:", "unix:path=" + filepath.Join(folder, "gone"), "nonsense"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		if unlocked() {
			t.Errorf("%s: a Secret Service answers", address)
		}
		if _, is := (&system{name: "test"}).ring().(kernel); !is {
			t.Errorf("%s: it is not the kernel's ring that is used", address)
		}
	}
	if _, err := os.Stat(launched); err == nil {
		t.Error("a bus was started")
	}
}
