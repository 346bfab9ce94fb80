package logfile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// disk hangs until it is thawed.
type disk struct {
	bytes.Buffer
	frozen chan struct{}
	err    error
}

func (d *disk) Write(b []byte) (int, error) {
	<-d.frozen
	if d.err != nil {
		return 0, d.err
	}
	return d.Buffer.Write(b)
}

func (d *disk) Close() error { return nil }

// A disk that hangs holds up nobody, neither writing nor at the end, and what is missing is counted.
func TestHungDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{frozen: make(chan struct{})}
		f := to(d)
		line := bytes.Repeat([]byte("x"), 1<<10)
		began := time.Now()
		for range 10 * mostWaiting / len(line) {
			if n, err := f.Write(line); n != len(line) || err != nil {
				t.Fatal(n, err)
			}
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("writing took %s", took)
		}
		synctest.Wait()
		if f.size > mostWaiting {
			t.Errorf("%d bytes wait", f.size)
		}
		err := f.Close()
		if took := time.Since(began); took > closeWithin || !errors.Is(err, ErrSilentDisk) || !strings.HasPrefix(fmt.Sprint(err), fmt.Sprint(10*mostWaiting/len(line))) {
			t.Errorf("closed after %s with %v", took, err)
		}
		close(d.frozen)
		<-f.over
	})
}

// One that goes on gets every line, in order.
func TestThawedDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{frozen: make(chan struct{})}
		f := to(d)
		want := ""
		for i := range 100 {
			line := fmt.Sprintf("line %d\n", i)
			want += line
			_, _ = f.Write([]byte(line))
		}
		time.Sleep(time.Minute)
		close(d.frozen)
		if err := f.Close(); err != nil || d.String() != want {
			t.Errorf("%v, %q", err, d.String())
		}
	})
}

func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{frozen: make(chan struct{}), err: errors.New("no space left")}
		close(d.frozen)
		f := to(d)
		_, _ = f.Write([]byte("line\n"))
		if err := f.Close(); err == nil || !strings.Contains(err.Error(), "1 lines are missing") || !strings.Contains(err.Error(), "no space") {
			t.Errorf("%v", err)
		}
	})
}

func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.log")
	for range 2 {
		f, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte("line\n"))
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != "line\nline\n" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := Open(filepath.Dir(name)); err == nil {
		t.Error("a folder is a log")
	}
}
