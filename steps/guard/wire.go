package guard

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// The pipe carries lines of JSON: from the wizard the order, then one message after the other; from the guard one answer
// to each. Whatever is not understood counts as a broken pipe, so that nothing but the wizard's own words keeps a guard
// from closing the window.

// maxLine is the longest message, in bytes.
const maxLine = 1 << 20

var errForeign = errors.New("it is about another account than the guard's own")

// message is one line from the wizard. Exactly one member is set.
type message struct {
	Order    *orderLine       `json:"order,omitempty"`
	Register *journal.Inverse `json:"register,omitempty"` // about to be suspended
	Settle   bool             `json:"settle,omitempty"`   // no suspension is under way
	Renew    *tokenLine       `json:"renew,omitempty"`    // a fresh token
	Beat     bool             `json:"beat,omitempty"`     // is anybody there
	Look     bool             `json:"look,omitempty"`     // before an order: which job object is it in
	Goodbye  bool             `json:"goodbye,omitempty"`
}

func (m message) members() (n int) {
	for _, set := range []bool{m.Order != nil, m.Register != nil, m.Settle, m.Renew != nil, m.Beat, m.Look, m.Goodbye} {
		if set {
			n++
		}
	}
	return n
}

// answer is one line from the guard.
type answer struct {
	Error string `json:"error,omitempty"`
	Job   Job    `json:"job,omitempty"` // to an order and to a look
}

// orderLine is an order as it stands on the pipe: the one place where its secrets are not withheld.
type orderLine struct {
	Order
	Token tokenLine
	Key   string
}

// tokenLine says how long a token lasts yet, instead of until when: the clock on the wall may be set meanwhile.
type tokenLine struct {
	Text  string        `json:"text"`
	Lasts time.Duration `json:"lasts"`
}

func lineOf(t graph.Token) tokenLine { return tokenLine{t.Text.Reveal(), time.Until(t.Expires)} }

func (t tokenLine) token() graph.Token {
	return graph.Token{Text: graph.NewSecret(t.Text), Expires: time.Now().Add(t.Lasts)}
}

func writeLine(w io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	defer clear(line)
	_, err = w.Write(line)
	return err
}

// lines reads messages until one is not understood.
func lines(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 64<<10), maxLine)
	return s
}

func parse[T any](line []byte) (v T, err error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return v, errors.New("not a message of the wizard") // the decoder's own words may quote it
	}
	if d.More() {
		return v, errors.New("more than one message on a line")
	}
	return v, nil
}

func parseMessage(line []byte) (message, error) {
	m, err := parse[message](line)
	if err == nil && m.members() != 1 {
		err = errors.New("not one message")
	}
	return m, err
}
