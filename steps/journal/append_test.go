package journal

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"
)

func TestTornAtEveryByte(t *testing.T) {
	text := sample(t)
	whole := text[:bytes.LastIndexByte(text[:len(text)-1], '\n')+1]
	step := 1
	if testing.Short() {
		step = 7
	}
	for size := len(whole); size < len(text); size += step {
		torn := text[len(whole):size]
		folder := onDisk(t, text[:size])
		l := mustRead(t, folder)
		if len(l.Entries) != 7 || l.Broken != nil || !bytes.Equal(l.Torn, torn) {
			t.Fatalf("cut at %d: %d entries, broken %v, torn %q", size, len(l.Entries), l.Broken, l.Torn)
		}
		if err := verify(bytes.NewReader(text[:size])); (err == nil) != (len(torn) == 0) {
			t.Fatalf("cut at %d: Verify = %v", size, err)
		}
		j, err := Attach(folder, contoso, Author{By: ByWizard})
		if err != nil {
			t.Fatal(err)
		}
		e := put(t, j, Entry{Kind: KindLeft, Note: "mine"})[0]
		checkSetAside(t, folder, e, torn)
		if l := mustRead(t, folder); len(l.Entries) != 8 || l.Torn != nil || l.Broken != nil {
			t.Fatalf("cut at %d, then appended: %+v", size, l)
		}
	}
}

// checkSetAside looks for the torn bytes beside the journal, and for their name in the note.
func checkSetAside(t *testing.T, folder string, e Entry, torn []byte) {
	t.Helper()
	side, err := filepath.Glob(filepath.Join(folder, "*.torn-*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(torn) == 0 {
		if side != nil || e.Note != "mine" {
			t.Fatalf("nothing was torn, and there is %v and a note %q", side, e.Note)
		}
		return
	}
	if len(side) != 1 || !bytes.Equal(content(t, side[0]), torn) {
		t.Fatalf("set aside: %v", side)
	}
	if !strings.HasPrefix(e.Note, "mine; ") || !strings.HasSuffix(e.Note, filepath.Base(side[0])) {
		t.Errorf("the note is %q", e.Note)
	}
}

func TestGarbageWithNewlineIsTorn(t *testing.T) {
	text := sample(t)
	for _, tail := range []string{"\n", "\x00\x00\x00\n", `{"seq":9,"prev":"` + "\n", strings.Repeat("x", maxLine+1)} {
		folder := onDisk(t, append(bytes.Clone(text), tail...))
		l := mustRead(t, folder)
		if len(l.Entries) != 8 || string(l.Torn) != tail {
			t.Errorf("after %.20q: %d entries, torn %.20q, broken %v", tail, len(l.Entries), l.Torn, l.Broken)
		}
		j, err := Attach(folder, contoso, Author{By: ByWizard})
		if err != nil {
			t.Fatal(err)
		}
		checkSetAside(t, folder, put(t, j, Entry{Kind: KindLeft, Note: "mine"})[0], []byte(tail))
		if l := mustRead(t, folder); len(l.Entries) != 9 || l.Torn != nil || l.Broken != nil {
			t.Errorf("after %.20q, then appended: %d entries, torn %.20q, broken %v", tail, len(l.Entries), l.Torn, l.Broken)
		}
	}
}

// faulty is a disk that fails in the ways that a disk does.
type faulty struct {
	disk
	short            int // how much of a line is written before the disk is full; 0 writes it all
	syncs, truncates error
	failing          *int // how many syncs still fail
}

var errFull = errors.New("no space left on device")

func (f faulty) WriteAt(p []byte, off int64) (int, error) {
	if f.short == 0 {
		return f.disk.WriteAt(p, off)
	}
	n, err := f.disk.WriteAt(p[:f.short], off)
	return n, errors.Join(err, errFull)
}

func (f faulty) Sync() error {
	if f.syncs != nil && *f.failing > 0 {
		*f.failing--
		return f.syncs
	}
	return f.disk.Sync()
}

func (f faulty) Truncate(size int64) error {
	if f.truncates != nil {
		return f.truncates
	}
	return f.disk.Truncate(size)
}

func TestFailingDisk(t *testing.T) {
	errIO := errors.New("input/output error")
	tests := map[string]struct {
		fault   faulty
		syncs   int // how many of them fail
		err     error
		refuses bool // everything that follows
	}{
		"full":                       {faulty{short: 10}, 0, errFull, false},
		"full at the last byte":      {faulty{short: 100}, 0, errFull, false},
		"full and stuck":             {faulty{short: 10, truncates: errIO}, 0, errFull, true},
		"fsync fails once":           {faulty{syncs: errIO}, 1, errIO, false},
		"fsync fails again":          {faulty{syncs: errIO}, 2, errIO, true},
		"fsync fails and stuck":      {faulty{syncs: errIO, truncates: errIO}, 1, errIO, true},
		"full and fsync fails after": {faulty{short: 10, syncs: errIO}, 1, errFull, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			j, folder := attached(t)
			put(t, j, Entry{Kind: KindStarted})
			before := content(t, j.Path())
			j.open = func(path string) (disk, error) {
				d, err := openDisk(path)
				tt.fault.disk, tt.fault.failing = d, &tt.syncs
				return tt.fault, err
			}
			if _, err := j.Append(Entry{Kind: KindFinished}); !errors.Is(err, tt.err) {
				t.Fatalf("Append = %v", err)
			}
			if tt.fault.truncates == nil && !bytes.Equal(content(t, j.Path()), before) {
				t.Error("a part of the line stayed")
			}
			j.open = openDisk
			e, err := j.Append(Entry{Kind: KindLeft})
			if (err != nil) != tt.refuses {
				t.Fatalf("the next Append = %v", err)
			}
			if !tt.refuses && e.Seq != 2 {
				t.Errorf("the next line is number %d", e.Seq)
			}
			if l := mustRead(t, folder); l.Broken != nil {
				t.Error(l.Broken)
			}
		})
	}
}

