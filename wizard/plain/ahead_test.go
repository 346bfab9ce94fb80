package plain

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// What a terminal held before a question about a change was asked answers none: keys that were pressed again and again while something was
// done would do the next thing, unread.
func TestTypedAheadDecidesNothing(t *testing.T) {
	for name, before := range map[string][]string{
		"nothing":          nil,
		"one":              {"\r"},
		"again and again":  {"\r", "2\r", "\r", "\r", "1\r", "\r"},
		"half of a line":   {"\r", "2"},
		"read all at once": {"\r\r\r\r"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				run, err := steps.NewRun(steps.Options{})
				if err != nil {
					t.Fatal(err)
				}
				in, typed := io.Pipe()
				defer typed.Close()
				s := &session{Options: Options{Run: run, Out: io.Discard}}
				s.in = &input{wanted: make(chan struct{}, 1), lines: make(chan line), restore: func() {}, keys: newKeyboard(in, &bytes.Buffer{})}
				go s.in.pump()
				defer s.in.end()
				for _, keys := range before { // while something is done
					go func() { _, _ = io.WriteString(typed, keys) }()
					time.Sleep(250 * time.Millisecond)
				}
				go func() {
					time.Sleep(2 * time.Second)
					_, _ = io.WriteString(typed, "2\r")
				}()
				asked := time.Now()
				a, err := s.pick(t.Context(), []steps.Action{{ID: "delete"}, {ID: "leave"}})
				if err != nil || a.ID != "leave" || time.Since(asked) < 2*time.Second {
					t.Errorf("%s is done after %s, %v", a.ID, time.Since(asked), err)
				}
			})
		})
	}
}

// A line that was begun for another question ends with nothing.
func TestLineOfAnotherQuestion(t *testing.T) {
	for name, ends := range map[string]bool{"it ends before the next is asked": true, "it ends after that": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				run, err := steps.NewRun(steps.Options{})
				if err != nil {
					t.Fatal(err)
				}
				in, typed := io.Pipe()
				defer typed.Close()
				s := &session{Options: Options{Run: run, Out: io.Discard}}
				s.in = &input{wanted: make(chan struct{}, 1), lines: make(chan line), restore: func() {}, keys: newKeyboard(in, &bytes.Buffer{})}
				go s.in.pump()
				defer s.in.end()
				if _, answered, err := s.question(t.Context(), "Waiting:", time.Second); answered || err != nil {
					t.Fatal(answered, err)
				}
				first, then := "1", "\r"
				if ends {
					first, then = "1\r", ""
				}
				_, _ = io.WriteString(typed, first)
				time.Sleep(time.Second)
				go func() {
					for _, keys := range []string{then, "2\r"} {
						time.Sleep(time.Second)
						_, _ = io.WriteString(typed, keys)
					}
				}()
				if a, err := s.pick(t.Context(), []steps.Action{{ID: "delete"}, {ID: "leave"}}); err != nil || a.ID != "leave" {
					t.Errorf("%s is done, %v", a.ID, err)
				}
			})
		})
	}
}

// Ctrl+C means the same at any time, also where the terminal does not turn it into a signal.
func TestInterruptedAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, err := steps.NewRun(steps.Options{})
		if err != nil {
			t.Fatal(err)
		}
		in, typed := io.Pipe()
		defer typed.Close()
		s := &session{Options: Options{Run: run, Out: io.Discard}}
		s.in = &input{wanted: make(chan struct{}, 1), lines: make(chan line), restore: func() {}, keys: newKeyboard(in, io.Discard)}
		go s.in.pump()
		defer s.in.end()
		go func() { _, _ = io.WriteString(typed, "q\x03") }()
		synctest.Wait()
		if _, err := s.pick(t.Context(), []steps.Action{{ID: "delete"}, {ID: "leave"}}); !errors.Is(err, context.Canceled) {
			t.Errorf("it ends with %v", err)
		}
	})
}
