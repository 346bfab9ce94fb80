package plain

import (
	"bytes"
	"io"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// keyboard makes lines of what a terminal sends. Answers of the terminal (OSC, CSI, DCS) are left out, however late they
// come and however they are split. What arrives faster than anybody types is a paste: it answers nothing but a question
// for one.
type keyboard struct {
	arrived <-chan []byte
	shown   io.Writer
	stale   atomic.Bool // what has arrived so far was typed before it was asked for
	rest    []byte      // arrived, not looked at yet
	state   part
	before  byte // the last one looked at
}

const (
	mostChoice  = 8                      // bytes of a choice; a longer one is a paste
	afterChoice = 50 * time.Millisecond  // what follows a line within this time was not typed
	afterSecret = 500 * time.Millisecond // the same behind a secret, where the rest of a mail may still be on its way
	typedAhead  = 20 * time.Millisecond  // what comes within this time of a question was on its way before it
	pasteOver   = time.Second            // a paste has ended when nothing has come for this long
	readAtOnce  = 4096
	interrupt   = 0x03 // Ctrl+C where the terminal does not turn it into a signal
	readAhead   = 64   // so many reads are kept, so that what was typed ahead is known to have been
)

func newKeyboard(r io.Reader, shown io.Writer) *keyboard {
	arrived := make(chan []byte, readAhead)
	go func() {
		defer close(arrived)
		defer func() { _ = recover() }()
		for {
			b := make([]byte, readAtOnce)
			n, err := r.Read(b)
			if n > 0 {
				arrived <- b[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	return &keyboard{arrived: arrived, shown: shown}
}

// line reads one line. What it is wanted for may change while it is read.
func (k *keyboard) line(wanted func() echo) (string, error) {
	const endOfInput, backspace, kill, del = 0x04, 0x08, 0x15, 0x7f
	if k.stale.Swap(false) && k.drop(typedAhead) {
		return "", errInterrupted
	}
	var text []byte
	for {
		c, err := k.next(wanted)
		if err != nil {
			return "", err
		}
		if k.stale.Swap(false) {
			begun := len(text) > 0
			if text = nil; begun && (c == '\r' || c == '\n') {
				continue // it ends what was begun for another question
			}
		}
		want := wanted()
		switch {
		case c == '\r' || c == '\n':
			return k.entered(text, want)
		case want == held:
			text = append(text, c)
		case c == interrupt:
			return "", errInterrupted
		case c == endOfInput && len(text) == 0:
			return "", io.EOF
		case (c == backspace || c == del) && len(text) > 0:
			_, n := utf8.DecodeLastRune(text)
			text = text[:len(text)-n]
			k.echo(want, "\b \b")
		case c == kill:
			text = nil
		case c >= ' ' && c != del:
			text = append(text, c)
			if len(k.rest) == 0 {
				k.echo(want, string(rune(c)))
			}
		}
	}
}

// entered is a line that has ended, unless it was pasted where nothing is to be pasted.
func (k *keyboard) entered(text []byte, want echo) (string, error) {
	wait := afterChoice
	switch want {
	case held:
		return string(text), nil
	case hidden:
		wait = afterSecret
	}
	if want == choice && len(text) > mostChoice || k.more(wait) {
		k.drop(pasteOver)
		k.echo(want, "\n")
		return "", errPasted
	}
	if want == choice {
		k.show(printable.Line(string(text)))
	}
	k.show("\n")
	return string(text), nil
}

func (k *keyboard) show(text string) { _, _ = io.WriteString(k.shown, text) }

// echo shows what is typed where a name is asked for.
func (k *keyboard) echo(want echo, text string) {
	if want == open {
		k.show(text)
	}
}

// more reports whether anything but the other half of a line end arrives within a time.
func (k *keyboard) more(within time.Duration) bool {
	k.receive(within)
	return len(strings.Trim(string(k.rest), "\r\n")) > 0
}

// drop takes away what has arrived, and what still arrives until nothing has come for so long. It reports whether Ctrl+C was among it.
func (k *keyboard) drop(quiet time.Duration) (interrupted bool) {
	for {
		interrupted = interrupted || bytes.IndexByte(k.rest, interrupt) >= 0
		k.rest = nil
		if !k.receive(quiet) {
			return interrupted
		}
	}
}

// receive waits until something is there, and reports whether something is.
func (k *keyboard) receive(within time.Duration) bool {
	if len(k.rest) > 0 {
		return true
	}
	over := time.NewTimer(within)
	defer over.Stop()
	select {
	case b, ok := <-k.arrived:
		k.rest = b
		return ok
	default:
	}
	select {
	case b, ok := <-k.arrived:
		k.rest = b
		return ok
	case <-over.C:
		return false
	}
}
