package plain

import (
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// besides is what can be done with a task, besides a step's actions. The task may be nil.
type besides struct {
	s    *session
	task *steps.Task
}

// offered is what can be done with the task of the finding that is shown, if one is.
func offered(s *session) besides {
	if s.walk.State != walker.Found {
		return besides{s, nil}
	}
	return besides{s, s.walk.Here().Found.Task}
}

func (b besides) opens() bool { return b.task != nil && b.task.URL != "" }

// opensFirst reports a task whose page is to be opened before a step's action is done.
func (b besides) opensFirst() bool {
	return b.opens() && slices.ContainsFunc(b.task.Items, func(item steps.Item) bool { return item.Opens && !item.Done })
}

func (b besides) copies() bool { return b.task != nil && copyable(b.task) > 0 }

func (b besides) list() {
	if b.opens() {
		b.s.say(phrase.T("o  Open the page"))
	}
	if b.copies() {
		b.s.say(phrase.T("c  Copy a value"))
	}
}

// do does it, or says that the text is none of the choices.
func (b besides) do(ctx context.Context, text string) error {
	switch {
	case text == "o" && b.opens():
		b.s.open(ctx, b.task)
	case text == "c" && b.copies():
		return copying{b.s}.menu(ctx, b.task)
	default:
		b.s.say(phrase.T("That is none of the choices."))
	}
	return nil
}
