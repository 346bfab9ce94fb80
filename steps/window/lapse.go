package window

import (
	"sync/atomic"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
)

// WallClock says what the clock on the wall shows at a time. It may be set back.
type WallClock func(time.Time) time.Time

// lapse is how long a window has been open. The clock on the wall goes on while the computer sleeps, and may be set back;
// the one that counts from the computer's start can't be set, and may stand still in sleep. The longer of the two counts.
type lapse struct {
	began   time.Time // by both clocks
	wall    WallClock
	opened  time.Time // by the clock on the wall
	early   bool      // it began a moment before the window was opened
	longest atomic.Int64
}

func newLapse(wall WallClock) *lapse {
	if wall == nil {
		wall = func(t time.Time) time.Time { return t.Round(0) }
	}
	began := time.Now()
	return &lapse{began: began, wall: wall, opened: wall(began)}
}

// ordered is the lapse of a guard, which got its order a moment before the window was opened, or after it had been open for a while.
func ordered(o guard.Order) *lapse {
	l := newLapse(nil)
	l.began, l.opened, l.early = l.began.Add(-o.Past), o.Opened.Round(0), true
	return l
}

// lasted is how long it was in the end. Where it began early, the times in the journal are nearer, unless the clock on the wall, by which
// those are, was set back.
func (l *lapse) lasted(now time.Time) time.Duration {
	if l.early && l.wall(now).Sub(l.opened) > now.Sub(l.began)-time.Second {
		return 0
	}
	return l.at(now)
}

// at is never shorter than it was once.
func (l *lapse) at(now time.Time) time.Duration {
	past := max(now.Sub(l.began), l.wall(now).Sub(l.opened))
	for {
		longest := l.longest.Load()
		if int64(past) <= longest {
			return time.Duration(longest)
		}
		if l.longest.CompareAndSwap(longest, int64(past)) {
			return past
		}
	}
}
