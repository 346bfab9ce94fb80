//go:build !windows

package regular

import (
	"io/fs"
	"os"
	"syscall"
)

const (
	nofollow = syscall.O_NOFOLLOW
	nonblock = syscall.O_NONBLOCK
)

func own(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Nlink == 1 && mine(info)
}

func mine(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Geteuid()
}

// shut shuts the folder itself, whatever was put into its place meanwhile.
func shut(path string) error {
	f, err := os.OpenFile(path, os.O_RDONLY|nofollow|nonblock, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil {
		err = ownFolder(path, info)
	}
	if err != nil {
		return err
	}
	return f.Chmod(0o700)
}
