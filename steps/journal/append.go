package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/invisible"
)

// How a line gets to the disk: take the lock, read what others wrote since, chain onto the line that is really the last,
// write the line in one piece, and fsync. A line that did not get there whole is cut off again. Every step can fail, and
// a crash between any two leaves a journal that the next Append can go on from.

// disk is what Append does to a file.
type disk interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Stat() (fs.FileInfo, error)
	Truncate(size int64) error
	Sync() error
}

func openDisk(path string) (disk, error) {
	f, err := openRegular(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Chmod(0o600); err != nil && runtime.GOOS != "windows" {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Append writes one entry and returns it as written. When the error is nil the line is on the disk. A broken chain is
// refused with a *BrokenError, which SetAside is the way out of; a last line that a crash cut short is moved to a file
// beside the journal, and the entry's note says so. It waits at most five seconds for another process.
func (j *Journal) Append(e Entry) (Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.done != nil {
		return Entry{}, fmt.Errorf("write the journal: %w", j.done)
	}
	e, err := j.append(e)
	if err != nil {
		return Entry{}, fmt.Errorf("write the journal: %w", err)
	}
	return e, nil
}

func (j *Journal) append(e Entry) (_ Entry, err error) {
	unlock, err := lockForAppend(j.files)
	if err != nil {
		return Entry{}, err
	}
	defer unlock()
	file, err := j.open(j.files.journal)
	if err != nil {
		return Entry{}, err
	}
	defer file.Close() //nolint:errcheck // what matters was fsynced
	size, torn, err := j.catchUp(file)
	if err != nil {
		return Entry{}, err
	}
	side := j.files.journal + ".torn-" + stamp()
	if torn != nil {
		e.Note = note(e.Note, fmt.Sprintf("a last line cut short, %d bytes, is in %s", len(torn), filepath.Base(side)))
	}
	e = j.signed(e)
	line, err := j.lineOf(e)
	if err != nil {
		return Entry{}, err
	}
	if j.tip.end+int64(len(line)) > maxFile {
		return Entry{}, errTooLarge
	}
	if torn != nil {
		if err := setTornAside(file, side, torn, size-int64(len(torn))); err != nil {
			return Entry{}, err
		}
	}
	if err := j.write(file, line); err != nil {
		return Entry{}, err
	}
	line = line[:len(line)-1]
	j.tip.accept(e, line)
	j.seal(e.Seq, line)
	return e, nil
}

// catchUp reads what was written since this Journal last looked, and moves the tip over it.
func (j *Journal) catchUp(file disk) (size int64, torn []byte, err error) {
	info, err := file.Stat()
	if err != nil {
		return 0, nil, err
	}
	size = info.Size()
	if size > maxFile {
		return 0, nil, errTooLarge
	}
	if !j.tip.stands(file, size) {
		j.tip = tip{}
	}
	data := make([]byte, size-j.tip.end)
	if _, err := file.ReadAt(data, j.tip.end); err != nil && !errors.Is(err, io.EOF) {
		return 0, nil, err
	}
	_, torn, broken := j.tip.read(data)
	if broken != nil {
		return 0, nil, broken
	}
	if j.tip.seq > 0 && j.tip.tenant != j.tenant {
		return 0, nil, &BrokenError{Line: 1, Why: "the line is about another tenant"}
	}
	return size, torn, nil
}

// stands reports whether the line at the tip is still the one that was read there.
func (t *tip) stands(file io.ReaderAt, size int64) bool {
	if t.seq == 0 || size < t.end {
		return false
	}
	line := make([]byte, t.end-t.last-1)
	_, err := file.ReadAt(line, t.last)
	return err == nil && hashOf(line) == t.hash
}

// signed fills in what every entry carries.
func (j *Journal) signed(e Entry) Entry {
	e.Seq, e.Prev = j.tip.seq+1, j.tip.prev()
	e.At = time.Now().UTC().Round(0)
	e.Run, e.PID, e.Host = j.who.Run, j.pid, j.host
	e.By, e.Operator, e.Tenant = j.who.By, j.who.Operator, j.tenant
	return e
}

func lineOf(e Entry) ([]byte, error) {
	if why := e.check(); why != "" {
		return nil, errors.New(why)
	}
	line, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return fits(append(line, '\n'))
}

// ErrSecret says that an entry would be none without what must not be written.
var ErrSecret = errors.New("the entry holds what must not be written")

// lineOf is the entry's line as it may be written.
func (j *Journal) lineOf(e Entry) ([]byte, error) {
	line, err := lineOf(e)
	if err != nil {
		return nil, err
	}
	if j.who.Screen != nil {
		screened := []byte(j.who.Screen(string(line)))
		if !bytes.Equal(screened, line) && !readsAs(screened, e) {
			return nil, ErrSecret
		}
		line = screened
	}
	return fits([]byte(invisible.Escaped(string(line))))
}

// fits refuses a line that is too long.
func fits(line []byte) ([]byte, error) {
	if len(line) > maxLine {
		return nil, fmt.Errorf("the entry takes %d bytes, and a line at most %d KiB", len(line), maxLine>>10)
	}
	return line, nil
}

// readsAs reports a line that will be read back as one of this program's, in the entry's place in the chain.
func readsAs(line []byte, e Entry) bool {
	var again Entry
	if err := json.Unmarshal(line, &again); err != nil || again.Prev != e.Prev || again.Seq != e.Seq {
		return false
	}
	written, err := lineOf(again)
	return err == nil && bytes.Equal(written, line)
}

// write puts the line at the end and on the disk. When it can't, it leaves the file as it was, and when it can't do that
// either, nothing more is appended: what stands there is not known.
func (j *Journal) write(file disk, line []byte) error {
	end := j.tip.end
	n, err := file.WriteAt(line, end)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = file.Sync()
	}
	if err == nil && end == 0 {
		err = syncFolder(j.files.folder)
	}
	if err == nil {
		return nil
	}
	if back := errors.Join(file.Truncate(end), file.Sync()); back != nil {
		j.done = errors.Join(errors.New("an earlier line was written in part and could not be taken back"), back)
		return errors.Join(err, j.done)
	}
	return err
}

// setTornAside copies torn to a file of its own before it cuts it off, so that a crash in between loses nothing.
func setTornAside(file disk, side string, torn []byte, size int64) error {
	f, err := os.OpenFile(side, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(torn)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(side))
	}
	return errors.Join(syncFolder(filepath.Dir(side)), file.Truncate(size), file.Sync())
}

// syncFolder makes new names in the folder, and the folder itself, outlive a power cut. Windows has no such call and
// writes names through.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	for _, path := range []string{folder, filepath.Dir(folder)} {
		d, err := os.Open(path)
		if err != nil {
			return err
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return err
		}
	}
	return nil
}

// stamp is the time as part of a file's name.
func stamp() string { return time.Now().UTC().Format("20060102T150405.000000000Z") }

func note(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
