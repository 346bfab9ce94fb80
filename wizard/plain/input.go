package plain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
)

// The rules of the input: a line is read only when one is asked for, so that piped answers wait for their question. A
// read that is under way when its question has answered itself serves the next question. On a terminal, what is secret
// is read without echo, and so is everything up to the end of a paste; the terminal is put back whatever happens.

// echo is what a terminal shows of a line as it is typed.
type echo int

const (
	shown  echo = iota
	hidden      // nothing, for this line
	held        // nothing, for this line and on until one is asked for otherwise
)

// errInterrupted is Ctrl+C where the terminal does not turn it into a signal.
var errInterrupted = errors.New("interrupted")

type input struct {
	in      *bufio.Reader
	tty     *os.File // nil when the input is no terminal
	before  *term.State
	wanted  chan echo
	lines   chan line
	reading bool
	ended   bool
}

type line struct {
	text string
	err  error
}

func newInput(r io.Reader) *input {
	i := &input{in: bufio.NewReader(r), wanted: make(chan echo, 1), lines: make(chan line)}
	if f, ok := r.(*os.File); ok && term.IsTerminal(f.Fd()) {
		i.tty = f
		i.before, _ = term.GetState(f.Fd())
	}
	go i.pump()
	return i
}

// restore puts the terminal back as it was.
func (i *input) restore() {
	if i.tty != nil && i.before != nil {
		_ = term.Restore(i.tty.Fd(), i.before)
	}
}

// end puts the terminal back and asks for no more lines.
func (i *input) end() {
	i.restore()
	close(i.wanted)
}

// pump reads the lines that are asked for. It ends with the input.
func (i *input) pump() {
	for want := range i.wanted {
		l := i.readCalmly(want)
		i.lines <- l
		if l.err != nil {
			return
		}
	}
}

// readCalmly takes a panic for the end of the input.
func (i *input) readCalmly(want echo) (l line) {
	defer func() {
		if v := recover(); v != nil {
			l = line{err: fmt.Errorf("%w: %T", ErrBroken, v)}
		}
	}()
	return i.read(want)
}

func (i *input) read(want echo) line {
	if i.tty == nil || want == shown {
		i.restore()
		text, err := i.in.ReadString('\n')
		if text != "" {
			err = nil
		}
		return line{strings.TrimRight(text, "\r\n"), err}
	}
	if _, err := term.MakeRaw(i.tty.Fd()); err != nil {
		return line{err: err}
	}
	text, err := i.readRaw()
	if want == hidden || err != nil {
		i.restore()
	}
	return line{text, err}
}

// readRaw reads a line from a terminal that echoes nothing and makes no signals.
func (i *input) readRaw() (string, error) {
	const interrupt, endOfInput, backspace, del = 0x03, 0x04, 0x08, 0x7f
	var text []byte
	for {
		b, err := i.in.ReadByte()
		switch {
		case err != nil:
			return "", err
		case b == '\r' || b == '\n':
			return string(text), nil
		case b == interrupt:
			return "", errInterrupted
		case b == endOfInput && len(text) == 0:
			return "", io.EOF
		case b == backspace || b == del:
			text = text[:max(0, len(text)-1)]
		default:
			text = append(text, b)
		}
	}
}

// start makes sure that a read is under way and returns where its line arrives. Whoever receives it calls took.
func (i *input) start(want echo) <-chan line {
	if i.ended {
		over := make(chan line, 1)
		over <- line{err: io.EOF}
		return over
	}
	if !i.reading {
		i.wanted <- want
		i.reading = true
	}
	return i.lines
}

func (i *input) took(l line) (string, error) {
	i.reading = false
	switch {
	case errors.Is(l.err, errInterrupted):
		i.ended = true
		return "", context.Canceled
	case l.err != nil:
		i.ended = true
		return "", ErrInputClosed
	}
	return l.text, nil
}

// ask waits for a line, the context, or, when poll is not zero, that long; then answered is false.
func (i *input) ask(ctx context.Context, want echo, poll time.Duration) (text string, answered bool, err error) {
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
	case <-ctx.Done():
		return "", false, context.Cause(ctx)
	}
}
