package plain

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// decide gets the fields of a finding filled in and one of its actions chosen. While the finding waits for a person
// and can notice by itself that they are done, that counts as "look again".
func (s *session) decide(ctx context.Context, step steps.Step, f steps.Finding) (steps.Action, error) {
	if s.Autopilot {
		return s.autopilot(ctx, step, f)
	}
	if s.SignInChosen && s.at == 0 && f.Status == steps.Ready {
		if ok, err := s.fill(ctx, step, f.Fields); err != nil || !ok {
			return steps.Action{ID: steps.ActRetry}, err
		}
		s.SignInChosen = false
		return f.Actions[0], nil
	}
	if f.Status != steps.Waiting {
		if ok, err := s.fill(ctx, step, f.Fields); err != nil || !ok {
			return steps.Action{ID: steps.ActRetry}, err
		}
		return s.choose(ctx, f.Actions)
	}
	for {
		text, answered, err := s.question(ctx, s.waitingPrompt(f), f.Poll)
		if err != nil {
			return steps.Action{}, err
		}
		if !answered {
			return s.watch(ctx, step, f)
		}
		if a, done, err := s.waitingAnswer(ctx, step, f, text); err != nil || done {
			return a, err
		}
	}
}

// watch looks again, quietly, until the finding is another one or a line is typed.
func (s *session) watch(ctx context.Context, step steps.Step, f steps.Finding) (steps.Action, error) {
	for {
		if s.changed(ctx, step, f) {
			return steps.Action{ID: steps.ActRetry}, nil
		}
		text, answered, err := s.ask(ctx, choice, f.Poll)
		if err == nil && answered {
			answered, err = s.command(ctx, text)
		}
		if err != nil {
			return steps.Action{}, err
		}
		if !answered {
			continue
		}
		a, done, err := s.waitingAnswer(ctx, step, f, text)
		if err != nil || done {
			return a, err
		}
	}
}

// changed reports whether the step would say something else now, be it that it can't be read any more.
func (s *session) changed(ctx context.Context, step steps.Step, f steps.Finding) bool {
	now, err := step.Inspect(ctx, s.Run, func(steps.Event) {})
	return err != nil || now.Status != f.Status || rows(now) != rows(f)
}

// waitingAnswer acts on what was typed while a person's part is awaited.
func (s *session) waitingAnswer(ctx context.Context, step steps.Step, f steps.Finding, text string) (steps.Action, bool, error) {
	again := steps.Action{ID: steps.ActRetry}
	switch {
	case text == "p" && s.playable(f.Task):
		return again, true, s.play(ctx, step, f)
	case text == "e" && len(f.Fields) > 0:
		_, err := s.fill(ctx, step, f.Fields)
		return again, true, err
	case text == "o" && f.Task != nil && f.Task.URL != "":
		s.open(ctx, f.Task)
		return again, false, nil
	case text == "c" && f.Task != nil:
		return again, false, s.copyMenu(ctx, f.Task)
	}
	a, ok := pick(f.Actions, text)
	if !ok {
		s.say("That is none of the choices.")
	}
	return a, ok, nil
}

func (s *session) waitingPrompt(f steps.Finding) []string {
	var lines []string
	for i, a := range f.Actions {
		lines = append(lines, strconv.Itoa(i+1)+"  "+a.Label)
	}
	if len(f.Fields) > 0 {
		lines = append(lines, "e  Enter: "+f.Fields[0].Label)
	}
	if f.Task != nil && f.Task.URL != "" {
		lines = append(lines, "o  Open the page")
	}
	if f.Task != nil && copyable(f.Task) > 0 {
		lines = append(lines, "c  Copy a value")
	}
	if s.playable(f.Task) {
		lines = append(lines, "p  Play this part (rehearsal)")
	}
	return append(lines, "Your choice:")
}

// fill asks for each field. It reports false when an answer was refused, so that the finding is shown again.
func (s *session) fill(ctx context.Context, step steps.Step, fields []steps.Field) (bool, error) {
	for _, f := range fields {
		value, err := s.field(ctx, f)
		if err != nil {
			return false, err
		}
		if err := step.Answer(s.Run, f.ID, value); err != nil {
			value.Forget()
			s.problem(err)
			return false, nil
		}
	}
	return true, nil
}

// field asks for one value. An empty line keeps what is there.
func (s *session) field(ctx context.Context, f steps.Field) (graph.Secret, error) {
	if f.Help != "" {
		s.say(f.Help)
	}
	switch f.Kind {
	case steps.SecretField:
		s.in.forget()
		text, err := s.line(ctx, f.Label+" (not shown as you paste):", hidden)
		return graph.NewSecret(text), err
	case steps.PasteField:
		return s.paste(ctx, f)
	case steps.ChoiceField:
		return s.option(ctx, f)
	}
	text, err := s.line(ctx, f.Label+" ["+f.Value+"]:", open)
	if text == "" {
		text = f.Value
	}
	return graph.NewText(text), err
}

