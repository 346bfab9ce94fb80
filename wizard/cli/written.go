package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What is written waits for whoever reads it, as long as he takes, so that nothing of it is lost. But while MFA is off, and once
// the program was told to end, nothing waits longer than a moment: a terminal that is held (Ctrl+S), or a reader that stands
// still, must not keep MFA off. What was not taken by then is kept, in its order, until it is, or until the program ends.

// written is the standard output, and what first kept it from being written: what a customer is sent may be half of it.
// aside is the standard error.
var (
	written = &recorded{to: os.Stdout}
	aside   = &recorded{to: os.Stderr}
)

// moment is how long a line waits to be taken where nothing may wait for it.
const moment = time.Second

// mostKept is how many bytes are kept for a reader that stands still.
const mostKept = 1 << 20

// errUntaken says that nobody read what was written.
var errUntaken = errors.New("nobody took it")

// recorded keeps the first error of what is written to. That a pipe's reader has gone is none: he has read enough.
type recorded struct {
	to io.Writer

	mu    sync.Mutex
	err   error
	hurry func() bool // reports that nothing may wait; nil is never
	anew  func()      // draws all of it anew, which makes up for what was not kept; nil where that can't be
	lost  bool        // something was not kept, and will be drawn anew
	queue []piece     // what is still to be written
	size  int         // of it and of what is being written
	busy  bool        // something is being written
	stuck bool        // what is being written was waited for in vain
}

// piece is one text that is written.
type piece struct {
	text []byte
	done chan error
}

// hurries has f say when nothing may wait for what is written.
func (r *recorded) hurries(f func() bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hurry = f
}

// redrawn has f draw all of it anew where not all could be kept.
func (r *recorded) redrawn(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.anew = f
}

func (r *recorded) hurried() bool {
	r.mu.Lock()
	f := r.hurry
	r.mu.Unlock()
	return f != nil && f()
}

func (r *recorded) Write(b []byte) (int, error) {
	done := r.put(b, r.hurried())
	if done == nil {
		return len(b), nil
	}
	look := time.NewTicker(moment)
	defer look.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				return 0, err
			}
			return len(b), nil
		case <-look.C:
			if r.hurried() && r.stick() {
				return len(b), nil
			}
		}
	}
}

// put has a copy of b written behind what is there. It returns nil where that is not waited for.
func (r *recorded) put(b []byte, hurried bool) <-chan error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if hurried && r.stuck && r.size+len(b) > mostKept {
		if r.lost = r.anew != nil; !r.lost {
			r.failedBy(errUntaken)
		}
		return nil
	}
	p := piece{bytes.Clone(b), make(chan error, 1)}
	r.queue, r.size = append(r.queue, p), r.size+len(b)
	if !r.busy {
		r.busy = true
		go r.drain()
	}
	if hurried && r.stuck {
		return nil
	}
	return p.done
}

// stick has what is being written be waited for no longer. It reports false where nothing is any more.
func (r *recorded) stick() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stuck = r.busy
	return r.stuck
}

// drain writes what is there, in its order.
func (r *recorded) drain() {
	for {
		r.mu.Lock()
		if len(r.queue) == 0 {
			r.queue, r.busy, r.stuck = nil, false, false
			if r.lost && r.anew != nil {
				go r.anew()
			}
			r.lost = false
			r.mu.Unlock()
			return
		}
		p := r.queue[0]
		r.queue = r.queue[1:]
		r.mu.Unlock()
		var err error
		if len(p.text) > 0 {
			_, err = r.to.Write(p.text)
		}
		if readerGone(err) {
			err = nil
		}
		r.mu.Lock()
		r.size -= len(p.text)
		if err != nil {
			r.failedBy(err)
		}
		r.mu.Unlock()
		p.done <- err
	}
}

// failedBy keeps the first error. The lock is held.
func (r *recorded) failedBy(err error) {
	if r.err == nil {
		r.err = err
	}
}

// The errors of a pipe without a reader on Windows
// (https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-).
const (
	errBrokenPipe = syscall.Errno(109)
	errNoData     = syscall.Errno(232)
)

func readerGone(err error) bool {
	if runtime.GOOS == "windows" {
		return errors.Is(err, errBrokenPipe) || errors.Is(err, errNoData)
	}
	return errors.Is(err, syscall.EPIPE)
}

// failed is the error of an output that was not written whole; nil where it was. What is still to be written is given a last moment.
func (r *recorded) failed() error {
	r.mu.Lock()
	r.stuck = false
	r.mu.Unlock()
	_, _ = r.Write(nil)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stuck {
		r.failedBy(errUntaken)
	}
	hint := phrase.T("What was written is not whole. Make room, or write it somewhere else, and start it again.")
	switch {
	case r.err == nil:
		return nil
	case errors.Is(r.err, errUntaken):
		hint = phrase.T("The terminal is held (Ctrl+Q lets it go on), or what reads the output stands still. What was to be done did not wait for it.")
	}
	return &steps.Error{Op: "write all of the output", Hint: hint, Err: r.err}
}
