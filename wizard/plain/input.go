package plain

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
)

// input reads one line at a time, and only when a line is asked for, so that piped answers wait for their question.
// A read that is under way when its question has answered itself serves the next question.
type input struct {
	in      *bufio.Reader
	tty     *os.File // nil when the input is no terminal
	wanted  chan bool
	lines   chan line
	reading bool
}

type line struct {
	text string
	err  error
}

func newInput(r io.Reader) *input {
	i := &input{in: bufio.NewReader(r), wanted: make(chan bool, 1), lines: make(chan line)}
	if f, ok := r.(*os.File); ok && term.IsTerminal(f.Fd()) {
		i.tty = f
	}
	go i.pump()
	return i
}

// pump reads the lines that are asked for. It ends with the input.
func (i *input) pump() {
	for secret := range i.wanted {
		var l line
		if secret && i.tty != nil {
			var b []byte
			b, l.err = term.ReadPassword(i.tty.Fd())
			l.text = string(b)
		} else {
			l.text, l.err = i.in.ReadString('\n')
			if l.text != "" {
				l.err = nil
			}
		}
		l.text = strings.TrimRight(l.text, "\r\n")
		i.lines <- l
		if l.err != nil {
			return
		}
	}
}

// start makes sure that a read is under way and returns where its line arrives. Whoever receives it calls took.
func (i *input) start(secret bool) <-chan line {
	if !i.reading {
		i.wanted <- secret
		i.reading = true
	}
	return i.lines
}

func (i *input) took(l line) (string, error) {
	i.reading = false
	if l.err != nil {
		return "", ErrInputClosed
	}
	return l.text, nil
}

// ask waits for a line, the context, or, when poll is not zero, that long; then answered is false.
func (i *input) ask(ctx context.Context, secret bool, poll time.Duration) (text string, answered bool, err error) {
	var tick <-chan time.Time
	if poll > 0 {
		t := time.NewTimer(poll)
		defer t.Stop()
		tick = t.C
	}
	select {
	case l := <-i.start(secret):
		text, err = i.took(l)
		return text, err == nil, err
	case <-tick:
		return "", false, nil
	case <-ctx.Done():
		return "", false, context.Cause(ctx)
	}
}
