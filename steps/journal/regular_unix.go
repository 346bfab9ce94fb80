//go:build !windows

package journal

import "syscall"

const dontWait = syscall.O_NONBLOCK | syscall.O_NOFOLLOW
