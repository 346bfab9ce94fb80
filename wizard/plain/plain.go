// Package plain walks the same steps as the wizard in plain lines: for screen readers, pipes and dumb terminals. It
// prints no control character, asks one question at a time, and never takes a closed input for an answer. A secret is
// never printed, not even where no clipboard works: a line can't be taken back, and a screen reader would speak it.
package plain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/leaving"
)

// ErrInputClosed says that the input ended before the onboarding did. Nothing was answered with it.
var ErrInputClosed = errors.New("the input ended before the onboarding was finished")

// ErrLeft says that the operator left before the end.
var ErrLeft = errors.New("left before the onboarding was finished")

// ErrCapped says that the exposure window reached its cap.
var ErrCapped = errors.New("the exposure window reached its cap")

// ErrUnguarded says that no second process can be had that would close the exposure window.
var ErrUnguarded = errors.New("the exposure window can't stay open: nothing would close it if this program ended")

// Options are what a plain run needs.
type Options struct {
	Run       *steps.Run
	Title     string // what this is; empty means Delegate365 onboarding
	Steps     []steps.Step
	In        io.Reader
	Out       io.Writer
	Copy      Copier        // nil when there is no clipboard
	Autopilot bool          // takes each primary action and plays every part; needs a Person
	Pace      time.Duration // between the autopilot's answers

	SignInChosen bool // begin with the first step's primary action, without asking
}

// Copier hands a value over by the clipboard, and says what could be confirmed of that.
type Copier func(context.Context, graph.Secret) (clipboard.Report, error)

// session is one plain run.
type session struct {
	Options
	in    *input
	at    int
	last  steps.Finding
	tries int // how often the autopilot tried again in this step
}

// Run walks the steps and returns nil when the last one is done. It returns ErrLeft, ErrInputClosed, ErrCapped, or the
// context's error; an exposure window that is open then is the caller's to close.
func Run(ctx context.Context, o Options) (err error) {
	o.Out = redact.Writer(redact.Output, o.Out)
	in, err := newInput(o.In, o.Out)
	if err != nil {
		return fmt.Errorf("take the echo from the terminal: %w", err)
	}
	s := &session{Options: o, in: in}
	defer s.in.end()
	defer func() {
		if r := recover(); r != nil {
			err = panics.Caught(r)
		}
	}()
	s.say(cmp.Or(o.Title, "Delegate365 onboarding") + ". Type ? for help, d for details, q to leave, at any question.")
	for s.at < len(s.Steps) {
		if err := s.step(ctx); err != nil {
			return err
		}
	}
	s.say("Finished.")
	return nil
}

// step brings one step to its end and moves s.at.
func (s *session) step(ctx context.Context) error {
	step := s.Steps[s.at]
	info := step.Info()
	s.tries = 0
	s.say("")
	s.sayf("Step %d of %d: %s.", s.at+1, len(s.Steps), info.Title)
	for here := s.at; s.at == here; {
		finding, err := step.Inspect(ctx, s.Run, s.event)
		if err != nil {
			if err := s.failed(ctx, err); err != nil {
				return err
			}
			continue
		}
		s.last = finding
		s.show(info, finding)
		action, err := s.decide(ctx, step, finding)
		if err != nil {
			return err
		}
		if err := s.take(ctx, step, action); err != nil {
			return err
		}
	}
	return nil
}

// take does what an action says.
func (s *session) take(ctx context.Context, step steps.Step, a steps.Action) error {
	if target, ok := strings.CutPrefix(a.ID, steps.ActGo); ok {
		return s.goTo(steps.ID(target))
	}
	switch a.ID {
	case steps.ActNext:
		s.at++
		return nil
	case steps.ActRetry:
		return nil
	case steps.ActLeave:
		return s.leave(ctx)
	case steps.ActApply:
		return s.apply(ctx, step)
	}
	if err := step.Answer(s.Run, a.ID, graph.Secret{}); err != nil {
		s.problem(err)
	}
	return nil
}

func (s *session) goTo(id steps.ID) error {
	for i, step := range s.Steps {
		if step.Info().ID == id {
			s.at = i
			return nil
		}
	}
	return errors.New("no step is called " + string(id))
}

// failed says what went wrong and asks whether to try again.
func (s *session) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.problem(err)
	if s.Autopilot {
		return s.again(ctx, err)
	}
	a, err := s.choose(ctx, []steps.Action{{ID: steps.ActRetry, Label: "Try again"}, {ID: steps.ActLeave, Label: "Leave"}})
	if err != nil || a.ID == steps.ActRetry {
		return err
	}
	return s.leave(ctx)
}

// leave asks before it leaves. To stay is the first answer where nothing has to be put back.
func (s *session) leave(ctx context.Context) error {
	exposure, open := s.Run.Exposure()
	question := leaving.Ask(leaving.Situation{Exposure: exposure, Open: open})
	if open {
		return s.leaveExposed(ctx, exposure, question)
	}
	for _, text := range append([]string{question.Head}, question.Text...) {
		s.say(text)
	}
	slices.Reverse(question.Answers)
	a, err := s.choose(ctx, question.Answers)
	if err != nil || a.ID == leaving.Stay {
		return err
	}
	return ErrLeft
}

// leaveExposed puts MFA back before it leaves, and stays when that fails.
func (s *session) leaveExposed(ctx context.Context, exposure steps.Exposure, question leaving.Question) error {
	for _, text := range question.Text {
		s.say(text)
	}
	for {
		s.say(exposed(exposure))
		a, err := s.choose(ctx, question.Answers)
		if err != nil || a.ID == leaving.Stay {
			return err
		}
		shut := s.Run.CloseExposure
		if a.ID == leaving.Disable {
			shut = s.Run.CloseAndDisable
		}
		err = shut(ctx, s.event)
		if _, open := s.Run.Exposure(); !open {
			s.say("MFA is back.")
		}
		if err != nil {
			s.problem(err)
			if _, open := s.Run.Exposure(); open {
				continue
			}
		}
		if said := s.Run.Parting(ctx); said != "" {
			s.say(said)
		}
		return ErrLeft
	}
}
