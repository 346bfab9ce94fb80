package wizard

import (
	"reflect"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
	"github.com/delegate365-onboard/delegate365-onboard/styles"
)

// form is the entries of one finding, in order.
type form struct{ entries []*entry }

// update takes over the fields of a new finding and reports whether they are the same ones, in which case what was
// typed and not answered yet is kept.
func (f *form) update(m *Model, fields []steps.Field) bool {
	if !f.same(fields) {
		f.entries = nil
		for _, field := range fields {
			f.entries = append(f.entries, newEntry(m, field))
		}
		return false
	}
	for i, field := range fields {
		e := f.entries[i]
		old := e.field
		e.field = field
		if !reflect.DeepEqual(old.Options, field.Options) || e.text() == old.Value && old.Value != field.Value {
			f.entries[i] = newEntry(m, field)
		}
	}
	return true
}

func (f *form) same(fields []steps.Field) bool {
	if len(f.entries) != len(fields) {
		return false
	}
	for i, field := range fields {
		if f.entries[i].field.ID != field.ID || f.entries[i].field.Kind != field.Kind {
			return false
		}
	}
	return true
}

// firstOpen is the first entry that must be filled and is not, or else the place after the last entry.
func (f *form) firstOpen() int {
	for i, e := range f.entries {
		if !e.field.Optional && e.text() == "" {
			return i
		}
	}
	return len(f.entries)
}

// lacking is the place of the first entry that can't be left empty and is; negative for none.
func (f *form) lacking() int {
	return slices.IndexFunc(f.entries, func(e *entry) bool {
		if e.field.Kind == steps.ChoiceField {
			return e.undecided()
		}
		return !e.field.Optional && e.text() == ""
	})
}

func (f *form) focusOn(i int) {
	for j, e := range f.entries {
		if i == j {
			e.ui.Focus()
		} else {
			e.ui.Blur()
		}
	}
}

// answers are the values to hand to the step: all but the optional ones that are empty and were so before.
func (f *form) answers() []walker.Answer {
	var out []walker.Answer
	for _, e := range f.entries {
		if text := e.text(); text != "" || !e.field.Optional || e.field.Value != "" {
			value := graph.NewText(text) // what is typed in the open may stand on screen, and so may the address in a mail
			if e.field.Kind == steps.SecretField {
				value = graph.NewSecret(text)
			}
			out = append(out, walker.Answer{Field: e.field.ID, Value: value})
		}
	}
	return out
}

// forget drops secrets and mails once the step has taken them, and keeps the rest as what the step knows.
func (f *form) forget() {
	for _, e := range f.entries {
		e.field.Value = e.text()
		if e.field.Kind == steps.SecretField || e.held != "" {
			e.drop()
		}
	}
}

// fields are what the entries are for.
func (f *form) fields() []steps.Field {
	var out []steps.Field
	for _, e := range f.entries {
		out = append(out, e.field)
	}
	return out
}

func (f *form) paint(p styles.Palette) {
	for _, e := range f.entries {
		*e = *e.drawnWith(p)
	}
}

// take passes on what huh sends to itself, as after a paste from the system's clipboard.
func (f *form) take(m *Model, msg tea.Msg) tea.Cmd {
	if e := m.focus().entry(); e != nil {
		e.ui.Update(msg)
	}
	return nil
}
