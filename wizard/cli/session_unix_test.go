//go:build !windows

package cli

import "syscall"

// ownSession leaves the session of what started the tests, which may be that of a container's first process: there the
// program says, rightly, that no guard outlives it. A guard has a session of its own already, and stays.
func ownSession() { _, _ = syscall.Setsid() }
