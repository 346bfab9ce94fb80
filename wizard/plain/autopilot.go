package plain

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// move makes the autopilot's next move. A part that was played may be noticed by itself first.
func (s *session) move(ctx context.Context) (walker.Next, error) {
	if err := sleep(ctx, s.pause()); err != nil {
		return walker.Next{}, err
	}
	s.pilot.At(s.walk)
	for {
		task := s.awaited()
		if s.pilot.Idle(s.walk, task, time.Now()) {
			return s.moveOn(ctx, task)
		}
		if err := sleep(ctx, s.walk.Here().Found.Poll); err != nil {
			return walker.Next{}, err
		}
		if next, another, err := s.look(ctx); err != nil || another {
			return next, err
		}
	}
}

func (s *session) moveOn(ctx context.Context, task *steps.Task) (walker.Next, error) {
	switch s.pilot.Move(task, time.Now()) {
	case walker.GiveUp:
		return walker.Next{}, s.walk.Stuck()
	case walker.Play:
		return s.playAwaited(ctx, task)
	}
	return s.walk.Do(s.walk.Actions()[0]), nil
}

// awaited is the task that waits for a person and can be played, or nil.
func (s *session) awaited() *steps.Task {
	if s.walk.State != walker.Found {
		return nil
	}
	return s.playable(s.walk.Here().Found.Task)
}

// playAwaited plays what is awaited, and goes on from what it brought back.
func (s *session) playAwaited(ctx context.Context, task *steps.Task) (walker.Next, error) {
	played := s.play(ctx, task)
	if played.Err != nil {
		return s.again(), nil
	}
	next := s.walk.Played(played)
	if next.Turn == walker.Acting {
		s.pilot.Forget() // the same part may be asked for again
	}
	return next, nil
}

// pause is how long the autopilot waits: longer where something went wrong, because looking again later may be what it takes.
func (s *session) pause() time.Duration {
	if found := s.walk.Here().Found; s.walk.State == walker.Found && found.Status != steps.Blocked {
		return s.Pace
	}
	return max(s.Pace, time.Second)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
