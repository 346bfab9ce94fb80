//go:build !linux && !windows

package process

import "golang.org/x/sys/unix"

func seal() { _ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }
