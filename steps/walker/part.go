package walker

import (
	"context"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Part is a person's part in a rehearsal. It may be called from any goroutine.
type Part func(ctx context.Context) Played

// Played is what a part brought back.
type Played struct {
	Brought graph.Secret
	Err     error
}

// carries are the values that a person carries over from a task, by what Person.Play calls them.
func carries(t *steps.Task) map[string]graph.Secret {
	with := map[string]graph.Secret{"url": graph.NewText(t.URL), "code": graph.NewText(t.Code)}
	for _, item := range t.Items {
		if !item.Copy.IsZero() {
			with[item.ID] = item.Copy
		}
	}
	return with
}

// NewPart is the person's part of a task. What it brings back is a secret where one of the fields asks for one.
func NewPart(person steps.Person, t *steps.Task, fields []steps.Field) Part {
	part, with := t.Part, carries(t)
	keep := graph.NewText // most parts only bring back what a page said
	if slices.ContainsFunc(fields, func(f steps.Field) bool { return f.Kind == steps.SecretField }) {
		keep = graph.NewSecret
	}
	return func(ctx context.Context) Played {
		carried := map[string]string{}
		for id, secret := range with {
			carried[id] = secret.Reveal()
		}
		brought, err := person.Play(ctx, part, carried)
		return Played{keep(brought), err}
	}
}

// Part is the person's part of a task of the step that is shown.
func (w *Walk) Part(person steps.Person, t *steps.Task) Part {
	var fields []steps.Field
	if found := w.Here().Found; found != nil {
		fields = found.Fields
	}
	return NewPart(person, t, fields)
}

// Played gives what a part brought back to the field that waits for it, or names the action that the person would choose.
// Otherwise the step is read again, unless its work goes on.
func (w *Walk) Played(p Played) Next {
	if w.State != Found {
		return Next{}
	}
	found := w.Here().Found
	answer, words, _ := strings.Cut(p.Brought.Reveal(), "\n")
	for _, a := range found.Actions {
		if a.ID == answer && !Known(a) {
			return Next{Turn: Acting, Action: a, Said: words}
		}
	}
	field, label := Carrier(found.Fields, answer)
	switch {
	case field == "" || p.Brought.IsZero():
		return w.Look()
	case !slices.ContainsFunc(found.Fields, func(f steps.Field) bool { return f.ID == field && f.Kind == steps.ChoiceField }):
		return w.Answer(steps.Action{}, Answer{field, p.Brought})
	}
	next := w.Answer(steps.Action{}, Answer{field, graph.NewText(answer)})
	next.Action.Label, next.Said = label, words
	return next
}

// Carrier is the field for what a person brings back: the first secret, or else the first pasted text, or else the choice
// that has it among its options, and what that option says. Both are empty where no field is.
func Carrier(fields []steps.Field, brought string) (id, said string) {
	for _, kind := range []steps.FieldKind{steps.SecretField, steps.PasteField} {
		for _, f := range fields {
			if f.Kind == kind {
				return f.ID, ""
			}
		}
	}
	for _, f := range fields {
		for _, o := range f.Options {
			if o.ID == brought {
				return f.ID, o.Label
			}
		}
	}
	return "", ""
}
