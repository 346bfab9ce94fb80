package journal

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestSecondWizardIsRefused(t *testing.T) {
	folder := t.TempDir()
	first, err := Open(folder, contoso, Author{By: ByWizard})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(folder, contoso, Author{By: ByWizard})
	held, ok := errors.AsType[*HeldError](err)
	if !ok || held.PID != os.Getpid() || held.Host == "" || time.Since(held.Since) > time.Minute {
		t.Fatalf("the second Open = %+v", err)
	}
	if !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())+" on "+strconv.Quote(held.Host)) {
		t.Errorf("the second Open = %v", err)
	}
	other, err := Open(folder, fabrikam, Author{By: ByWizard})
	if err != nil {
		t.Fatal("another tenant is held as well:", err)
	}
	guard, err := Attach(folder, contoso, Author{By: ByGuard, Run: first.Run()})
	if err != nil {
		t.Fatal(err)
	}
	put(t, first, Entry{Kind: KindStarted})
	if e := put(t, guard, Entry{Kind: KindStarted})[0]; e.Seq != 2 || e.Run != first.Run() || e.By != ByGuard {
		t.Errorf("the guard wrote %+v", e)
	}
	for range 2 {
		if err := errors.Join(first.Close(), guard.Close(), other.Close()); err != nil {
			t.Error(err)
		}
	}
	if _, err := first.Append(Entry{Kind: KindFinished}); !errors.Is(err, errClosed) {
		t.Errorf("Append after Close = %v", err)
	}
	third, err := Open(folder, contoso, Author{By: ByWizard})
	if err != nil {
		t.Fatal(err)
	}
	if err := third.Close(); err != nil {
		t.Error(err)
	}
}

func TestDeadProcessHoldsNothing(t *testing.T) {
	folder := t.TempDir()
	cmd := heldBy(t, folder)
	_, err := Open(folder, contoso, Author{By: ByWizard})
	held, ok := errors.AsType[*HeldError](err)
	if !ok || held.PID != cmd.Process.Pid {
		t.Fatalf("Open = %v, want process %d", err, cmd.Process.Pid)
	}
	guard, err := Attach(folder, contoso, Author{By: ByGuard})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*lockRetry)
	defer cancel()
	if _, err := guard.ClaimWindow(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ClaimWindow = %v while the other process has it", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed, and says so
	release, err := guard.ClaimWindow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	release()
	j, err := Open(folder, contoso, Author{By: ByWizard})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if e := put(t, j, Entry{Kind: KindStarted})[0]; e.Seq != 2 {
		t.Errorf("the line after the killed process is number %d", e.Seq)
	}
}

func TestTwoProcessesAtOnce(t *testing.T) {
	folder := t.TempDir()
	cmds := []*exec.Cmd{play(t, "append", folder), play(t, "append", folder)}
	for _, cmd := range cmds {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	l := mustRead(t, folder)
	if len(l.Entries) != 400 || l.Torn != nil || l.Broken != nil {
		t.Fatalf("%d lines, torn %q, broken %v", len(l.Entries), l.Torn, l.Broken)
	}
	lines := map[int]int{}
	for _, e := range l.Entries {
		lines[e.PID]++
	}
	for _, cmd := range cmds {
		if n := lines[cmd.Process.Pid]; n != 200 {
			t.Errorf("process %d wrote %d lines", cmd.Process.Pid, n)
		}
	}
}

func TestGoroutinesAtOnce(t *testing.T) {
	j, folder := attached(t)
	failed := make(chan error)
	for range 8 {
		go func() {
			_, err := j.Append(Entry{Kind: KindStarted})
			failed <- err
		}()
	}
	for range 8 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if l := mustRead(t, folder); len(l.Entries) != 8 || l.Broken != nil {
		t.Errorf("%+v", l)
	}
}

// TestHolderUnknown refuses all the same when the other has not written who it is yet.
func TestHolderUnknown(t *testing.T) {
	folder := t.TempDir()
	first, err := Open(folder, contoso, Author{By: ByWizard})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if err := os.Truncate(first.files.holder, 0); err != nil {
		t.Fatal(err)
	}
	_, err = Open(folder, contoso, Author{By: ByWizard})
	if held, ok := errors.AsType[*HeldError](err); !ok || held.PID != 0 || !strings.Contains(err.Error(), "just started") {
		t.Errorf("Open = %v", err)
	}
}
