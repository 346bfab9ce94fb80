package plain

import (
	"context"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// besides is what can be done besides a step's actions: with its task, which may be nil, and with what may be entered.
type besides struct {
	s      *session
	task   *steps.Task
	fields []steps.Field
}

// offered is what can be done with the finding that is shown, if one is. What is asked for anyway is not offered.
func offered(s *session) besides {
	if s.walk.State != walker.Found {
		return besides{s: s}
	}
	f := s.walk.Here().Found
	b := besides{s, f.Task, slices.Clone(f.Fields)}
	if f.Status != steps.Waiting {
		b.fields = slices.DeleteFunc(b.fields, func(f steps.Field) bool { return f.Kind != steps.PasteField || !f.Optional })
		for i := range b.fields {
			b.fields[i].Optional = false // it was chosen
		}
	}
	return b
}

func (b besides) opens() bool { return b.task != nil && b.task.URL != "" }

// opensFirst is the instruction to open a page before a step's action is done; nil where there is none.
func (b besides) opensFirst() *steps.Item {
	if !b.opens() {
		return nil
	}
	i := slices.IndexFunc(b.task.Items, func(item steps.Item) bool { return item.Opens && !b.s.walk.Here().CarriedOut(item) })
	if i < 0 {
		return nil
	}
	return &b.task.Items[i]
}

// openFirst opens that page, or has the operator open it, who then says that they did.
func (b besides) openFirst(ctx context.Context, item steps.Item) {
	switch {
	case b.s.last.told == b.task.URL:
		b.s.Run.Opened(b.task.URL)
	case !b.s.open(ctx, b.task):
		b.s.last.told = b.task.URL
		return
	}
	b.s.last.told = ""
	b.s.walk.Here().Carried[item.ID] = true
}

func (b besides) copies() bool { return b.task != nil && copyable(b.task) > 0 }

// plays reports a part that can be played here. Of a step that waits for nobody it is to bring what may be entered, or to mend what blocks.
func (b besides) plays() bool {
	if b.s.awaited() == nil {
		return false
	}
	status := b.s.walk.Here().Found.Status
	return status == steps.Waiting || status == steps.Blocked || len(b.fields) > 0
}

func (b besides) list() {
	if len(b.fields) > 0 {
		b.s.say(phrase.T("e  Fill in: %s", phrase.JoinAnd(entered(b.fields))))
	}
	switch {
	case b.opensFirst() != nil && b.s.last.told == b.task.URL:
		b.s.say(phrase.T("o  I have opened it"))
	case b.opens():
		b.s.say(phrase.T("o  Open the page"))
	}
	if b.copies() {
		b.s.say(phrase.T("c  Copy a value"))
	}
	if b.plays() {
		b.s.say(phrase.T("p  Play this part (rehearsal)"))
	}
}

// entered is what can be entered, with the answers that can be given.
func entered(fields []steps.Field) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.Label
		var answers []string
		for _, o := range f.Options {
			if o.ID != f.Value {
				answers = append(answers, o.Label)
			}
		}
		if len(answers) > 0 {
			all[i] += " (" + strings.Join(answers, "; ") + ")"
		}
	}
	return all
}

// do does what was typed of it, or says that the text is none of the choices.
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
