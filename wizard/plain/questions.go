package plain

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// decide gets the fields of a finding filled in and one of its actions chosen. While the finding waits for a person
// and can notice by itself that they are done, that counts as "look again".
func (s *session) decide(ctx context.Context) (walker.Next, error) {
	f := s.walk.Here().Found
	switch {
	case s.Decide != nil:
		return s.decided(f)
	case s.Autopilot:
		return autopilot{s}.move(ctx)
	case f.Status == steps.Waiting && looksFor(f):
		return s.wait(ctx)
	case f.Status == steps.Waiting:
		return s.choose(ctx, s.walk.Actions())
	}
	changed, err := form{s}.fill(ctx, f.Fields)
	if err != nil {
		return s.again(), err
	}
	if s.SignInChosen && s.walk.Viewing() == 0 && f.Status == steps.Ready {
		s.SignInChosen = false
		return s.walk.Do(s.walk.Primary()), nil
	}
	if changed {
		if next, another, err := s.announce(ctx, f); err != nil || another {
			return next, err
		}
	}
	if f.Status == steps.Done && f.Poll > 0 {
		return outlast(ctx, s, f.Poll)
	}
	return s.choose(ctx, s.walk.Actions())
}

// outlast asks for one of the actions of a step that is done, and looks once more when something may have come to light. What has is
// shown, and asked about anew.
func outlast(ctx context.Context, s *session, poll time.Duration) (walker.Next, error) {
	m := menu{s, s.walk.Actions(), offered(s), true}
	m.list()
	s.in.forget()
	for {
		text, typed, err := s.question(ctx, m.question(), poll)
		if err != nil {
			return walker.Next{}, err
		}
		if !typed {
			if next, another, err := s.look(ctx); err != nil || another {
				return next, err
			}
			return s.choose(ctx, m.actions)
		}
		if next, done, err := m.take(ctx, text); err != nil || done {
			return next, err
		}
	}
}

// announce says what would be done now, where that is no longer what was announced. It reports whether the step stands
// otherwise, so that all of it has to be shown.
func (s *session) announce(ctx context.Context, before *steps.Finding) (next walker.Next, another bool, err error) {
	next, err = s.work(ctx, s.walk.Look().Work)
	here := s.walk.Here()
	if err != nil || next.Arrived || s.walk.State == walker.Failed || here.Found.Status != before.Status {
		return next, true, err
	}
	if !walker.Announces(here.Found, before) {
		s.show(here.Info, *here.Found)
	}
	return next, false, nil
}

// wait asks what to do while a person's part is awaited, and looks meanwhile.
func (s *session) wait(ctx context.Context) (walker.Next, error) {
	f := s.walk.Here().Found
	for {
		text, typed, err := s.question(ctx, s.waitingQuestion(f), f.Poll)
		if err != nil {
			return walker.Next{}, err
		}
		if !typed {
			return s.watch(ctx)
		}
		if next, done, err := s.waitingAnswer(ctx, text); err != nil || done {
			return next, err
		}
	}
}

// watch looks again, quietly, until the finding is another one or a line is typed.
func (s *session) watch(ctx context.Context) (walker.Next, error) {
	for {
		if next, another, err := s.look(ctx); err != nil || another {
			return next, err
		}
		text, typed, err := s.ask(ctx, choice, s.walk.Here().Found.Poll)
		if err == nil && typed {
			typed, err = s.command(ctx, text)
		}
		if err != nil {
			return walker.Next{}, err
		}
		if !typed && text == "" {
			continue
		}
		if typed {
			if next, done, err := s.waitingAnswer(ctx, text); err != nil || done {
				return next, err
			}
		}
		return s.wait(ctx) // what was said took the question away
	}
}

// look reads the step without a word, and reports whether it says something else now. That it could not be read is said
// once.
func (s *session) look(ctx context.Context) (next walker.Next, another bool, err error) {
	before := *s.walk.Here().Found
	outcome := s.walk.Look().Work(ctx, func(steps.Event) {})
	if ctx.Err() != nil {
		return walker.Next{}, false, context.Cause(ctx)
	}
	next = s.walk.Take(outcome)
	if next.Unread != nil {
		if what := steps.Explain(next.Unread).What; what != s.unread {
			s.unread = what
			s.say(phrase.T("The tenant could not be read just now: %s It is tried again.", what))
		}
		return next, false, nil
	}
	s.unread = ""
	if next.Arrived {
		return next, true, nil
	}
	now := s.walk.Here().Found
	return next, s.walk.State == walker.Failed || now.Status != before.Status || rows(*now) != rows(before), nil
}

// waitingAnswer acts on what was typed while a person's part is awaited, and reports whether that leads anywhere.
func (s *session) waitingAnswer(ctx context.Context, text string) (walker.Next, bool, error) {
	f := s.walk.Here().Found
	switch {
	case text == "" && !entersFirst(f):
		return s.lookNow(ctx)
	case text == "":
		text = "e"
	}
	if a, ok := numbered(waitingActions(s), text); ok && looks(a) {
		return s.lookNow(ctx)
	}
	return menu{s, waitingActions(s), offered(s), false}.take(ctx, text)
}

// lookNow looks at once, because somebody asked to, and says that it did.
func (s *session) lookNow(ctx context.Context) (walker.Next, bool, error) {
	next, another, err := s.look(ctx)
	if err != nil || another {
		return next, true, err
	}
	text := phrase.T("Looked again at %s: nothing new.", phrase.Clock(time.Now()))
	if f := s.walk.Here().Found; f.Task != nil {
		text += " " + f.Task.Watched
	}
	s.say(text)
	return walker.Next{}, false, nil
}

// waitingQuestion lists what can be chosen while a person's part is awaited, and returns the question.
func (s *session) waitingQuestion(f *steps.Finding) string {
	menu{s, waitingActions(s), offered(s), false}.list()
	if entersFirst(f) {
		return phrase.T("Your choice, or an empty line to fill it in:")
	}
	return phrase.T("Your choice, or an empty line to look again:")
}

// act does an action, and opens its page.
func act(ctx context.Context, s *session, a steps.Action) walker.Next {
	if a.URL != "" {
		s.open(ctx, &steps.Task{URL: a.URL})
	}
	return s.walk.Do(a)
}

// waitingActions are those that can be done while a person's part is awaited. One that goes on with an answer comes by itself, once
// that is entered.
func waitingActions(s *session) []steps.Action {
	actions := s.walk.Actions()
	if entersFirst(s.walk.Here().Found) && looks(actions[0]) {
		return actions[1:]
	}
	return actions
}

// looks reports an action that reads the step again.
func looks(a steps.Action) bool { return a.ID == steps.ActRetry && a.URL == "" }

// looksFor reports that the program can notice by itself what is waited for, or has to be told it in a field.
func looksFor(f *steps.Finding) bool {
	return f.Poll > 0 || len(f.Fields) > 0 || len(f.Actions) > 0 && looks(f.Actions[0])
}

// entersFirst reports that what is waited for is something to enter: no look would notice it.
func entersFirst(f *steps.Finding) bool { return f.Poll == 0 && len(f.Fields) > 0 }

// checked is when an action that checks was done last.
func checked(a steps.Action) string {
	if a.Last.IsZero() {
		return ""
	}
	return phrase.T(", checked at %s", phrase.Clock(a.Last))
}

// numbered is the action with a typed number.
func numbered(actions []steps.Action, text string) (steps.Action, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || n > len(actions) {
		return steps.Action{}, false
	}
	return actions[n-1], true
}
