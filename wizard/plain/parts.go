package plain

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// apply runs a step's changes. While it waits for a person, their part can be played, or the page opened. It never
// returns before the changes have come to a stop.
func (s *session) apply(outer context.Context, step steps.Step) error {
	ctx, cancel := context.WithCancel(outer)
	events, done := make(chan steps.Event), make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- panics.Caught(r)
			}
		}()
		done <- step.Apply(ctx, s.Run, func(e steps.Event) {
			select {
			case events <- e:
			case <-ctx.Done():
			}
		})
	}()
	ended, err := s.follow(ctx, cancel, step, events, done)
	cancel()
	if !ended {
		switch late := <-done; {
		case err != nil || late == nil || errors.Is(late, context.Canceled):
		case s.Autopilot: // its part failed, and counts as a try already
			s.problem(late)
		default:
			err = late
		}
	}
	if err != nil {
		return err
	}
	return context.Cause(outer)
}

// ErrBroken says that the program itself panicked.
var ErrBroken = panics.ErrBroken

// follow says what Apply reports and acts on what is typed meanwhile, until Apply has ended or somebody leaves.
func (s *session) follow(ctx context.Context, cancel func(), step steps.Step, events <-chan steps.Event, done <-chan error) (ended bool, err error) {
	var task *steps.Task
	var lines <-chan line
	for {
		select {
		case e := <-events:
			s.event(e)
			if e.Task == nil {
				continue
			}
			task = e.Task
			s.task(*task)
			if s.Autopilot {
				if _, err := s.playTask(ctx, step, *task, steps.Finding{}); err != nil {
					return false, s.again(ctx, err)
				}
				continue
			}
			s.say(s.taskPrompt(task))
			lines = s.in.start(choice)
		case l := <-lines:
			lines = nil
			text, err := s.in.took(l)
			if errors.Is(err, errPasted) {
				s.say(pastedHere)
				lines = s.in.start(choice)
				continue
			}
			if err != nil {
				return false, err
			}
			if text == "x" {
				s.say("Stopping.")
				cancel()
				continue
			}
			again, err := s.taskAnswer(ctx, task, text)
			if err != nil {
				return false, err
			}
			if again {
				lines = s.in.start(choice)
			}
		case err := <-done:
			if err != nil && !errors.Is(err, context.Canceled) {
				return true, s.failed(ctx, err)
			}
			return true, nil
		}
	}
}

func (s *session) taskPrompt(t *steps.Task) string {
	prompt := "Waiting. Type o to open the page, x to stop waiting"
	if s.playable(t) {
		prompt += ", p to play this part (rehearsal)"
	}
	return prompt + "."
}

// taskAnswer acts on what was typed in the middle of Apply, and reports whether another line is awaited.
func (s *session) taskAnswer(ctx context.Context, t *steps.Task, text string) (bool, error) {
	switch {
	case text == "p" && s.playable(t):
		s.sayf("Playing the part: %s ...", t.Part)
		if _, err := s.Run.Person().Play(ctx, t.Part, carried(*t)); err != nil {
			s.problem(&steps.Error{Op: "play the part " + t.Part, Err: err})
			s.say(s.taskPrompt(t))
			return true, nil // a closed input then ends the wait
		}
		return false, nil
	case text == "o" && t.URL != "":
		s.open(ctx, t)
	default:
		if mine, err := s.command(ctx, text); err != nil || !mine {
			return true, err
		}
		s.say(s.taskPrompt(t))
	}
	return true, nil
}

func (s *session) playable(t *steps.Task) bool {
	return t != nil && t.Part != "" && s.Run.Person() != nil
}

// play plays the person's part of a finding.
func (s *session) play(ctx context.Context, step steps.Step, f steps.Finding) error {
	_, err := s.playTask(ctx, step, *f.Task, f)
	return err
}

// playTask plays a part and hands what it brought back to the first field that takes it, or chooses the action that it
// names. It reports whether something was answered.
func (s *session) playTask(ctx context.Context, step steps.Step, t steps.Task, f steps.Finding) (bool, error) {
	s.sayf("Playing the part: %s ...", t.Part)
	out, err := s.Run.Person().Play(ctx, t.Part, carried(t))
	if err != nil {
		failed := &steps.Error{Op: "play the part " + t.Part, Err: err}
		s.problem(failed)
		if s.Autopilot {
			return false, failed
		}
		return false, nil
	}
	for _, a := range f.Actions {
		if a.ID == out {
			s.answer(step, a.ID, graph.Secret{})
			return true, nil
		}
	}
	for _, field := range f.Fields {
		if out != "" && takes(field, out) {
			value := graph.NewSecret(out)
			if field.Kind == steps.ChoiceField {
				value = graph.NewText(out)
			}
			s.answer(step, field.ID, value)
			return true, nil
		}
	}
	return false, nil
}

