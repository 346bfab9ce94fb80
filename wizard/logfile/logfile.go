// Package logfile is the file of --log. It is written by a goroutine of its own: a disk that hangs, a network home or a frozen
// file system for instance, blocks a write for as long as it hangs, and nothing that is logged may wait for that, least of all
// a screen or a closing. What the disk does not take in time is left out, counted, and said.
package logfile

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
)

const (
	openWithin  = 5 * time.Second
	closeWithin = 3 * time.Second
	mostWaiting = 4 << 20 // bytes that may wait for the disk
)

// ErrSilentDisk says that the disk did not answer in time.
var ErrSilentDisk = errors.New("the disk does not answer")

// File takes lines and never waits. Its methods may be called from any goroutine.
type File struct {
	to io.WriteCloser

	mu      sync.Mutex
	waiting [][]byte
	size    int // bytes of waiting
	missing int // lines that were left out, or could not be written
	failed  error
	closed  bool
	more    chan struct{} // has something when there is more to write, or it is closed
	over    chan struct{} // closed when everything was written and the file closed
}

// Open opens a file to add to, for its owner only. A disk that does not answer within five seconds is an error.
func Open(name string) (*File, error) {
	type opened struct {
		to  io.WriteCloser
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := regular.Append(name)
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		if o.err != nil {
			return nil, o.err
		}
		return to(o.to), nil
	case <-time.After(openWithin):
		return nil, ErrSilentDisk
	}
}

// to is a file of what is written beside it.
func to(w io.WriteCloser) *File {
	f := &File{to: w, more: make(chan struct{}, 1), over: make(chan struct{})}
	go f.work()
	return f
}

// Write takes one line. It is written later, or counted as missing; there is never an error.
func (f *File) Write(line []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.size+len(line) > mostWaiting {
		f.missing++
		return len(line), nil
	}
	f.waiting, f.size = append(f.waiting, append([]byte(nil), line...)), f.size+len(line)
	f.wake()
	return len(line), nil
}

func (f *File) wake() {
	select {
	case f.more <- struct{}{}:
	default:
	}
}

// Close waits a few seconds for the lines that are on their way. The error says how many are missing in the file.
func (f *File) Close() error {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.wake()
	var silent error
	select {
	case <-f.over:
	case <-time.After(closeWithin):
		silent = ErrSilentDisk
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	missing := f.missing
	if silent != nil {
		missing += len(f.waiting) + 1
	}
	if missing == 0 {
		return nil
	}
	return fmt.Errorf("%d lines are missing in it: %w", missing, errors.Join(silent, f.failed))
}

func (f *File) work() {
	defer close(f.over)
	defer f.to.Close() //nolint:errcheck // what it held was written, or counted
	for {
		line, last := f.next()
		if line != nil {
			if _, err := f.to.Write(line); err != nil {
				f.mu.Lock()
				f.missing, f.failed = f.missing+1, err
				f.mu.Unlock()
			}
			continue
		}
		if last {
			return
		}
		<-f.more
	}
}

// next is the line to write, or nil; last reports that none will come.
func (f *File) next() (line []byte, last bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.waiting) == 0 {
		return nil, f.closed
	}
	line = f.waiting[0]
	f.waiting, f.size = f.waiting[1:], f.size-len(line)
	return line, false
}
