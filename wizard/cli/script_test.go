package cli

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
)

// TestMain lets the scripts run the program, which is this test's own binary. They run beside each other, because they mostly
// wait.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"delegate365-onboard": func() {
		ownSession()
		os.Exit(Main("v0.0.0-script"))
	}})
}

// The scripts type command lines, and know of the program what stands on its outputs, and its exit code.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "examples": examples},
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Setenv("TMPDIR", e.WorkDir)
			for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "TMUX"} { // no browser, no clipboard
				e.Setenv(name, "")
			}
			return nil
		},
	})
}

// exits runs a program in a pipe, and compares its exit code: exits CODE PROGRAM ARGUMENTS. Nothing that a terminal would
// obey may come out of it.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENTS")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
	for _, name := range []string{"stdout", "stderr"} {
		if strings.ContainsRune(ts.ReadFile(name), '\x1b') {
			ts.Fatalf("a control sequence is in piped %s", name)
		}
	}
}

// examples runs each line that help and the manual show, as it is printed, in a shell. No program of them is told that its
// command line can't be used.
func examples(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: examples")
	}
	count := 0
	every(commands(), func(cmd *cobra.Command) {
		for line := range strings.SplitSeq(cmd.Example, "\n") {
			program, _, _ := strings.Cut(line, " ")
			if _, err := exec.LookPath(program); line == "" || program == "#" || program == "man" && err != nil {
				continue
			}
			count++
			ts.Logf("%s: %s", cmd.CommandPath(), line)
			if err := ts.Exec("timeout", "2", "sh", "-c", "exec "+line); err != nil && strings.HasSuffix(err.Error(), " 2") {
				ts.Fatalf("%s", ts.ReadFile("stderr"))
			}
		}
	})
	if count < 10 {
		ts.Fatalf("only %d examples", count)
	}
}
