package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
)

// Whatever stands on the command line comes back in one line, and a terminal obeys nothing of it. A FIFO or a link where a
// file belongs is refused at once, and the file behind a link stays as it is.
func TestHostileCommandLine(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(at("victim"), []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("key"), []byte("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{os.Symlink(at("victim"), at("link")), syscall.Mkfifo(at("fifo"), 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	const hostile = "a\x1b]0;OWNED\a\u009b31m\u202ex\u200b\nForged: all is well"
	for name, args := range map[string][]string{
		"flag": {"--" + hostile}, "command": {hostile}, "cloud": {"--cloud", hostile}, "account": {"demo", "--account", hostile},
		"profile": {"demo", "--profile", hostile}, "tenant": {"check", "--cloud", "dod", "--tenant", hostile}, "portal": {"demo", "--portal", hostile},
		"fault": {"demo", "--fault", hostile}, "visit": {"demo", "--connect", hostile}, "log": {"demo", "--log", at(hostile) + "/none"},
		"bundle": {"bundle", "--log", at(hostile)}, "window": {"demo", "--window", hostile},
		"log in a FIFO": {"demo", "check", "--log", at("fifo")}, "log through a link": {"demo", "check", "--log", at("link")},
		"cloud in a FIFO": {"check", "--cloud", at("fifo")}, "visit in a FIFO": {"demo", "--connect", at("fifo")},
		"bundle of a FIFO": {"bundle", "--yes", "--log", at("fifo"), "--out", at("a.zip")},
		"bundle of a key":  {"bundle", "--yes", "--log", at("key"), "--out", at("b.zip")},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			cmd := runnable(t, program(t), args...)
			cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = world(t), &out, &out, time.Second
			late := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
			defer late.Stop()
			err := cmd.Run()
			if code := cmd.ProcessState.ExitCode(); code != exitUsage && code != exitFailed {
				t.Errorf("%v:\n%s", err, &out)
			}
			for line := range strings.Lines(out.String()) {
				if strings.HasPrefix(line, "Forged") || strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
					t.Errorf("%q", line)
				}
			}
		})
	}
	info, err := os.Stat(at("victim"))
	if data, _ := os.ReadFile(at("victim")); err != nil || string(data) != "kept" || info.Mode().Perm() != 0o644 {
		t.Errorf("%q, %v, %v", data, info.Mode(), err)
	}
	if zips, _ := filepath.Glob(at("*.zip")); len(zips) > 0 {
		t.Errorf("%q were made", zips)
	}
}
