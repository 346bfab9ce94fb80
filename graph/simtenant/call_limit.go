package simtenant

import "time"

// callLimit allows so many calls in any span of time.
type callLimit struct {
	span  time.Duration
	most  int
	calls []time.Time
}

// take counts a call at now. When there were too many it says how long to wait instead, at least a second.
func (l *callLimit) take(now time.Time) (wait time.Duration) {
	for len(l.calls) > 0 && !l.calls[0].Add(l.span).After(now) {
		l.calls = l.calls[1:]
	}
	if len(l.calls) < l.most {
		l.calls = append(l.calls, now)
		return 0
	}
	return max(l.calls[0].Add(l.span).Sub(now), time.Second)
}
