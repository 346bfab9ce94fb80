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
		if err := s.Run.CloseAndDisable(ctx, closing(s)); err != nil {
			s.problem(err)
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
		shut := s.Run.CloseExposure
		if a.ID == leaving.Disable {
			shut = s.Run.CloseAndDisable
		}
		err = shut(ctx, closing(s))
		if _, open := s.Run.Exposure(); !open {
			s.say(phrase.T("MFA is back."))
		}
		if err != nil {
			s.problem(err)
			if _, open := s.Run.Exposure(); open {
				continue
			}
		}
		if said := steps.Parting(ctx, s.Run); said != "" {
			s.say(said)
		}
		return ErrLeft
	}
}

// closing says what happens while MFA is put back: a person may have to sign in for that.
func closing(s *session) func(steps.Event) {
	return func(e steps.Event) {
		s.event(e)
		if e.Task != nil {
			s.sayTask(*e.Task)
		}
	}
}
