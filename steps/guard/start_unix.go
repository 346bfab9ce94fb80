//go:build !windows

package guard

import "syscall"

// detached is a session of its own: no hang-up or interrupt of the wizard's terminal reaches it.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
