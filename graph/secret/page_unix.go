//go:build !windows

package secret

import "golang.org/x/sys/unix"

// keep copies a secret into pages of its own, which are not written to swap space. Where the system refuses, as beyond
// RLIMIT_MEMLOCK, they are ordinary memory; free gives them back.
func keep(s string) (b []byte, free func()) {
	page, err := unix.Mmap(-1, 0, len(s), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return []byte(s), func() {}
	}
	_ = unix.Mlock(page)
	outOfDumps(page)
	copy(page, s)
	return page, func() {
		clear(page)
		_ = unix.Munmap(page)
	}
}
