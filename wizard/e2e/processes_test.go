package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// processes are the running programs whose path begins like this, each with its arguments.
func processes(t *testing.T, path string) (found []string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		out, err := exec.Command("ps", "-axo", "args=").Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, path) {
				found = append(found, strings.TrimSpace(line))
			}
		}
		return found
	}
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if exe, err := os.Readlink(link); err != nil || !strings.HasPrefix(exe, path) {
			continue
		}
		// It may have ended meanwhile.
		if args, err := os.ReadFile(filepath.Join(filepath.Dir(link), "cmdline")); err == nil && len(args) > 0 {
			found = append(found, strings.TrimSpace(strings.ReplaceAll(string(args), "\x00", " ")))
		}
	}
	return found
}
