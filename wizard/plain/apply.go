package plain

import (
	"context"
	"errors"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// ErrBroken says that the program itself panicked.
var ErrBroken = panics.ErrBroken

// apply runs a step's changes. While it waits for a person, their part can be played, or the page opened. It never
// returns before the changes have come to a stop.
func (s *session) apply(outer context.Context, work walker.Work) (walker.Next, error) {
	var outcome walker.Outcome
	a := &applying{s: s, told: s.walk.Stop}
	failed, left := a.run(outer, func(ctx context.Context, report func(steps.Event)) error {
		outcome = work(ctx, report)
		return nil
	})
	switch {
	case left != nil:
		return walker.Next{}, left
	case outer.Err() != nil:
		return walker.Next{}, context.Cause(outer)
	case failed != nil: // it panicked
		outcome = walker.Failure(failed)
	}
	return s.walk.Take(outcome), nil
}

// applying is a step's changes while they are made, or what is put back before somebody leaves.
type applying struct {
	s       *session
	told    func() // notes that they were told to stop; nil where somebody leaves, and no step is the one that stops
	cancel  func()
	stopped bool // they were told to stop
	events  chan steps.Event
	done    chan error
	task    *steps.Task // of a person, before the changes can go on
	since   time.Time   // when they were told
	lines   <-chan line // where what is typed meanwhile arrives; nil when nothing is asked
}

// run makes the changes, and returns when they have come to a stop: failed is why they did not get done, left why nothing goes on here.
func (a *applying) run(outer context.Context, work func(context.Context, func(steps.Event)) error) (failed, left error) {
	ctx, cancel := context.WithCancel(outer)
	defer cancel()
	a.cancel, a.events, a.done = cancel, make(chan steps.Event), make(chan error, 1)
	go func() { a.done <- panics.Do(func() error { return work(ctx, a.report(ctx)) }) }()
	if failed, left = a.follow(outer); left != nil {
		cancel()
		failed = <-a.done
	}
	return failed, left
}

func (a *applying) report(ctx context.Context) func(steps.Event) {
	return func(e steps.Event) {
		select {
		case a.events <- e:
		case <-ctx.Done():
		}
	}
}

// follow says what is reported and acts on what is typed meanwhile, until the changes have come to a stop or somebody
// leaves. Its context is not theirs, which may be stopped without it.
func (a *applying) follow(ctx context.Context) (failed, left error) {
	for {
		select {
		case e := <-a.events:
			a.s.event(e)
			if e.Task != nil {
				left = a.asked(ctx, e.Task)
			}
		case l := <-a.lines:
			a.lines = nil
			left = a.typed(ctx, l)
		case <-a.s.Notices.come(choice):
			if tell(a.s) && a.lines != nil {
				a.s.say(a.s.taskPrompt(a.task))
			}
		case failed = <-a.done:
			return failed, nil
		}
		if left != nil {
			return nil, left
		}
	}
}

// asked says what a person has to do now. The autopilot does it.
func (a *applying) asked(ctx context.Context, t *steps.Task) error {
	a.task, a.since = t, time.Now()
	a.s.sayTask(*t)
	if a.s.Decide != nil { // whoever signs in reads what to do, and answers nothing here
		if a.s.playable(t) == nil {
			return nil
		}
		return a.s.play(ctx, t).Err
	}
	if !a.s.Autopilot {
		a.s.say(a.s.taskPrompt(t))
		a.lines = a.s.in.start(choice)
		return nil
	}
	played := a.s.playable(t)
	if !a.s.pilot.Idle(a.s.walk, played, time.Now()) {
		return nil
	}
	if a.s.pilot.Move(played, time.Now()) != walker.Play {
		return a.s.walk.Stuck()
	}
	if a.s.play(ctx, t).Err != nil {
		a.stop()
		return pause.For(ctx, autopilot{a.s}.pause())
	}
	return nil
}

// stop tells the changes to come to a stop.
func (a *applying) stop() {
	if a.stopped = true; a.told != nil {
		a.told()
	}
	a.cancel()
}

// typed acts on a line.
func (a *applying) typed(ctx context.Context, l line) error {
	text, err := a.s.in.took(l)
	switch {
	case errors.Is(err, errPasted):
		a.s.say(phrase.T(pastedHere))
	case errors.Is(err, ErrInputClosed) && a.told == nil:
		return nil // nobody types any more: what puts MFA back goes on
	case err != nil:
		return err
	case text == "x":
		a.s.say(phrase.T("Stopping."))
		a.stop()
		return nil
	default:
		if waits, err := a.answer(ctx, text); err != nil || !waits {
			return err
		}
	}
	a.lines = a.s.in.start(choice)
	return nil
}

// answer acts on what was typed, and reports whether another line is awaited.
func (a *applying) answer(ctx context.Context, text string) (bool, error) {
	t := a.task
	switch {
	case text == "":
		a.s.sayf(phrase.T("Still waiting, for %s so far. %s"), phrase.Span(time.Since(a.since)), t.Watched)
		a.s.say(a.s.taskPrompt(t))
	case text == "p" && a.s.playable(t) != nil:
		if a.s.play(ctx, t).Err == nil {
			return false, nil
		}
		a.s.say(a.s.taskPrompt(t)) // a closed input then ends the wait
	case text == "o" && t.URL != "":
		a.s.open(ctx, t)
	case text == "q" && a.told == nil: // that is what waits
		stands(a.s)
		a.s.say(a.s.taskPrompt(t))
	default:
		mine, err := a.s.command(ctx, text)
		if err != nil {
			return true, err
		}
		if mine {
			a.s.say(phrase.T("That is none of the choices."))
		}
		a.s.say(a.s.taskPrompt(t))
	}
	return true, nil
}

func (s *session) taskPrompt(t *steps.Task) string {
	prompt := phrase.T("Waiting. Type o to open the page, x to stop")
	if s.playable(t) != nil {
		prompt += phrase.T(", p to play this part (rehearsal)")
	}
	return prompt + "."
}

// playable is a task whose part can be played here, or nil.
func (s *session) playable(t *steps.Task) *steps.Task {
	if t == nil || t.Part == "" || s.Run.Person() == nil {
		return nil
	}
	return t
}

// play plays the person's part of a task, and says what went wrong with it.
func (s *session) play(ctx context.Context, t *steps.Task) walker.Played {
	s.sayf(phrase.T("Playing the part: %s ..."), t.Part)
	played := s.walk.Part(s.Run.Person(), t)(ctx)
	if played.Err != nil {
		s.problem(&steps.Error{Op: "play the part %s", Of: []any{t.Part}, Err: played.Err})
		s.pilot.Forget()
		return played
	}
	s.say(phrase.T("It was played."))
	return played
}
