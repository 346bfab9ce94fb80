//go:build !linux && !windows

package plain

import "golang.org/x/sys/unix"

// The second one drops what was typed and not read, and waits for what was written. The third one waits for nothing: a terminal
// that is held would keep the program from ending.
const (
	getTermios   = unix.TIOCGETA
	setTermios   = unix.TIOCSETAF
	resetTermios = unix.TIOCSETA
)

// fread is the flag of TIOCFLUSH for what was typed (FREAD of sys/fcntl.h).
const fread = 1

// noKey stands for a key that there is none of (_POSIX_VDISABLE).
const noKey = 0xff

// flushTyped drops what was typed and not read.
func flushTyped(fd int) { _ = unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, fread) }
