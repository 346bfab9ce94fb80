package plain

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// line asks until a line is typed that is no command of this front end's own. What is not shown is taken as it is.
func (s *session) line(ctx context.Context, prompt string, want echo) (string, error) {
	for {
		if prompt != "" {
			prompts(s, prompt)
		}
		text, _, err := s.ask(ctx, want, 0)
		if err != nil || want == hidden || want == held {
			return text, err
		}
		done, err := s.command(ctx, text)
		if err != nil || done {
			return text, err
		}
	}
}

// question is line with a time limit: answered is false when it passed.
func (s *session) question(ctx context.Context, prompt string, poll time.Duration) (string, bool, error) {
	for {
		prompts(s, prompt)
		text, answered, err := s.ask(ctx, choice, poll)
		if err != nil || !answered {
			return text, answered, err
		}
		done, err := s.command(ctx, text)
		if err != nil || done {
			return text, true, err
		}
	}
}

// pastedHere says that a paste answers nothing but a question for one.
const pastedHere = "Several lines, or a long one, arrived at once: that is a paste, and this question takes none. Nothing of it was kept. Answer again; to enter a mail, choose that first."

// lookAgain is how often an open window is looked after while nobody types.
const lookAgain = 2 * time.Second

// ask waits for a line, and meanwhile minds the exposure window: at its cap MFA is put back, said, and the run ends.
func (s *session) ask(ctx context.Context, want echo, poll time.Duration) (string, bool, error) {
	begin := time.Now()
	for {
		wait := poll - time.Since(begin)
		if poll > 0 && wait <= 0 {
			return "", false, nil
		}
		e, open := s.Run.Exposure()
		if left := min(e.Cap-e.Past(time.Now()), lookAgain); open && !e.Found && (poll == 0 || left < wait) {
			wait = max(left, time.Millisecond)
		}
		text, answered, err := s.in.ask(ctx, want, max(0, wait), s.Notices.come(want))
		if errors.Is(err, errPasted) {
			s.say(phrase.T(pastedHere))
			continue
		}
		if err != nil || answered {
			return text, answered, err
		}
		if want == choice && tell(s) {
			s.say(s.last.question)
		}
		switch e, open := s.Run.Exposure(); {
		case open && e.NoGuard != "":
			s.sayf(phrase.T("MFA is off for %s, and nobody else could put it back if this program ended: %s."), e.Account, strings.TrimSuffix(e.NoGuard, "."))
			return "", false, ErrUnguarded
		case open && e.Due(time.Now()):
			s.sayf(phrase.T("MFA has been off for %s for %s, the longest allowed."), e.Account, phrase.Span(e.Cap))
			return "", false, ErrCapped
		}
	}
}

// command does what ?, d and q mean everywhere, and reports true for any other text.
func (s *session) command(ctx context.Context, text string) (bool, error) {
	switch strings.TrimSpace(text) {
	case "?":
		for _, p := range s.walk.Here().Help() {
			s.say(p)
		}
		s.say(phrase.OwnZone(time.Now()))
	case "d":
		if found := s.walk.Here().Found; found != nil {
			sections(s, found.Details)
		}
		s.details()
	case "q":
		return false, s.leave(ctx)
	default:
		return true, nil
	}
	return false, nil
}
