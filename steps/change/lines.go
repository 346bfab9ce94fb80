package change

import (
	"errors"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
)

// The journal is written by a goroutine of its own, line after line. Whoever opens something waits for its line; whoever
// puts something back does not: a disk that hangs, a network home or a frozen file system for instance, blocks a write for
// as long as it hangs, and no limit of the call itself ends that.

const (
	// lineWithin is how long a change that opens something waits for its line.
	lineWithin = 15 * time.Second
	// noteWithin is how long anything else waits for a line, so that on a disk that works the next line finds it there.
	noteWithin = time.Second
	// ReadWithin is how long a file is read.
	ReadWithin = 3 * time.Second
)

// ErrSilentDisk says that a file was neither read nor written in time.
var ErrSilentDisk = errors.New("the disk does not answer")

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
		return ErrSilentDisk
	}
}

// queue writes lines in their order.
type queue struct {
	append func(journal.Entry) (journal.Entry, error)
	failed func(error) // told of each line that could not be written

	mu      sync.Mutex
	waiting []*line
	open    int // lines that nobody has written yet, or given up
	writing bool
	since   time.Time // when the line that is being written was begun
}

// write queues a line.
func (q *queue) write(entry func() (journal.Entry, bool)) *line {
	l := &line{entry: entry, written: make(chan struct{})}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, l)
	q.open++
	if !q.writing {
		q.writing, q.since = true, time.Now()
		go q.work()
	}
	return l
}

func (q *queue) work() {
	for {
		q.mu.Lock()
		if len(q.waiting) == 0 {
			q.writing = false
			q.mu.Unlock()
			return
		}
		l := q.waiting[0]
		q.waiting, q.since = q.waiting[1:], time.Now()
		q.mu.Unlock()
		l.err = panics.Do(func() error {
			e, wanted := l.entry()
			if !wanted {
				return nil
			}
			e, err := q.append(e)
			l.seq = e.Seq
			return err
		})
		if l.err != nil {
			q.failed(l.err)
		}
		q.mu.Lock()
		q.open-- // before anybody who waits for it looks
		q.mu.Unlock()
		close(l.written)
	}
}

// stuck reports a disk that has not answered for longer than anybody waits.
func (q *queue) stuck() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.writing && time.Since(q.since) >= noteWithin
}

// unwritten is how many lines have not reached the disk.
func (q *queue) unwritten() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.open
}

// Within is f's result, unless that takes longer than d. What comes later is given to late.
func Within[T any](d time.Duration, f func() (T, error), late func(T)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result)
	over := make(chan struct{})
	go func() {
		var r result
		r.value, r.err = panics.Call(f)
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
		return none, ErrSilentDisk
	}
}
