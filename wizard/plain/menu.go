package plain

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// menu is what can be chosen: a step's actions by number, and what can be done besides. An empty line is the first action, after a page
// that is to be opened before.
type menu struct {
	s       *session
	actions []steps.Action
	also    besides
	repeats bool // all that can be chosen is said again where an empty line means another thing than before
}

func (m menu) list() {
	choices(m.s.Options, m.actions)
	m.also.list()
}

func (m menu) question() string {
	if m.also.opensFirst() != nil {
		return phrase.T("Your choice [o]:")
	}
	return phrase.T("Your choice [1]:")
}

// take does what was typed, and reports whether that leads anywhere.
func (m menu) take(ctx context.Context, text string) (walker.Next, bool, error) {
	first := m.also.opensFirst()
	switch {
	case first != nil && (text == "" || text == "o"):
		m.also.openFirst(ctx, *first)
		if m.repeats {
			m.list()
		}
		return walker.Next{}, false, nil
	case text == "":
		text = "1"
	case text == "e" && len(m.also.fields) > 0:
		_, err := form{m.s}.fill(ctx, m.also.fields)
		return m.s.again(), true, err
	case text == "p" && m.also.plays():
		return m.s.brought(m.s.play(ctx, m.also.task)), true, nil
	}
	if a, ok := numbered(m.actions, text); ok {
		return act(ctx, m.s, a), true, nil
	}
	return walker.Next{}, false, m.also.do(ctx, text)
}

// choose asks for one of the actions, and does it.
func (s *session) choose(ctx context.Context, actions []steps.Action) (walker.Next, error) {
	m := menu{s, actions, offered(s), true}
	m.list()
	s.in.forget()
	for {
		text, err := s.line(ctx, m.question(), choice)
		if err != nil {
			return walker.Next{}, err
		}
		if next, done, err := m.take(ctx, text); err != nil || done {
			return next, err
		}
	}
}

// pick asks for one of some answers that belong to no step; an empty line is the first.
func (s *session) pick(ctx context.Context, answers []steps.Action) (steps.Action, error) {
	if s.Autopilot {
		return answers[0], pause.For(ctx, s.Pace)
	}
	choices(s.Options, answers)
	s.in.forget()
	for {
		text, err := s.line(ctx, phrase.T("Your choice [1]:"), choice)
		if err != nil {
			return steps.Action{}, err
		}
		if text == "" {
			return answers[0], nil
		}
		if a, ok := numbered(answers, text); ok {
			return a, nil
		}
		s.say(phrase.T("That is none of the choices."))
	}
}
