//go:build !windows && !darwin

package clipboard

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// system are the clipboards of this machine, the best first.
func system(getenv func(string) string) []way {
	var ways []way
	if path := windowsPowerShell(getenv); path != "" {
		ways = append(ways, &powershell{path, run})
	}
	if w := waylandSocket(getenv); w != "" {
		ways = append(ways, &wayland{socket: w})
	}
	// Of the compositors that have no data control, GNOME's hands what is on Xwayland's clipboard on.
	if display := getenv("DISPLAY"); display != "" {
		ways = append(ways, &x11{display: display})
	}
	return ways
}

// waylandSocket is where the compositor listens, as wl_display_connect finds it.
func waylandSocket(getenv func(string) string) string {
	name := getenv("WAYLAND_DISPLAY")
	switch {
	case name == "" || filepath.IsAbs(name):
		return name
	case getenv("XDG_RUNTIME_DIR") == "":
		return ""
	}
	return filepath.Join(getenv("XDG_RUNTIME_DIR"), name)
}

// windowsPowerShell is the one of the Windows around this WSL, or empty.
func windowsPowerShell(getenv func(string) string) string {
	if getenv("WSL_DISTRO_NAME") == "" {
		release, err := os.ReadFile("/proc/sys/kernel/osrelease")
		if err != nil || !strings.Contains(strings.ToLower(string(release)), "microsoft") {
			return ""
		}
	}
	for _, name := range []string{"powershell.exe", "/mnt/c/Windows/System32/WindowsPowerShell/v1.0/powershell.exe"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
