//go:build !windows

package plain

import (
	"os"

	"golang.org/x/sys/unix"
)

// silence takes the echo from a terminal and drops what was typed ahead; signals and output stay as they are. Lines are
// not put together by the terminal, because it cuts those of more than 4096 bytes, as mails have.
func silence(f *os.File) (restore func(), err error) {
	fd := int(f.Fd())
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	now := *before
	now.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON
	now.Cc[unix.VMIN], now.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(fd, setTermios, &now); err != nil {
		return nil, err
	}
	return func() {
		_ = unix.IoctlSetTermios(fd, resetTermios, before)
		flushTyped(fd)
	}, nil
}
