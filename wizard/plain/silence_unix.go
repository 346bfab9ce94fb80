//go:build !windows

package plain

import (
	"os"

	"golang.org/x/sys/unix"

	"github.com/delegate365-onboard/delegate365-onboard/steps/process"
)

// silence takes the echo from a terminal and drops what was typed ahead; output and signals stay as they are, but that no key stops the
// program. Lines are not put together by the terminal, because it cuts those of more than 4096 bytes, as mails have. A shell gives a program
// that was stopped, and goes on, the modes of its own: they are taken from it again.
func silence(f *os.File) (restore func(), err error) {
	fd := int(f.Fd())
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	now := *before
	now.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON
	now.Cc[unix.VMIN], now.Cc[unix.VTIME], now.Cc[unix.VSUSP] = 1, 0, noKey
	set := func() error { return unix.IoctlSetTermios(fd, setTermios, &now) }
	if err := set(); err != nil {
		return nil, err
	}
	deaf := process.Continued(func() { _ = set() })
	return func() {
		deaf()
		_ = unix.IoctlSetTermios(fd, resetTermios, before)
		flushTyped(fd)
	}, nil
}
