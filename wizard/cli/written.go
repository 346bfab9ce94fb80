package cli

import (
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
	"syscall"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// written is the standard output, and what first kept it from being written: what a customer is sent may be half of it.
var written = &recorded{to: os.Stdout}

// recorded keeps the first error of what is written to. That a pipe's reader has gone is none: he has read enough.
type recorded struct {
	to  io.Writer
	mu  sync.Mutex
	err error
}

func (r *recorded) Write(b []byte) (int, error) {
	n, err := r.to.Write(b)
	switch {
	case err == nil:
		return n, nil
	case readerGone(err):
		return len(b), nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
	return n, err
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

// failed is the error of an output that was not written whole; nil where it was.
func (r *recorded) failed() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		return nil
	}
	return &steps.Error{Op: "write all of the output", Hint: phrase.T("What was written is not whole. Make room, or write it somewhere else, and start it again."), Err: r.err}
}
