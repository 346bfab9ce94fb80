package guard

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
)

// A computer that falls asleep stops the guard, and with it the cap. Where that can be asked of the system, it does not fall
// asleep by itself while a guard stands by. A lid that is closed sends it to sleep all the same.

// awake is the command that keeps a system from falling asleep for as long as a process runs; empty where none is known
// (https://keith.github.io/xcode-man-pages/caffeinate.8.html).
func awake(system string, pid int) []string {
	if system != "darwin" {
		return nil
	}
	return []string{"/usr/bin/caffeinate", "-i", "-w", strconv.Itoa(pid)}
}

// StayAwake keeps this computer from falling asleep until this process has ended. Where that can't be had, nothing else
// changes.
func StayAwake() { stayAwake(runtime.GOOS, os.Getpid(), start) }

func stayAwake(system string, pid int, start func(argv []string) error) {
	if argv := awake(system, pid); len(argv) > 0 {
		_ = start(argv)
	}
}

func start(argv []string) error {
	cmd := exec.Command(argv[0], argv[1:]...) //nolint:noctx // it ends with this process
	cmd.Env = []string{}
	err := cmd.Start()
	if err == nil {
		go func() { _ = cmd.Wait() }()
	}
	return err
}
