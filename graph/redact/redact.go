// Package redact is the last line of defence: where text leaves the process, a secret that is alive and in that text is
// replaced by ***, counted and reported, because it should not have come so far. What it knows of a secret are seeded
// hashes of its parts, in the forms that printing and encoding give it; it keeps no copy. Rules:
//
//   - A secret of fewer than 20 characters is found whole, a longer one by any run of half of it and at least 12
//     characters, one of more than 63 (a token) by any run of 36 within its first or last 128. So a password that was
//     wrapped in two, and a token that was cut off, are found too.
//   - The forms: as it is, reversed, base64 at any alignment and in both alphabets, hexadecimal, URL-encoded, as JSON, Go
//     and HTML quote it, percent-encoded, as numeric entities or as escapes throughout, in UTF-16, with zero-width
//     characters in between, from 12 characters on in small letters or capitals, an app password in groups of four, and
//     each of them with terminal sequences in between.
//   - Left out, because they would be found where no secret is: fewer than 8 characters, texts of several lines (a mail,
//     whose passwords are watched by themselves), and what the program itself has to say: words, times, its own name, and
//     what would hide a name that Own was given. Whoever offers such a text as a password is told so: Ordinary.
//   - Of JSON that the program makes, the values are looked at and the members' names are not: Values.
package redact

import (
	"encoding/json"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Place is where text leaves the process.
type Place string

// The places.
const (
	Frame   Place = "frame"
	Title   Place = "window title"
	Log     Place = "log"
	Journal Place = "journal"
	Report  Place = "report"
	Output  Place = "output"
	Errors  Place = "error text"
)

const mask = "***"

// Text is s as it may leave the process.
func Text(p Place, s string) string {
	if len(s) < least {
		return s
	}
	safe, found := live.text(s)
	if found {
		defects.add(p)
	}
	return safe
}

// literal is a string in JSON, with the colon behind a member's name.
var literal = regexp.MustCompile(`"(?:[^"\\]|\\.)*":?`)

// Values is JSON as it may leave the process. Members' names stay, also in a value that is JSON itself: they are this program's.
//
//go:noinline // every copy would be carried
func Values(p Place, text string) string {
	return literal.ReplaceAllStringFunc(text, func(s string) string {
		var within string
		switch {
		case strings.HasSuffix(s, ":"):
			return s
		case !strings.HasPrefix(s, `"{`), json.Unmarshal([]byte(s), &within) != nil, !json.Valid([]byte(within)):
			return Text(p, s)
		}
		safe := Values(p, within)
		if safe == within {
			return s
		}
		quoted, _ := json.Marshal(safe) // a string always can be
		return string(quoted)
	})
}

// Holds reports a secret in b, and counts nothing.
func Holds(b []byte) bool { return live.holds(string(b)) }

// writer redacts what is written through it, each Write by itself.
type writer struct {
	place Place
	to    io.Writer
}

// Writer redacts what is written to w. What belongs together has to come in one Write, as lines of a log do.
func Writer(p Place, w io.Writer) io.Writer { return &writer{p, w} }

func (w *writer) Write(b []byte) (int, error) {
	text := string(b)
	safe := Text(w.place, text)
	if safe == text {
		return w.to.Write(b)
	}
	if _, err := io.WriteString(w.to, safe); err != nil {
		return 0, err
	}
	return len(b), nil
}

// defects are the secrets that were found.
var defects = &tally{counts: map[Place]int{}}

type tally struct {
	mu     sync.Mutex
	counts map[Place]int
	report func(Place)
}

func (t *tally) add(p Place) {
	t.mu.Lock()
	t.counts[p]++
	report, first := t.report, t.counts[p] == 1
	t.mu.Unlock()
	if first && report != nil {
		report(p)
	}
}

// OnFind calls f the first time that a secret is found in a place, while that place waits: f must not write there through
// what waits. The latest f counts.
func OnFind(f func(Place)) {
	defects.mu.Lock()
	defer defects.mu.Unlock()
	defects.report = f
}

// Found are the places where a secret was replaced so far, sorted, and how often in all.
func Found() (places []Place, times int) {
	defects.mu.Lock()
	defer defects.mu.Unlock()
	for _, n := range defects.counts {
		times += n
	}
	return slices.Sorted(maps.Keys(defects.counts)), times
}