// paste reads lines up to one that nothing pasted can hold: it is made for this question alone. No other line ends it, is
// shown or means anything, whatever a mail has in it.
func (s *session) paste(ctx context.Context, f steps.Field) (graph.Secret, error) {
	end, err := closingLine()
	if err != nil {
		return graph.Secret{}, err
	}
	s.in.forget()
	s.say(f.Label + ": paste it, or type an address or the path of a file. Nothing is shown.")
	s.say("Then type this on a line of its own: " + end)
	var lines []string
	for {
		text, err := s.line(ctx, "", held)
		if err != nil {
			return graph.Secret{}, err
		}
		if before, ended := strings.CutSuffix(strings.TrimRight(text, " "), end); ended { // a mail need not end with a line end
			lines = append(lines, before)
			return graph.NewText(strings.TrimRight(strings.Join(lines, "\n"), "\n")), nil
		}
		lines = append(lines, text)
	}
}

// closingLine is a line that is easy to type without seeing it, and that nobody can have written into a mail.
func closingLine() (string, error) {
	const numbers = 1_000_000
	n, err := rand.Int(rand.Reader, big.NewInt(numbers))
	if err != nil {
		return "", fmt.Errorf("make a closing line: %w", err)
	}
	return fmt.Sprintf("end %06d", n), nil
}

func (s *session) option(ctx context.Context, f steps.Field) (graph.Secret, error) {
	s.sayf("%s, now %s:", f.Label, labelOf(f))
	actions := make([]steps.Action, 0, len(f.Options))
	for _, o := range f.Options {
		actions = append(actions, steps.Action{ID: o.ID, Label: o.Label})
	}
	for i, a := range actions {
		s.sayf("%d  %s", i+1, a.Label)
	}
	for {
		text, err := s.line(ctx, "Your choice, or an empty line to keep it:", choice)
		if err != nil || text == "" {
			return graph.NewText(f.Value), err
		}
		if a, ok := pick(actions, text); ok {
			return graph.NewText(a.ID), nil
		}
		s.say("That is none of the choices.")
	}
}

func labelOf(f steps.Field) string {
	for _, o := range f.Options {
		if o.ID == f.Value {
			return o.Label
		}
	}
	return f.Value
}

// choose asks for one of the actions; an empty line is the first.
func (s *session) choose(ctx context.Context, actions []steps.Action) (steps.Action, error) {
	if s.Autopilot {
		return actions[0], s.pause(ctx)
	}
	for i, a := range actions {
		s.sayf("%d  %s", i+1, a.Label)
	}
	for {
		text, err := s.line(ctx, "Your choice [1]:", choice)
		if err != nil {
			return steps.Action{}, err
		}
		if text == "" {
			return actions[0], nil
		}
		if a, ok := pick(actions, text); ok {
			return a, nil
		}
		s.say("That is none of the choices.")
	}
}

// pick is the action with a typed number.
func pick(actions []steps.Action, text string) (steps.Action, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || n > len(actions) {
		return steps.Action{}, false
	}
	return actions[n-1], true
}

// line asks until a line is typed that is no command of this front end's own. What is not shown is taken as it is.
func (s *session) line(ctx context.Context, prompt string, want echo) (string, error) {
	for {
		if prompt != "" {
			s.say(prompt)
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
func (s *session) question(ctx context.Context, prompt []string, poll time.Duration) (string, bool, error) {
	for _, line := range prompt {
		s.say(line)
	}
	for {
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
		text, answered, err := s.in.ask(ctx, want, max(0, wait))
		if errors.Is(err, errPasted) {
			s.say(pastedHere)
			continue
		}
		if err != nil || answered {
			return text, answered, err
		}
		switch e, open := s.Run.Exposure(); {
		case open && e.NoGuard != "":
			s.sayf("MFA is off for %s, and nobody else could put it back if this program ended: %s.", e.Account, strings.TrimSuffix(e.NoGuard, "."))
			return "", false, ErrUnguarded
		case open && e.Due(time.Now()):
			s.sayf("MFA has been off for %s for %s, the longest allowed.", e.Account, stopwatch(e.Cap))
			return "", false, ErrCapped
		}
	}
}

// command does what ?, d and q mean everywhere, and reports true for any other text.
func (s *session) command(ctx context.Context, text string) (bool, error) {
	switch strings.TrimSpace(text) {
	case "?":
		for _, p := range s.Steps[s.at].Info().Help {
			s.say(p)
		}
	case "d":
		s.details()
	case "q":
		return false, s.leave(ctx)
	default:
		return true, nil
	}
	return false, nil
}
