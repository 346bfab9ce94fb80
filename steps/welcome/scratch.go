package welcome

import (
	"errors"
	"io"
)

// scratch is a buffer whose bytes may be secret: what it outgrows is overwritten, and wipe overwrites the rest.
type scratch struct{ b []byte }

// room makes space for n more bytes.
func (s *scratch) room(n int) {
	if cap(s.b)-len(s.b) >= n {
		return
	}
	grown := make([]byte, len(s.b), max(2*cap(s.b), len(s.b)+n))
	copy(grown, s.b)
	clear(s.b)
	s.b = grown
}

// Write never fails.
func (s *scratch) Write(p []byte) (int, error) {
	s.room(len(p))
	s.b = append(s.b, p...)
	return len(p), nil
}

// WriteByte never fails.
func (s *scratch) WriteByte(c byte) error {
	s.room(1)
	s.b = append(s.b, c)
	return nil
}

// ReadFrom reads up to the end, without a buffer in between that nobody would wipe.
func (s *scratch) ReadFrom(r io.Reader) (int64, error) {
	const least = 4 << 10
	start := len(s.b)
	for {
		s.room(least)
		n, err := r.Read(s.b[len(s.b):cap(s.b)])
		s.b = s.b[:len(s.b)+n]
		if errors.Is(err, io.EOF) {
			err = nil
			return int64(len(s.b) - start), err
		}
		if err != nil {
			return int64(len(s.b) - start), err
		}
	}
}

func (s *scratch) wipe() {
	clear(s.b[:cap(s.b)])
	s.b = nil
}
