package plain

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/x/term"

	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
)

// The rules of the input: a line is read only when one is asked for, so that piped answers wait for their question. A
// read that is under way when its question has answered itself serves the next question. A terminal echoes nothing from
// the first question to the end: what it holds of a paste would be shown before anybody could tell that it is one. What
// may be seen is written by this program. The terminal is put back whatever happens.

// echo is what is shown of a line, and what may be in it.
type echo int32

const (
	choice echo = iota // a number or a letter; it is shown when it was entered. Whatever is longer is a paste
	open               // a name, shown as it is typed
	hidden             // a secret, on one line
	held               // a line of a paste, which ends with a line of its own
)

// errInterrupted is Ctrl+C where the terminal does not turn it into a signal.
var errInterrupted = errors.New("interrupted")

// errPasted says that several lines came where one was asked for. Nothing of them was kept.
var errPasted = errors.New("several lines arrived at once")

type input struct {
	in      *bufio.Reader
	keys    *keyboard // nil when the input is no terminal
	restore func()
	want    atomic.Int32 // the echo that is asked for now
	wanted  chan struct{}
	lines   chan line
	reading bool
	ended   bool
}

type line struct {
	text string
	err  error
}

func newInput(r io.Reader, shown io.Writer) (i *input, err error) {
	i = &input{wanted: make(chan struct{}, 1), lines: make(chan line), restore: func() {}}
	if f, ok := r.(*os.File); ok && term.IsTerminal(f.Fd()) {
		if i.restore, err = silence(f); err != nil {
			return nil, err
		}
		i.keys = newKeyboard(f, shown)
	} else {
		i.in = bufio.NewReader(r)
	}
	go i.pump()
	return i, nil
}

// end puts the terminal back and asks for no more lines.
func (i *input) end() {
	i.restore()
	close(i.wanted)
}

// pump reads the lines that are asked for. It ends with the input.
func (i *input) pump() {
	for range i.wanted {
		l := i.readCalmly()
		i.lines <- l
		if l.err != nil && !errors.Is(l.err, errPasted) {
			return
		}
	}
}

// readCalmly takes a panic for the end of the input.
func (i *input) readCalmly() (l line) {
	defer func() {
		if v := recover(); v != nil {
			l = line{err: panics.Caught(v)}
		}
	}()
	if i.keys != nil {
		text, err := i.keys.line(func() echo { return echo(i.want.Load()) })
		return line{text, err}
	}
	text, err := i.in.ReadString('\n')
	if text != "" {
		err = nil
	}
	return line{strings.TrimRight(text, "\r\n"), err}
}

// start makes sure that a read is under way and returns where its line arrives. Whoever receives it calls took.
func (i *input) start(want echo) <-chan line {
	if i.ended {
		over := make(chan line, 1)
		over <- line{err: io.EOF}
		return over
	}
	i.want.Store(int32(want))
	if !i.reading {
		i.wanted <- struct{}{}
		i.reading = true
	}
	return i.lines
}

// forget drops what was typed ahead of a secret, or of what decides about a change: it was typed before anybody asked for it.
func (i *input) forget() {
	if i.keys == nil {
		return
	}
	i.keys.stale.Store(true)
	if !i.reading {
		return
	}
	select {
	case l := <-i.lines:
		_, _ = i.took(l) // an end stays one
	default:
	}
}

func (i *input) took(l line) (string, error) {
	i.reading = false
	switch {
	case errors.Is(l.err, errPasted):
		return "", errPasted
	case errors.Is(l.err, errInterrupted):
		i.ended = true
		return "", context.Canceled
	case l.err != nil:
		i.ended = true
		return "", ErrInputClosed
	}
	return l.text, nil
}

// ask waits for a line, the context, a notice, or, when poll is not zero, that long; then answered is false.
func (i *input) ask(ctx context.Context, want echo, poll time.Duration, notice <-chan struct{}) (text string, answered bool, err error) {
	var tick <-chan time.Time
	if poll > 0 {
		t := time.NewTimer(poll)
		defer t.Stop()
		tick = t.C
	}
	select {
	case l := <-i.start(want):
		text, err = i.took(l)
		return text, err == nil, err
	case <-tick:
		return "", false, nil
	case <-notice:
		return "", false, nil
	case <-ctx.Done():
		return "", false, context.Cause(ctx)
	}
}
