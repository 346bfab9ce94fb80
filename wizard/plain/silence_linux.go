package plain

import "golang.org/x/sys/unix"

// The second one drops what was typed and not read.
const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETSF
)
