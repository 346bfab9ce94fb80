//go:build unix

package e2e_test

import (
	"os"
	"syscall"
)

// stop stops a process, so that it sees nothing of what happens until it is killed.
func stop(p *os.Process) { _ = p.Signal(syscall.SIGSTOP) }
