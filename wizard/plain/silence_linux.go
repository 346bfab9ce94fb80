package plain

import "golang.org/x/sys/unix"

// The second one drops what was typed and not read, and waits for what was written. The third one waits for nothing: a terminal
// that is held would keep the program from ending.
const (
	getTermios   = unix.TCGETS
	setTermios   = unix.TCSETSF
	resetTermios = unix.TCSETS
)

// noKey stands for a key that there is none of (_POSIX_VDISABLE).
const noKey = 0

// flushTyped drops what was typed and not read.
func flushTyped(fd int) { _ = unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) }
