package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
)

// cast is what a terminal showed, in version 2 of asciinema's format (https://docs.asciinema.org/manual/asciicast/v2/).
type cast struct {
	head   castHead
	events []castEvent
}

type castHead struct {
	Version int               `json:"version"`
	Width   int               `json:"width"`
	Height  int               `json:"height"`
	Title   string            `json:"title,omitempty"`
	Env     map[string]string `json:"env,omitempty"`
}

type castEvent struct {
	at   time.Duration
	text string
}

func (e castEvent) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{json.Number(fmt.Sprintf("%.3f", e.at.Seconds())), "o", e.text})
}

func (e *castEvent) UnmarshalJSON(data []byte) error {
	var kind string
	var seconds float64
	if err := json.Unmarshal(data, &[]any{&seconds, &kind, &e.text}); err != nil {
		return err
	}
	if kind != "o" {
		return fmt.Errorf("an event of kind %q", kind)
	}
	e.at = time.Duration(seconds * float64(time.Second))
	return nil
}

// record runs the program in a terminal with a dark background until it ends.
func record(t *testing.T, head castHead, args ...string) cast {
	t.Helper()
	cmd := runnable(t, program(t), args...)
	cmd.Env = append(world(t), "TERM="+head.Env["TERM"], "COLORTERM=truecolor", "NO_COLOR=", "TZ=UTC")
	began := time.Now()
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: uint16(head.Height), Cols: uint16(head.Width)})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	c := cast{head: head}
	// The emulator answers what the program asks of a terminal.
	screen := newEmulator(head.Width, head.Height, terminal)
	var rest []byte // of a character whose end has not arrived yet
	for chunk := make([]byte, 64<<10); ; {
		n, err := terminal.Read(chunk)
		_, _ = screen.Write(chunk[:n])
		rest = append(rest, chunk[:n]...)
		whole := len(rest)
		for whole > 0 && whole > len(rest)-utf8.UTFMax && !utf8.Valid(rest[:whole]) {
			whole--
		}
		if whole > 0 {
			c.events = append(c.events, castEvent{time.Since(began), string(rest[:whole])})
		}
		rest = bytes.Clone(rest[whole:])
		if err != nil {
			break
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v:\n%s", err, screen)
	}
	return c
}

// write writes the cast to a file.
func (c cast) write(t *testing.T, file string) {
	t.Helper()
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	lines.SetEscapeHTML(false)
	err := lines.Encode(c.head)
	for _, e := range c.events {
		err = errors.Join(err, lines.Encode(e))
	}
	if err = errors.Join(err, os.WriteFile(file, out.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// readCast reads what write wrote.
func readCast(t *testing.T, file string) (c cast) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := json.NewDecoder(bytes.NewReader(data))
	if err := lines.Decode(&c.head); err != nil || c.head.Version != 2 {
		t.Fatalf("%s is no cast of version 2: %v", file, err)
	}
	for {
		var e castEvent
		if err := lines.Decode(&e); errors.Is(err, io.EOF) {
			return c
		} else if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		c.events = append(c.events, e)
	}
}

// play shows the cast in an emulator and calls see after each event, and before the wizard's screen is left: on a busy machine the
// last frame and the leaving come in one event. Its screen is the words on it, each once apart.
func (c cast) play(see func(at time.Duration, screen string, terminal *emulator)) {
	terminal := newEmulator(c.head.Width, c.head.Height, io.Discard)
	for _, e := range c.events {
		frame, rest, left := strings.Cut(e.text, leaveAltScreen)
		for _, text := range []string{frame, leaveAltScreen + rest} {
			_, _ = io.WriteString(terminal, text)
			see(e.at, strings.Join(strings.Fields(terminal.String()), " "), terminal)
			if !left {
				break
			}
		}
	}
}

const leaveAltScreen = "\x1b[?1049l"
