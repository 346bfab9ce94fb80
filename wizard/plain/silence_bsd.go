//go:build !linux && !windows

package plain

import "golang.org/x/sys/unix"

// The second one drops what was typed and not read.
const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETAF
)
