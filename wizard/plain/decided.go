package plain

import (
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// errOver says that nothing is left to decide.
var errOver = errors.New("nothing is left to do")

// decided does what the decider says, and says that it was decided so.
func (s *session) decided(f *steps.Finding) (walker.Next, error) {
	d, can := s.Decide(*f)
	if !can {
		return walker.Next{}, errors.Join(s.Run.Refused(), ErrBlocked)
	}
	if d.Said != "" {
		s.say(phrase.T("Decided by --yes: %s", d.Said))
	}
	s.left = s.left || d.Left
	if d.Over {
		return walker.Next{}, errOver
	}
	return s.walk.Do(d.Action), nil
}
