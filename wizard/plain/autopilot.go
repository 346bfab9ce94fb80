package plain

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// autopilot makes the moves of a session that nobody answers.
type autopilot struct{ s *session }

// move makes the autopilot's next move. A part that was played may be noticed by itself first.
func (a autopilot) move(ctx context.Context) (walker.Next, error) {
	if err := pause.For(ctx, a.pause()); err != nil {
		return walker.Next{}, err
	}
	a.s.pilot.At(a.s.walk)
	for {
		task := a.s.awaited()
		if a.s.pilot.Idle(a.s.walk, task, time.Now()) {
			return a.moveOn(ctx, task)
		}
		if err := pause.For(ctx, a.s.walk.Here().Found.Poll); err != nil {
			return walker.Next{}, err
		}
		if next, another, err := a.s.look(ctx); err != nil || another {
			return next, err
		}
	}
}

func (a autopilot) moveOn(ctx context.Context, task *steps.Task) (walker.Next, error) {
	if next, decided := a.s.pilot.Decide(a.s.walk); decided {
		return next, nil
	}
	switch a.s.pilot.Move(task, time.Now()) {
	case walker.GiveUp:
		return walker.Next{}, a.s.walk.Stuck()
	case walker.Play:
		played := a.s.play(ctx, task)
		if played.Err != nil {
			return a.s.again(), pause.For(ctx, max(a.s.Pace, troubled))
		}
		return a.s.brought(played), nil
	}
	return a.s.walk.Do(a.s.walk.Actions()[0]), nil
}

// awaited is the task that waits for a person and can be played, or nil.
func (s *session) awaited() *steps.Task {
	if s.walk.State != walker.Found {
		return nil
	}
	return s.playable(s.walk.Here().Found.Task)
}

// brought goes on from what a part brought back.
func (s *session) brought(played walker.Played) walker.Next {
	if played.Err != nil {
		return s.again()
	}
	next := s.walk.Played(played)
	if next.Said != "" {
		s.say(phrase.T("The page said: %s", next.Said))
	}
	if next.Turn == walker.Acting {
		s.pilot.Forget() // the same part may be asked for again
	}
	return next
}

// troubled is how long the autopilot waits at least where something went wrong: looking again later may be what it takes.
const troubled = time.Second

// pause is how long the autopilot waits before its next move.
func (a autopilot) pause() time.Duration {
	if found := a.s.walk.Here().Found; a.s.walk.State == walker.Found && found.Status != steps.Blocked {
		return a.s.Pace
	}
	return max(a.s.Pace, troubled)
}
