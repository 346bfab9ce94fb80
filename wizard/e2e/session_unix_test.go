//go:build !windows

package e2e_test

import (
	"os/exec"
	"syscall"
)

// ownSession keeps a program out of the session of what started the tests, which may be that of a container's first process:
// there the program says, rightly, that no guard outlives it.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
