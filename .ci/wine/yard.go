package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// yard is where everything takes place: one Wine prefix, the program, and what is known of its processes.
type yard struct {
	prefix, folder  string
	program, helper string
	watching        *exec.Cmd
	stopWatching    func() error

	mu                                                sync.Mutex
	seen                                              []seen
	killed, open, found, secrets, searched, processes int
}

// seen is a process of the program, as the helper prints it.
type seen struct {
	PID     uint32
	Parent  uint32
	Command string
	Environ []string
}

// longest is how long any program may run here.
const longest = 4 * time.Minute

func open(built string) (*yard, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	y := &yard{prefix: filepath.Join(cache, "delegate365-onboard", "wine")}
	if y.folder, err = os.MkdirTemp("", "delegate365-wine-"); err != nil {
		return nil, err
	}
	// A name of its own, so that its processes are known from others.
	y.program, y.helper = filepath.Join(y.folder, "onboard-ci.exe"), filepath.Join(y.folder, "helper-ci.exe")
	build := func() error { return y.build(built) }
	for _, step := range []func() error{build, y.fill, y.watch} {
		if err := step(); err != nil {
			y.close()
			return nil, err
		}
	}
	return y, nil
}

func (y *yard) close() {
	if y.stopWatching != nil {
		_ = y.stopWatching()
	}
	_ = y.wine("wineserver", "-k").Run() // of this prefix only
	left, _ := filepath.Glob(filepath.Join(y.prefix, "drive_c/users/*/Temp/delegate365-*"))
	more, _ := filepath.Glob(filepath.Join(y.prefix, "drive_c/users/*/AppData/Local/Temp/delegate365-*"))
	for _, folder := range append(left, append(more, y.folder)...) {
		_ = os.RemoveAll(folder)
	}
}

// build builds the helper for Windows, and the program, unless there is one.
func (y *yard) build(built string) error {
	if err := goTool("build", "-trimpath", "-buildvcs=false", "-o", y.helper, "./.ci/wine/helper"); err != nil {
		return err
	}
	if built == "" {
		return goTool("build", "-trimpath", "-buildvcs=false", "-o", y.program, ".")
	}
	data, err := os.ReadFile(built)
	if err != nil {
		return err
	}
	return os.WriteFile(y.program, data, 0o700)
}

func goTool(args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// prng is what Go asks of Windows' newer random numbers, which Wine 8 has not (bcryptprimitives.dll).
const prng = `#include <windows.h>
BOOLEAN WINAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE b, SIZE_T n) { return SystemFunction036(b, (ULONG)n); }
`

// fill makes the prefix, once for every run on this machine.
func (y *yard) fill() error {
	system := filepath.Join(y.prefix, "drive_c/windows/system32")
	library := filepath.Join(system, "bcryptprimitives.dll")
	ready := filepath.Join(y.prefix, "ready")
	if _, err := os.Stat(ready); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(y.prefix), 0o755); err != nil {
		return err
	}
	source := filepath.Join(y.folder, "prng.c")
	if err := os.WriteFile(source, []byte(prng), 0o600); err != nil {
		return err
	}
	steps := []*exec.Cmd{
		y.wine("wine64", "wineboot", "--init"),
		// Windows that nobody sees, without a display.
		y.wine("wine64", "reg", "add", `HKCU\Software\Wine\Drivers`, "/v", "Graphics", "/d", "null", "/f"),
		y.wine("wineserver", "-w"),
		exec.Command("x86_64-w64-mingw32-gcc", "-shared", "-nostdlib", "-Wl,-e,0", "-O1", "-o", library, source, "-ladvapi32"),
	}
	for _, cmd := range steps {
		// What it started may keep its output open longer than itself: it succeeded, and wineserver waits for those.
		if out, err := cmd.CombinedOutput(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
			return fmt.Errorf("%s: %w\n%s", cmd, err, out)
		}
	}
	return os.WriteFile(ready, nil, 0o600)
}

// wine is a program of Wine's, or by wine64 one of Windows. It is ended after the longest time.
func (y *yard) wine(name string, args ...string) *exec.Cmd {
	if found, err := exec.LookPath(name); err == nil {
		name = found
	} else {
		name = "/usr/lib/wine/" + name // where Debian has them
	}
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { cancel(); return cmd.Process.Kill() }
	cmd.WaitDelay = 5 * time.Second
	cmd.Dir = y.folder
	cmd.Env = append(os.Environ(), "WINEPREFIX="+y.prefix, "WINEDEBUG=-all", "PATH="+os.Getenv("PATH")+":/usr/lib/wine", "DISPLAY=", "NO_COLOR=1",
		// Wine's own browser dies in its shell32, and its debugger would wait for somebody.
		"WINEDLLOVERRIDES=mscoree,mshtml,winedbg.exe=", `BROWSER=C:\none.exe`)
	return cmd
}

// start is the program with these arguments.
func (y *yard) start(args ...string) *exec.Cmd {
	return y.wine("wine64", append([]string{y.program}, args...)...)
}

// output runs the program, and returns what it wrote and its exit code. It writes to a file: what Wine starts beside it may hold a
// pipe open for longer than it runs.
func (y *yard) output(args ...string) (string, int, error) {
	out, err := os.CreateTemp(y.folder, "output-")
	if err != nil {
		return "", 0, err
	}
	defer out.Close()
	cmd := y.start(args...)
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); exited {
		err = nil
	}
	data, unread := os.ReadFile(out.Name())
	return string(data), cmd.ProcessState.ExitCode(), errors.Join(err, unread)
}

// watch has the helper look at every process of the program.
func (y *yard) watch() error {
	y.watching = y.wine("wine64", y.helper, "watch", filepath.Base(y.program))
	ctx := context.Background()
	cmd := exec.CommandContext(ctx, y.watching.Path, y.watching.Args[1:]...)
	cmd.Env, cmd.Dir = y.watching.Env, y.watching.Dir
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() {
		for lines := bufio.NewScanner(bufio.NewReaderSize(out, 1<<20)); lines.Scan(); {
			var s seen
			if json.Unmarshal(lines.Bytes(), &s) == nil {
				y.mu.Lock()
				y.seen = append(y.seen, s)
				y.processes++
				y.mu.Unlock()
			}
		}
	}()
	y.stopWatching = func() error { return errors.Join(in.Close(), cmd.Wait()) }
	return nil
}

// processOf is the process whose command line has this text, and not that one.
func (y *yard) processOf(with string) (seen, bool) {
	y.mu.Lock()
	defer y.mu.Unlock()
	for _, s := range y.seen {
		if strings.Contains(s.Command, with) {
			return s, true
		}
	}
	return seen{}, false
}

// windows is a Unix path as Windows programs know it here.
func windows(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }

// filesBelow are the contents of all files there, by their path.
func filesBelow(folder string, into map[string][]byte) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		into[path], err = os.ReadFile(path)
		return err
	})
}
