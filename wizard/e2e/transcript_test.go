package e2e_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// transcript collects what a program writes and lets a test wait for words in it.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
	read int
	more chan struct{}
}

func newTranscript() *transcript { return &transcript{more: make(chan struct{}, 1)} }

func (w *transcript) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default:
	}
	return w.text.Write(b)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// next waits for one of the words after what was read before, and returns which.
func (w *transcript) next(t *testing.T, words ...string) string {
	t.Helper()
	late := time.After(time.Minute)
	for {
		w.mu.Lock()
		unread := w.text.String()[w.read:]
		first, at := "", len(unread)
		for _, word := range words {
			if i := strings.Index(unread, word); i >= 0 && i < at {
				first, at = word, i
			}
		}
		if first != "" {
			w.read += at + len(first)
		}
		w.mu.Unlock()
		if first != "" {
			return first
		}
		select {
		case <-w.more:
		case <-late:
			t.Fatalf("none of %q comes after:\n%s", words, unread)
		}
	}
}
