// Package bundle packs what a support ticket needs into one zip: the log, the journals, and facts about this program and its
// terminal. It is made of files that hold no secret, and is refused when something in them looks like one all the same.
package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
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
		file, err := read(log, "log.jsonl", isLog)
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		files = append(files, file...)
	}
	entries, err := os.ReadDir(journals)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the journals: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !journalName().MatchString(e.Name()) {
			continue
		}
		file, err := read(filepath.Join(journals, e.Name()), "journal/"+e.Name(), isJournal)
		if err != nil && !errors.Is(err, ErrForeign) {
			return nil, fmt.Errorf("read the journal: %w", err)
		}
		if len(file) == 1 && len(file[0].Data) == 0 {
			continue // empty, or one line that is longer than any of a journal
		}
		files = append(files, file...)
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Name < files[j].Name })
	return files, nil
}

// journalName is what this program calls a journal, and one that was put out of the way. Whatever else stands in a name would stand
// in the zip, and on whoever's terminal unpacks it.
var journalName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9._-]{1,120}\.jsonl[A-Za-z0-9._-]{0,40}$`)
})

// ErrForeign says that a file is not this program's.
var ErrForeign = errors.New("no line of it is this program's")

// read takes what is this program's of the end of a file, and says beside it how much was not.
func read(path, name string, is func([]byte) bool) ([]File, error) {
	data, err := end(path)
	if err != nil {
		return nil, err
	}
	kept, others := ours(data, is)
	switch {
	case others > 0 && len(kept) == 0:
		return nil, fmt.Errorf("%s: %w", path, ErrForeign)
	case others > 0:
		note := fmt.Sprintf("%d lines of it are not this program's and were left out\n", others)
		return []File{{name, kept}, {name + ".left-out.txt", []byte(note)}}, nil
	}
	return []File{{name, kept}}, nil
}

// end is the end of a file: whole lines, at most mostFile bytes.
func end(path string) ([]byte, error) {
	f, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	from := max(0, info.Size()-mostFile)
	data, err := io.ReadAll(io.NewSectionReader(f, from, mostFile))
	if err != nil || from == 0 {
		return data, err
	}
	_, whole, _ := bytes.Cut(data, []byte("\n"))
	return whole, nil
}

// Write makes the zip, for its owner only. It refuses to replace a file, and what holds a secret.
func Write(path string, files []File) (err error) {
	for _, f := range files {
		if why := Suspicion(f.Data); why != "" {
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
type SecretError struct {
	Name string
	Why  phrase.Format
}

func (e *SecretError) Error() string {
	return "pack " + e.Name + ": it holds " + string(e.Why) + ", and no bundle may hold a secret"
}
