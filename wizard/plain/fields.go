package plain

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// form asks for the fields of a finding.
type form struct{ s *session }

// fill asks for each field, and for one whose answer can't be used again. It reports that what would be done may be something else now.
func (w form) fill(ctx context.Context, fields []steps.Field) (changed bool, err error) {
	for _, f := range fields {
		if f.Kind == steps.PasteField && f.Optional {
			continue // its step asks for it
		}
		for taken := false; !taken; {
			value, err := w.field(ctx, f)
			if errors.Is(err, errNothing) {
				w.s.say(phrase.T("Nothing was entered."))
				break
			}
			if err != nil {
				return changed, err
			}
			if (f.Optional || w.blocks()) && value.IsZero() && f.Value == "" {
				break // nobody has to answer it, or another answer goes on as well
			}
			changed = changed || value.Reveal() != f.Value
			if err := w.s.walk.Here().Step.Answer(w.s.Run, f.ID, value); err != nil {
				value.Forget()
				w.s.problem(err)
				continue
			}
			taken = true
		}
	}
	return changed, nil
}

// blocks reports a step that is blocked until one of its fields, or of its actions, is chosen.
func (w form) blocks() bool { return w.s.walk.Here().Found.Status == steps.Blocked }

// field asks for one value. An empty line keeps what is there. What helps to answer stands before the question.
func (w form) field(ctx context.Context, f steps.Field) (graph.Secret, error) {
	switch f.Kind {
	case steps.SecretField:
		w.s.in.forget()
		w.help(f)
		text, err := w.s.line(ctx, phrase.T("%s (not shown as you paste):", f.Label), hidden)
		return graph.NewSecret(text), err
	case steps.PasteField:
		return w.paste(ctx, f)
	case steps.ChoiceField:
		return w.option(ctx, f)
	}
	question := f.Label + ":"
	switch {
	case f.Optional:
		question = f.Label + " (optional):"
	case w.blocks():
		question = phrase.T("%s, or an empty line for the other answers:", f.Label)
	}
	if f.Value != "" {
		w.s.say(withHelp(phrase.T("%s, now %s:", f.Label, f.Value), f))
		question = phrase.T("Another one, or an empty line to keep it:")
	} else {
		w.help(f)
	}
	text, err := w.s.line(ctx, question, open)
	if text == "" {
		text = f.Value
	}
	return graph.NewText(text), err
}

func withHelp(question string, f steps.Field) string {
	return strings.TrimSpace(question + " " + f.Help)
}

// help says what helps to answer a question that follows.
func (w form) help(f steps.Field) {
	if f.Help != "" {
		w.s.say(f.Help)
	}
}

// errNothing says that nothing was entered, so that nothing is asked again.
var errNothing = errors.New("nothing was entered")

// paste reads lines up to one that nothing pasted can hold: it is made for this question alone. No other line ends it, is
// shown or means anything, whatever a mail has in it; but before a mail has begun, a line that was typed alone does.
func (w form) paste(ctx context.Context, f steps.Field) (graph.Secret, error) {
	end, err := closingLine()
	if err != nil {
		return graph.Secret{}, err
	}
	w.s.in.forget()
	w.s.say(withHelp(phrase.T("%s: paste it, or type an address or the path of a file. Nothing is shown.", f.Label), f))
	w.s.say(phrase.T("Then type this on a line of its own: %s", end))
	w.s.say(phrase.T("An empty line alone, before that, goes back without one, and q alone leaves."))
	var lines []string
	for {
		text, err := w.s.line(ctx, "", held)
		if err != nil {
			return graph.Secret{}, err
		}
		if len(lines) == 0 && (text == "" || text == "q") {
			more, pasted, err := w.s.ask(ctx, held, afterChoice)
			switch {
			case err != nil:
				return graph.Secret{}, err
			case !pasted && text == "q":
				return graph.Secret{}, cmp.Or(w.s.leave(ctx), errNothing)
			case !pasted:
				return graph.Secret{}, errNothing
			}
			lines, text = append(lines, text), more
		}
		if before, ended := strings.CutSuffix(strings.TrimRight(text, " "), end); ended { // a mail need not end with a line end
			mail := strings.TrimRight(strings.Join(append(lines, before), "\n"), "\n")
			if strings.TrimSpace(mail) == "" {
				return graph.Secret{}, errNothing
			}
			return graph.NewText(mail), nil
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
	return phrase.T("end %06d", n), nil
}

// option asks for one of a field's options. An empty line keeps the one that was chosen, or goes back where none was.
func (w form) option(ctx context.Context, f steps.Field) (graph.Secret, error) {
	said, question, otherwise := phrase.T("%s, now %s:", f.Label, labelOf(f)), phrase.T("Your choice, or an empty line to keep it:"), error(nil)
	if f.Undecided() {
		said, question, otherwise = f.Label+":", phrase.T("Your choice, or an empty line to go back without one:"), errNothing
	}
	w.s.say(withHelp(said, f))
	actions := make([]steps.Action, 0, len(f.Options))
	for _, o := range f.Options {
		if o.ID != "" || !f.Undecided() {
			actions = append(actions, steps.Action{ID: o.ID, Label: o.Label})
		}
	}
	choices(w.s.Options, actions)
	for {
		text, err := w.s.line(ctx, question, choice)
		if err != nil {
			return graph.Secret{}, err
		}
		if text == "" {
			return graph.NewText(f.Value), otherwise
		}
		if a, ok := numbered(actions, text); ok {
			return graph.NewText(a.ID), nil
		}
		w.s.say(phrase.T("That is none of the choices."))
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
