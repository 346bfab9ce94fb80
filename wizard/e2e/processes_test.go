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
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		// It may have ended meanwhile. Its arguments are all that anybody but root may read of it.
		if args, err := os.ReadFile(file); err == nil && strings.HasPrefix(string(args), path) {
			found = append(found, strings.TrimSpace(strings.ReplaceAll(string(args), "\x00", " ")))
		}
	}
	return found
}
