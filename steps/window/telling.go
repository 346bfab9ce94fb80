package window

import (
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
)

// taken is how long closing waits for a report of its own to be taken.
const taken = time.Second

// telling reports one event at a time, in their order. Where one is not taken, as by a terminal that is held, those after it are
// not waited for: nothing that puts MFA back waits for its reader.
type telling struct {
	report func(finding.Event)
	mu     sync.Mutex
	last   chan struct{} // is closed when everything so far was taken
	missed bool          // one was not taken in time
}

func newTelling(report func(finding.Event)) *telling {
	last := make(chan struct{})
	close(last)
	return &telling{report: report, last: last}
}

// tell reports an event, and returns when it was taken, or need not be waited for.
func (t *telling) tell(e finding.Event) {
	done := make(chan struct{})
	t.mu.Lock()
	before, missed := t.last, t.missed
	t.last = done
	t.mu.Unlock()
	go func() {
		defer close(done)
		<-before
		_ = panics.Do(func() error { t.report(e); return nil })
	}()
	if missed {
		return
	}
	select {
	case <-done:
	case <-time.After(taken):
		t.mu.Lock()
		t.missed = true
		t.mu.Unlock()
	}
}
