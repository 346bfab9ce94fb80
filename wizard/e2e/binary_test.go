// Package e2e_test meets the built binary as people do: in a terminal, in a pipe, on a command line, and in the middle of
// being killed. The tenant runs in another process, and is asked from outside what became of it.
package e2e_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// The exit codes, as the README says them.
const (
	exitDone   = 0
	exitLeft   = 1
	exitUsage  = 2
	exitFailed = 3
)

var binaryFolder string // removed at the end

var folder = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "delegate365-onboard-test-")
	binaryFolder = folder
	return folder, err
})

var binary = sync.OnceValues(func() (string, error) { return build("delegate365-onboard") })

// build links the program without symbols, as it is released.
func build(name string, flags ...string) (string, error) {
	folder, err := folder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, name)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", append(append([]string{"build", "-ldflags=-s -w", "-o", path}, flags...), "../..")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return path, nil
}

// atOnce is how many tests run beside each other: they mostly wait for programs that mostly wait.
const atOnce = "16"

// short is what runs with -short: one onboarding through plain lines, one in a terminal, and one kill inside the window.
const short = "^(TestPlainOnboarding|TestTerminalOnboarding|TestGuardFromOutside|TestLeaksCanBePlanted)$/^(fresh)?$"

func TestMain(m *testing.M) {
	flag.Parse()
	preset("test.parallel", atOnce)
	if testing.Short() {
		preset("test.run", short)
	}
	code := m.Run()
	if binaryFolder != "" {
		os.RemoveAll(binaryFolder)
	}
	os.Exit(code)
}

// A test that -short names and that has gone would leave it without one.
func TestShortIsThere(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	for _, name := range regexp.MustCompile(`Test\w+`).FindAllString(short, -1) {
		if !strings.Contains(source.String(), "\nfunc "+name+"(t *testing.T)") {
			t.Errorf("there is no %s", name)
		}
	}
}

// preset sets a flag that nobody has given.
func preset(name, value string) {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if given {
		return
	}
	if err := flag.Set(name, value); err != nil {
		panic(err)
	}
}

func program(t *testing.T) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// longest is how long any program of a test may run, so that one that hangs fails its own test and no other.
const longest = 10 * time.Minute

// runnable is a program that is ended with the test, or after the longest time. What it started and what still holds its output
// does not keep the test.
func runnable(t *testing.T, program string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.WaitDelay = 5 * time.Second
	ownSession(cmd)
	return cmd
}

// world is the environment of a program under test: no browser, no clipboard but the terminal's, and a state folder of its
// own.
func world(t *testing.T) []string {
	t.Helper()
	return append(os.Environ(), "DISPLAY=", "WAYLAND_DISPLAY=", "BROWSER=", "TMUX=", "STY=", "LC_ALL=C.UTF-8", "XDG_STATE_HOME="+t.TempDir(), "XDG_DOCUMENTS_DIR="+t.TempDir(), "TMPDIR="+t.TempDir())
}
