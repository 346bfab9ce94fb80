// Package regular opens ordinary files alone. A path that somebody else can write to may lead to a FIFO, which holds
// whoever opens it for good, to a device, or by a link to a file that is meant to stay as it is.
package regular

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// ErrNotRegular says that the path is a folder's, a link's, a device's or a FIFO's where an ordinary file was asked for.
var ErrNotRegular = errors.New("it is not an ordinary file")

// ErrForeign says that the file is somebody else's, or has a second name that may be somewhere else.
var ErrForeign = errors.New("it belongs to somebody else, or has another name too")

// The same of a folder.
var (
	ErrNotFolder     = errors.New("it is a link, or no folder")
	ErrForeignFolder = errors.New("it belongs to somebody else, who can change what is in it")
)

// Folder makes a folder for this user alone, and shuts one that is there to everybody else. A link in its place and a folder of somebody
// else are refused, and left as they are; the folders above it are taken as they are.
func Folder(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(path, 0o700); err == nil {
			info, err = os.Lstat(path)
		}
	}
	if err == nil {
		err = ownFolder(path, info)
	}
	if err != nil {
		return err
	}
	return shut(path)
}

func ownFolder(path string, info fs.FileInfo) error {
	switch {
	case !info.IsDir():
		return &os.PathError{Op: "use", Path: path, Err: ErrNotFolder}
	case !mine(info):
		return &os.PathError{Op: "use", Path: path, Err: ErrForeignFolder}
	}
	return nil
}

// Open opens a file to read. Links are followed: whoever can place one can place the file.
func Open(path string) (*os.File, error) {
	return checked(os.OpenFile(path, os.O_RDONLY|nonblock, 0))
}

// Read is the content of a file of at most so many bytes; what is beyond that is left.
func Read(path string, most int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// Append opens a file to add to, and makes it where there is none, for its owner only. It follows no link, and touches
// nothing that is not this user's own.
func Append(path string) (*os.File, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "open", Path: path, Err: ErrNotRegular}
	}
	f, err := checked(os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY|nofollow|nonblock, 0o600))
	if err != nil {
		return nil, err
	}
	if err = Own(f); err == nil {
		err = f.Chmod(0o600)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Own refuses an open file that is somebody else's, or has a second name, by ErrForeign.
func Own(f *os.File) error {
	info, err := f.Stat()
	if err == nil && !own(info) {
		err = &os.PathError{Op: "open", Path: f.Name(), Err: ErrForeign}
	}
	return err
}

func checked(f *os.File, err error) (*os.File, error) {
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "open", Path: f.Name(), Err: ErrNotRegular}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
