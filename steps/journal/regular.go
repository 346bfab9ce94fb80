package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"

	"github.com/gofrs/flock"

	own "github.com/delegate365-onboard/delegate365-onboard/graph/regular"
)

// Whatever stands in the place of a file of this folder: opening a named pipe waits for somebody at its other end, a device
// may do harm, and a link leads elsewhere. None of them is opened, and an open that such a thing slipped under does not wait.

// A file that is somebody else's, or has a second name, was put there too: it could be read and changed elsewhere. It is left as it is.

// openRegular opens a regular file of this user's own. What was in it is dropped (os.O_TRUNC) once that is known.
func openRegular(path string, flag int, mode fs.FileMode) (*os.File, error) {
	if err := regular(path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, flag&^os.O_TRUNC|dontWait, mode)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notRegular(path)
	}
	if err == nil {
		err = own.Own(f)
	}
	if err == nil && flag&os.O_TRUNC != 0 {
		err = f.Truncate(0)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// regular refuses what exists and is no regular file.
func regular(path string) error {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return notRegular(path)
	}
	return nil
}

func notRegular(path string) error { return fmt.Errorf("%s is not a regular file", path) }

// lockOf is the lock on a file.
func lockOf(path string) (*flock.Flock, error) {
	if err := regular(path); err != nil {
		return nil, err
	}
	flag := os.O_CREATE | os.O_RDONLY
	if runtime.GOOS == "aix" || runtime.GOOS == "solaris" || runtime.GOOS == "illumos" {
		flag = os.O_CREATE | os.O_RDWR // their locks need it
	}
	return flock.New(path, flock.SetFlag(flag|dontWait)), nil
}
