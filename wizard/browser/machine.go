package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// thisMachine is the one that this program runs on.
func thisMachine() machine {
	return machine{
		goos:   runtime.GOOS,
		getenv: os.Getenv,
		look: func(name string) string {
			p, err := exec.LookPath(name)
			if err != nil {
				return ""
			}
			return p
		},
		exists: func(path string) bool { _, err := os.Stat(path); return err == nil },
		glob:   func(pattern string) []string { files, _ := filepath.Glob(pattern); return files },
		output: func(ctx context.Context, name string, args ...string) string {
			ctx, cancel := context.WithTimeout(ctx, askWithin)
			defer cancel()
			cmd := exec.CommandContext(ctx, name, args...)
			cmd.WaitDelay = askWithin
			out, err := cmd.Output()
			if err != nil {
				return ""
			}
			return strings.TrimSpace(string(out))
		},
		value:  registryValue,
		number: registryNumber,
		wsl:    insideWindows(),
	}
}

// insideWindows reports that this is WSL, whose kernels name Microsoft in their release.
func insideWindows() bool {
	if os.Getenv("WSL_DISTRO_NAME") != "" {
		return true
	}
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	return err == nil && strings.Contains(strings.ToLower(string(release)), "microsoft")
}
