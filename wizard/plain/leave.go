package plain

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/leaving"
)

// leave asks before it leaves, but where nothing is left to do: that is finishing.
func (s *session) leave(ctx context.Context) error {
	exposure, open := s.Run.Exposure()
	if !open {
		s.Run.ReadFactor(ctx)
	}
	question := leaving.Ask(leaving.Situation{Exposure: exposure, Open: open, Aftermath: s.Run.Aftermath(), Title: s.Title})
	if open {
		return s.leaveExposed(ctx, exposure, question)
	}
	if s.walk.Finished() {
		return errOver
	}
	for _, text := range append([]string{question.Head}, question.Text...) {
		s.say(text)
	}
	a, err := s.pick(ctx, question.Answers)
	if err != nil || a.ID == leaving.Stay {
		return err
	}
	if a.ID == leaving.Disable {
		failed, left := (&applying{s: s}).run(ctx, s.Run.CloseAndDisable)
		if left != nil {
			return left
		}
		if failed != nil {
			s.problem(failed)
		}
		if said := steps.Parting(ctx, s.Run); said != "" {
			s.say(said)
		}
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
		a, err := s.pick(ctx, question.Answers)
		if err != nil || a.ID == leaving.Stay {
			return err
		}
		shut, shutting := s.Run.CloseExposure, &applying{s: s} // a person may have to sign in for it
		if a.ID == leaving.Disable {
			shut = s.Run.CloseAndDisable
		}
		failed, left := shutting.run(ctx, shut)
		now, open := s.Run.Exposure()
		exposure = now
		switch {
		case open && left != nil:
			return left
		case open && ctx.Err() != nil:
			return context.Cause(ctx)
		case open && (shutting.stopped || failed == nil):
			continue
		case open:
			s.problem(failed)
			continue
		}
		s.say(phrase.T("MFA is back."))
		if failed != nil {
			s.problem(failed)
		}
		if said := steps.Parting(ctx, s.Run); said != "" {
			s.say(said)
		}
		return ErrLeft
	}
}

// stands says how it stands with MFA while a window is open.
func stands(s *session) {
	if e, open := s.Run.Exposure(); open {
		s.say(e.Standing() + ".")
	}
}
