// Package secret keeps passwords and tokens from being seen. It stands apart from package graph, which hands its type on, so
// that what needs nothing else of graph is built and fuzzed without Microsoft's SDK.
package secret

import (
	"fmt"
	"log/slog"
	"runtime"
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
)

const redacted = "***"

// Secret is a password or token on its way through the program. Copies share the bytes, so that Wipe empties all of
// them; the zero value is no secret. Every way of printing or encoding it says ***: the text comes out through
// Reveal and Use alone. It is looked for in all that leaves the process, also after Wipe, because an error may still quote it;
// and until Wipe its bytes are in pages of their own that are neither swapped out nor dumped, where the system allows that.
type Secret struct {
	held *held
}

type held struct {
	mu      sync.Mutex
	bytes   []byte
	free    func() // gives the pages back
	unwatch func()
	public  bool // it was made by NewText
}

// New copies s. The string it was made from is out of this package's reach and stays in memory until the
// runtime reuses the space.
func New(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return watched(s)
}

// NewText is a value that may be copied like a secret and is none: a user name, an address, what was typed in the open.
// It prints as *** too, and is not looked for.
//
//go:noinline // every copy would be carried
func NewText(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{held: &held{bytes: []byte(s), free: func() {}, unwatch: func() {}, public: true}}
}

func watched(s string) Secret {
	bytes, free := keep(s)
	free = sync.OnceFunc(free)
	h := &held{bytes: bytes, free: free, unwatch: redact.Watch(s)}
	runtime.AddCleanup(h, func(free func()) { free() }, free)
	return Secret{held: h}
}

// Take makes a secret of bytes. They are emptied: the secret keeps its own.
func Take(b []byte) Secret {
	if len(b) == 0 {
		return Secret{}
	}
	defer clear(b)
	return watched(string(b))
}

// Use lends the bytes to f, so that reading them needs no copy. f neither keeps nor changes them, and calls no method
// of the secret. They are empty for the zero value and after Wipe.
func (s Secret) Use(f func(b []byte)) {
	if s.held == nil {
		f(nil)
		return
	}
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	f(s.held.bytes)
}

// Reveal is the text as a string, which can't be wiped; Use is better where bytes do. It is empty for the zero value and after Wipe.
func (s Secret) Reveal() string {
	if s.held == nil {
		return ""
	}
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	return string(s.held.bytes)
}

// IsZero reports that there is nothing to reveal.
func (s Secret) IsZero() bool {
	if s.held == nil {
		return true
	}
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	return len(s.held.bytes) == 0
}

// Public reports a value that is no secret, by how it was made.
func (s Secret) Public() bool { return s.held != nil && s.held.public }

// Wipe overwrites the bytes. Every copy of the secret is empty afterwards.
func (s Secret) Wipe() {
	if s.held == nil {
		return
	}
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	clear(s.held.bytes)
	s.held.bytes = nil
	s.held.free()
}

// Forget wipes what turned out to be no secret, such as a user name that was pasted in the wrong place: it may be shown again.
func (s Secret) Forget() {
	if s.held == nil {
		return
	}
	s.Wipe()
	s.held.unwatch()
}

// String says ***.
func (s Secret) String() string { return redacted }

// GoString says ***.
func (s Secret) GoString() string { return redacted }

// Format says *** for every verb, %x and %d included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalJSON says "***".
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText says ***.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue says ***.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
