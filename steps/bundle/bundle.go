// Package bundle packs what a support ticket needs into one zip: the log, the journals, and facts about this program and its
// terminal. It is made of files that hold no secret, and is refused when something in them looks like one all the same.
package bundle

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// mostFile is the most of one file that is packed, in bytes: the end of it, where the trouble is.
const mostFile = 32 << 20

// File is one file of a bundle.
type File struct {
	Name string
	Data []byte
}

// Collect reads the log, when one is named, and every journal in the folder, and adds the facts. Nothing is written.
func Collect(log, journals, facts string) ([]File, error) {
	files := []File{{"facts.txt", []byte(facts)}}
	if log != "" {
		data, err := end(log)
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		files = append(files, File{"log.jsonl", data})
	}
	entries, err := os.ReadDir(journals)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the journals: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.Contains(e.Name(), ".jsonl") {
			continue
		}
		data, err := end(filepath.Join(journals, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the journal: %w", err)
		}
		files = append(files, File{"journal/" + e.Name(), data})
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return files, nil
}

// end is the end of a file: whole lines, at most mostFile bytes.
func end(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil || len(data) <= mostFile {
		return data, err
	}
	_, whole, _ := strings.Cut(string(data[len(data)-mostFile:]), "\n")
	return []byte(whole), nil
}

// Write makes the zip, for its owner only. It refuses to replace a file, and what holds a secret.
func Write(path string, files []File) (err error) {
	for _, f := range files {
		if why := suspicion(f.Data); why != "" {
			return &SecretError{f.Name, why}
		}
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the bundle: %w", err)
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = fmt.Errorf("write the bundle: %w", errors.Join(err, os.Remove(path)))
		}
	}()
	z := zip.NewWriter(out)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: time.Now()})
		if err != nil {
			return err
		}
		if _, err := w.Write(f.Data); err != nil {
			return err
		}
	}
	return z.Close()
}

// SecretError says that a file looks as if it held a secret. It does not say which.
type SecretError struct{ Name, Why string }

func (e *SecretError) Error() string {
	return "pack " + e.Name + ": it holds " + e.Why + ", and no bundle may hold a secret"
}