// takes reports a field for what a person brings back.
func takes(f steps.Field, out string) bool {
	switch f.Kind {
	case steps.SecretField, steps.PasteField:
		return true
	case steps.ChoiceField:
		return slices.ContainsFunc(f.Options, func(o steps.Option) bool { return o.ID == out })
	}
	return false
}

func (s *session) answer(step steps.Step, id string, value graph.Secret) {
	if err := step.Answer(s.Run, id, value); err != nil {
		s.problem(err)
	}
}

// carried is what a person would carry over from this screen.
func carried(t steps.Task) map[string]string {
	with := map[string]string{"url": t.URL, "code": t.Code}
	for _, item := range t.Items {
		if !item.Copy.IsZero() {
			with[item.ID] = item.Copy.Reveal()
		}
	}
	return with
}

// autopilot takes the primary action, after playing the person's part where one is awaited.
func (s *session) autopilot(ctx context.Context, step steps.Step, f steps.Finding) (steps.Action, error) {
	if err := s.pause(ctx); err != nil {
		return steps.Action{}, err
	}
	if f.Status == steps.Blocked || undecided(f) || asksAgain(f) {
		stuck := &steps.Error{Op: "go on by itself", Hint: "This tenant needs a decision. Run the rehearsal without --autopilot."}
		return f.Actions[0], s.again(ctx, stuck) // looking again may be what it takes
	}
	if f.Status == steps.Waiting && s.playable(f.Task) {
		answered, err := s.playTask(ctx, step, *f.Task, f)
		if err != nil {
			return steps.Action{ID: steps.ActRetry}, s.again(ctx, err)
		}
		if answered {
			return steps.Action{ID: steps.ActRetry}, nil
		}
	}
	return f.Actions[0], nil
}

// undecided reports a choice that only the operator can make, because no part of a person's answers it.
func undecided(f steps.Finding) bool {
	return f.Status == steps.Waiting && f.Task == nil && slices.ContainsFunc(f.Fields, func(field steps.Field) bool {
		return !field.Optional && field.Value == ""
	})
}

// asksAgain reports a question that is only asked again when nothing is entered.
func asksAgain(f steps.Finding) bool {
	return f.Status == steps.Ready && len(f.Fields) > 0 && f.Actions[0].ID == steps.ActRetry
}

// mostTries is how often the autopilot tries again in one step, as often as in the wizard.
const mostTries = 6

// again lets the autopilot try again, after a while; the error is nil as long as it may.
func (s *session) again(ctx context.Context, failed error) error {
	if s.tries++; s.tries > mostTries {
		return failed
	}
	return sleep(ctx, max(s.Pace, time.Second))
}

func (s *session) pause(ctx context.Context) error { return sleep(ctx, s.Pace) }

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *session) open(ctx context.Context, t *steps.Task) {
	said, err := s.Run.Open(ctx, t.URL, t.Private)
	if err != nil {
		said = "No browser can be opened here. Open this page yourself: " + t.URL
	}
	s.say(said)
}

func copyable(t *steps.Task) int {
	n := 0
	for _, item := range t.Items {
		if !item.Copy.IsZero() {
			n++
		}
	}
	return n
}

// copyMenu asks which value to copy, and copies it.
func (s *session) copyMenu(ctx context.Context, t *steps.Task) error {
	text, err := s.line(ctx, "Number of the line to copy:", choice)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > len(t.Items) || t.Items[n-1].Copy.IsZero() {
		s.say("That line has nothing to copy.")
		return nil
	}
	s.copy(ctx, t.Items[n-1])
	return nil
}

// copy hands a value to the clipboard and says what is known of that.
func (s *session) copy(ctx context.Context, item steps.Item) {
	err := clipboard.ErrNone
	if s.Copy != nil {
		var report clipboard.Report
		report, err = s.Copy(ctx, item.Copy)
		for _, sentence := range report.Sentences() {
			s.say(sentence)
		}
	}
	switch {
	case err == nil:
	case item.Shown != "":
		s.say("No clipboard can be reached from here. The value is no secret: it stands in the line itself.")
	default:
		s.say("No clipboard can be reached from here. The secret is not printed instead: a line can't be taken back, and a " +
			"screen reader would speak it. The wizard, without --accessible, can show it once.")
	}
}