// TestStoppedProcess has the lock taken by somebody who never gives it back, as with Ctrl+Z in the middle of a line.
func TestStoppedProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, folder := attached(t)
		put(t, j, Entry{Kind: KindStarted})
		stopped := flock.New(j.files.lock)
		if err := stopped.Lock(); err != nil {
			t.Fatal(err)
		}
		if _, err := j.Append(Entry{Kind: KindFinished}); err == nil || !strings.Contains(err.Error(), "another process") {
			t.Errorf("Append = %v", err)
		}
		if l := mustRead(t, folder); len(l.Entries) != 1 {
			t.Errorf("Read without the lock: %+v", l)
		}
		if err := stopped.Unlock(); err != nil {
			t.Fatal(err)
		}
		put(t, j, Entry{Kind: KindFinished})
	})
}

// halves writes a line in two pieces, with time for others to look in between.
type halves struct {
	disk
	between func()
}

func (h halves) WriteAt(p []byte, off int64) (int, error) {
	n, err := h.disk.WriteAt(p[:len(p)/2], off)
	if err != nil {
		return n, err
	}
	h.between()
	m, err := h.disk.WriteAt(p[n:], off+int64(n))
	return n + m, err
}

func TestReaderNeverSeesHalfALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, folder := attached(t)
		read := make(chan Log, 1)
		j.open = func(path string) (disk, error) {
			d, err := openDisk(path)
			return halves{d, func() {
				go func() {
					l, err := Read(folder, contoso, nil)
					if err != nil {
						t.Error(err)
					}
					read <- l
				}()
				time.Sleep(time.Second)
			}}, err
		}
		put(t, j, Entry{Kind: KindStarted})
		if l := <-read; len(l.Entries) != 1 || l.Torn != nil {
			t.Errorf("read %d entries and %q", len(l.Entries), l.Torn)
		}
	})
}
