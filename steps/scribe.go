package steps

import (
	"errors"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// The journal is written by a goroutine of its own, line after line. Whoever opens something waits for its line; whoever
// puts something back does not: a disk that hangs, a network home or a frozen file system for instance, blocks a write for
// as long as it hangs, and no limit of the call itself ends that.

const (
	// lineWithin is how long a change that opens something waits for its line.
	lineWithin = 15 * time.Second
	// noteWithin is how long anything else waits for a line, so that on a disk that works the next line finds it there.
	noteWithin = time.Second
	// readWithin is how long a file is read.
	readWithin = 3 * time.Second
)

var errSilentDisk = errors.New("the disk does not answer")

// line is one on its way to the disk.
type line struct {
	entry   func() (journal.Entry, bool) // made when its turn comes; false writes nothing
	written chan struct{}                // closed when it was, or could not be
	seq     int                          // its number; read it after written
	err     error
}

// wait waits for the line, but no longer than d.
func (l *line) wait(d time.Duration) error {
	if l == nil {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-l.written:
		return l.err
	case <-timer.C:
		return errSilentDisk
	}
}

// scribe writes lines in their order.
type scribe struct {
	append func(journal.Entry) (journal.Entry, error)
	failed func(error) // told of each line that could not be written

	mu      sync.Mutex
	queue   []*line
	writing bool
	since   time.Time // when the line that is being written was begun
}

// write queues a line.
func (s *scribe) write(entry func() (journal.Entry, bool)) *line {
	l := &line{entry: entry, written: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, l)
	if !s.writing {
		s.writing, s.since = true, time.Now()
		go s.work()
	}
	return l
}

func (s *scribe) work() {
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			s.writing = false
			s.mu.Unlock()
			return
		}
		l := s.queue[0]
		s.queue, s.since = s.queue[1:], time.Now()
		s.mu.Unlock()
		l.err = calm(func() error {
			e, wanted := l.entry()
			if !wanted {
				return nil
			}
			e, err := s.append(e)
			l.seq = e.Seq
			return err
		})()
		if l.err != nil {
			s.failed(l.err)
		}
		close(l.written)
	}
}

// stuck reports a disk that has not answered for longer than anybody waits.
func (s *scribe) stuck() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writing && time.Since(s.since) >= noteWithin
}

// unwritten is how many lines have not reached the disk.
func (s *scribe) unwritten() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.queue)
	if s.writing {
		n++
	}
	return n
}

// within is f's result, unless that takes longer than d. What comes later is given to late.
func within[T any](d time.Duration, f func() (T, error), late func(T)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result)
	over := make(chan struct{})
	go func() {
		var r result
		r.value, r.err = calmly(f)
		select {
		case done <- r:
		case <-over:
			if r.err == nil && late != nil {
				late(r.value)
			}
		}
	}()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.value, r.err
	case <-timer.C:
		close(over)
		var none T
		return none, errSilentDisk
	}
}
