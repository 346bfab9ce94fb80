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
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
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
	Columns   func() int    // of the terminal behind Out, whose lines then end between words; nil leaves them whole
	Copy      Copier        // nil when there is no clipboard
	Notices   *Notices      // what is to be said besides; nil is nothing
	Autopilot bool          // takes each primary action and plays every part; needs a Person
	Pace      time.Duration // between the autopilot's answers

	SignInChosen bool // begin with the first step's primary action, without asking

	Quiet  bool    // say only what a person has to do
	Decide Decider // answers in place of the operator, and nothing is read from In; nil asks
}

// sayRehearsal says that nothing is real, where nothing is.
func sayRehearsal(s *session) {
	if s.Run != nil && steps.Rehearses(s.Run) {
		s.say(phrase.T("REHEARSAL on a simulated tenant. Nothing here is about a real one."))
	}
}

// Decider answers a finding in place of the operator. It reports false where only a person can.
type Decider func(steps.Finding) (steps.Decision, bool)

// Copier hands a value over by the clipboard, and says what could be confirmed of that.
type Copier func(context.Context, graph.Secret) (clipboard.Report, error)

// ErrUndecided says that something was left as it is, because nobody was there to decide it.
var ErrUndecided = errors.New("something is left as it is, because nobody was asked")

// session is one plain run.
type session struct {
	Options
	in     *input
	walk   *walker.Walk
	pilot  walker.Autopilot
	unread string // why the tenant could not be read when it was looked at last
	left   bool   // something was left for somebody to decide
	last   spoken
}

// spoken is what was said last, of each kind.
type spoken struct {
	task     *steps.Task
	copied   int    // the item of it that was copied last, from 1
	told     string // the page that the operator was told to open
	question string
}

// Run walks the steps and returns nil when the last one is done. It returns ErrLeft, ErrInputClosed, ErrCapped, or the
// context's error; an exposure window that is open then is the caller's to close.
func Run(ctx context.Context, o Options) (err error) {
	o.Out = redact.Writer(redact.Output, o.Out)
	in, err := newInput(o.In, o.Out)
	if err != nil {
		return fmt.Errorf("take the echo from the terminal: %w", err)
	}
	s := &session{Options: o, in: in, walk: walker.New(o.Run, o.Steps)}
	defer s.in.end()
	defer func() {
		if r := recover(); r != nil {
			err = panics.Caught(r)
		}
	}()
	title := cmp.Or(o.Title, "Delegate365 onboarding") + "."
	if o.Decide == nil {
		title += " " + phrase.T("Type ? for help, d for details, q to leave, at any question.")
	}
	s.say(title)
	sayRehearsal(s)
	next := s.walk.Visit(0)
	for !s.finished(next) {
		if next, err = s.carryOut(ctx, next); errors.Is(err, errOver) {
			break
		}
		if err != nil {
			return err
		}
	}
	if s.left {
		return ErrUndecided
	}
	s.say(phrase.T("Finished."))
	return nil
}

// finished reports whether nothing is left to do, as it never is while MFA is off.
func (s *session) finished(next walker.Next) bool {
	if next.Turn != walker.Finishing {
		return false
	}
	_, open := s.Run.Exposure()
	return !open
}

// carryOut does what the walk says comes next.
func (s *session) carryOut(ctx context.Context, next walker.Next) (walker.Next, error) {
	if next.Passed != nil {
		s.say(cmp.Or(next.Passed.Found.Gist().String(), next.Passed.Info.Title+": "+status(next.Passed.Found.Status)))
	}
	if next.Arrived {
		s.say("")
		s.sayf(phrase.T("Step %d of %d: %s."), s.walk.Viewing()+1, len(s.Steps), s.walk.Here().Info.Title)
	}
	switch next.Turn {
	case walker.Running:
		return s.work(ctx, next.Work)
	case walker.Acting:
		return s.walk.Do(next.Action), nil
	case walker.Leaving, walker.Finishing:
		return s.again(), s.leave(ctx)
	case walker.Operators:
	}
	return s.operator(ctx, next)
}

// work runs the step's work.
func (s *session) work(ctx context.Context, work walker.Work) (walker.Next, error) {
	if s.walk.State == walker.Applying {
		return s.apply(ctx, work)
	}
	outcome := work(ctx, s.event)
	if ctx.Err() != nil {
		return walker.Next{}, context.Cause(ctx)
	}
	return s.walk.Take(outcome), nil
}

// again reads the step again, and shows what is found.
func (s *session) again() walker.Next { return s.walk.Do(steps.Action{ID: steps.ActRetry}) }

// operator says how the step stands, and asks what to do.
func (s *session) operator(ctx context.Context, next walker.Next) (walker.Next, error) {
	switch {
	case s.walk.State == walker.Failed:
		return s.failed(ctx)
	case next.Refused != nil:
		s.problem(next.Refused.Err)
		return s.again(), nil
	case next.Unknown != "":
		s.sayf(phrase.T("There is no step %s here."), next.Unknown)
		return s.again(), nil
	}
	here := s.walk.Here()
	s.show(here.Info, *here.Found)
	return s.decide(ctx)
}

// failed says what went wrong and asks whether to try again.
func (s *session) failed(ctx context.Context) (walker.Next, error) {
	s.problem(s.walk.Err)
	if s.Decide != nil {
		return walker.Next{}, s.walk.Err
	}
	if s.Autopilot {
		return autopilot{s}.move(ctx)
	}
	return s.choose(ctx, append(s.walk.Actions(), steps.Action{ID: steps.ActLeave, Label: phrase.T("Leave")}))
}
