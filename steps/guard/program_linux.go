package guard

import "os"

// self is the file that a process runs, whatever lies at its path by now, or nothing (https://man7.org/linux/man-pages/man5/proc_pid_exe.5.html).
// The child looks it up before it becomes another program, so it is this process's.
const self = "/proc/self/exe"

// runningImage is what this process runs; empty where /proc is not there.
func runningImage() string {
	if _, err := os.Stat(self); err != nil {
		return ""
	}
	return self
}
