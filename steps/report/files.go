package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// sealSuffix ends the name of a seal, as minisign looks for it.
const sealSuffix = ".minisig"

// Written are the files of a report on the disk.
type Written struct {
	Folder, JSON, Page string // paths
	SHA256             string
}

// Free is the name for a report's files that no file in the folder has: a second report on one day gets a number. The page names its files
// itself, so it is known before the report is closed.
func Free(folder string, r Report) (string, error) {
	name := NameOf(r)
	for n := 1; n < 1000; n++ {
		free := name
		if n > 1 {
			free = fmt.Sprintf("%s-%d", name, n)
		}
		if !taken(filepath.Join(folder, free)) {
			return free, nil
		}
	}
	return "", errors.New("write the report: a thousand reports of this day are in the folder")
}

// Save writes the files into the folder, for their owner only. It never replaces a file: where there is one of this name, the error is
// fs.ErrExist.
func (s Sealed) Save(folder string) (Written, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return Written{}, fmt.Errorf("make the report's folder: %w", err)
	}
	base := filepath.Join(folder, NameOf(s.Report))
	if taken(base) {
		return Written{}, fmt.Errorf("write the report: %w", fs.ErrExist)
	}
	w := Written{Folder: folder, JSON: base + ".json", Page: base + ".html", SHA256: s.SHA256}
	return w, s.write(w)
}

// write writes the files. The data comes last: where it is, all is.
func (s Sealed) write(w Written) error {
	for _, f := range []struct {
		path string
		data []byte
	}{{w.Page, s.Page}, {w.JSON + sealSuffix, s.Seal}, {w.JSON, s.JSON}} {
		if err := whole(f.path, f.data); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	return nil
}

func taken(base string) bool {
	for _, end := range []string{".json", ".json" + sealSuffix, ".html"} {
		if _, err := os.Lstat(base + end); !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

// whole writes a file that is there whole or not at all, and replaces none.
func whole(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".report-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ignoreGone(os.Remove(f.Name()))) }()
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	// A link, unlike a rename, fails where the name is taken. Where the disk knows none, the name was free a moment ago.
	if err := os.Link(f.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if runtime.GOOS != "windows" {
		if _, err := os.Lstat(path); err == nil {
			return fs.ErrExist
		}
	}
	return os.Rename(f.Name(), path)
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
