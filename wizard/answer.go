package wizard

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// enter does the focused action, or goes from an entry to what follows it.
func (f *flow) enter(m *Model) tea.Cmd {
	entries, focus := m.focus().entries(), m.focus().place()
	if focus < len(entries)-1 {
		m.focus().on(focus + 1)
		return nil
	}
	action, any := m.focus().action()
	switch top := m.over.top(); {
	case !any && m.links().opens():
		return m.links().open()
	case !any:
		m.note = m.stillWaiting()
		return nil
	case m.body().unread(action):
		m.body().pageDown()
		m.note = ""
		return nil
	case m.body().away(action):
		m.body().back()
		return nil
	case top != nil:
		return top.act(m, action.ID)
	case action.ID == walker.ActItem:
		return f.follow(m, m.current().Item(m.task()))
	case len(entries) > 0 && action == f.walk.Primary():
		return f.fill(m, action)
	}
	return f.choose(m, action)
}

// fill submits what was entered, unless something is missing.
func (f *flow) fill(m *Model, action steps.Action) tea.Cmd {
	if m.note = f.missing(m, action); m.note != "" {
		if i := m.current().form.lacking(); i >= 0 && slices.Contains([]steps.FieldKind{steps.TextField, steps.ChoiceField}, m.focus().entries()[i].field.Kind) {
			m.focus().on(i)
		}
		return nil
	}
	return f.submit(m, action)
}

// missing says what an action can't do without: what has to be typed or pasted, or a choice other than what blocks the step. It is empty where the
// action takes nothing that is entered, or all is there.
func (f *flow) missing(m *Model, action steps.Action) string {
	entries := m.focus().entries()
	if len(entries) == 0 || action != f.walk.Primary() {
		return ""
	}
	if m.current().Found.Status == steps.Blocked && !m.current().form.changed() {
		if m.focus().typing() {
			return phrase.T("Nothing is entered yet: type it, or go to another answer with tab.")
		}
		return phrase.T("With these answers it stays blocked. Change one: the arrow keys choose, tab goes to the next.")
	}
	i := m.current().form.lacking()
	switch {
	case i < 0:
		return ""
	case entries[i].field.Kind == steps.ChoiceField:
		return phrase.T("%s: nothing is chosen yet. The arrow keys choose.", entries[i].field.Label)
	case entries[i].field.Kind == steps.TextField:
		return phrase.T("%s is empty. Type it first.", entries[i].field.Label)
	}
	return phrase.T("%s is empty. Paste it now: it finds its field by itself.", entries[i].field.Label)
}

// submit hands over every field and then does the action, which opens its page once it is done.
func (f *flow) submit(m *Model, action steps.Action) tea.Cmd {
	m.note, f.asked = "", false
	if action.ID == steps.ActApply {
		m.current().read = true // whatever a refusal puts between
	}
	var opened tea.Cmd
	if action.ID == steps.ActRetry || !walker.Known(action) {
		opened = m.links().openFor(action)
	}
	return tea.Batch(opened, f.carryOut(m, f.walk.Submit(action, m.current().form.answers())))
}

// choose does an action.
func (f *flow) choose(m *Model, action steps.Action) tea.Cmd {
	m.note, f.asked = "", action.ID == steps.ActRetry
	return tea.Batch(m.links().openFor(action), f.carryOut(m, f.walk.Do(action)))
}

// refused shows why a value was not taken, beside its field.
func (f *flow) refused(m *Model, r walker.Refusal) tea.Cmd {
	s := m.current()
	m.focus().on(s.form.refuse(r.Field, f.sentence(m, r.Err)))
	m.body().reveal()
	return f.pollAfter(m, s.Found.Poll)
}

// sentence is an error as it stands beside a field.
func (f *flow) sentence(m *Model, err error) string {
	p := m.explain(err)
	return strings.TrimSpace(p.What + " " + p.Next)
}
