package graphapi

import (
	"time"
)

// CallLimit allows so many calls in any span of time.
type CallLimit struct {
	span  time.Duration
	Most  int
	Calls []time.Time
}

// take counts a call at now. When there were too many it says how long to wait instead, at least a second.
func (l *CallLimit) take(now time.Time) (wait time.Duration) {
	for len(l.Calls) > 0 && !l.Calls[0].Add(l.span).After(now) {
		l.Calls = l.Calls[1:]
	}
	if len(l.Calls) < l.Most {
		l.Calls = append(l.Calls, now)
		return 0
	}
	return max(l.Calls[0].Add(l.span).Sub(now), time.Second)
}
