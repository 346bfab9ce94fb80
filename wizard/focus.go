package wizard

import (
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// Focus goes over the entry fields and then the actions, in the order they stand on screen. It begins where something
// must be entered, or else at the primary action.

// entries are the fields that can be typed into now.
func (m *Model) entries() []*entry {
	if m.over.top() != nil || m.walk.State != walker.Found || m.walk.LookingBack() {
		return nil
	}
	return m.current().form.entries
}

// actions are what Enter can do now; the first is primary.
func (m *Model) actions() []steps.Action {
	if top := m.over.top(); top != nil {
		return top.actions(m)
	}
	return m.walk.Actions()
}

// firstFocus is where the focus begins: at what must be entered, or else at the primary action. Beside a task that has
// keys of its own it is at a choice or at the action, because in a text those keys would be letters; what is pasted there
// finds its field all the same.
func (m *Model) firstFocus() int {
	entries := len(m.entries())
	if open := m.current().form.firstOpen(); open < entries && m.entries()[open].field.Kind == steps.ChoiceField {
		return open
	}
	if task := m.task(); task != nil && (task.URL != "" || len(copies(task)) > 0 || m.playable()) {
		return entries
	}
	return min(m.current().form.firstOpen(), entries)
}

// stops is how many places the focus can be in.
func (m *Model) stops() int { return len(m.entries()) + len(m.actions()) }

// focusNow is where the focus is, over entries and then actions.
func (m *Model) focusNow() int {
	if top := m.over.top(); top != nil {
		return top.where().focus
	}
	return m.current().focus
}

// focusOn puts the focus on the i-th place.
func (m *Model) focusOn(i int) {
	if top := m.over.top(); top != nil {
		top.where().focus = i
		return
	}
	s := m.current()
	s.focus = max(i, 0)
	s.form.focusOn(s.focus)
}

// move moves the focus by that many places, round the end.
func (m *Model) move(by int) {
	n := m.stops()
	if n == 0 {
		return
	}
	m.note = ""
	m.focusOn((m.focusNow() + by + n) % n)
}

// focused is the entry that has the focus, or nil.
func (m *Model) focused() *entry {
	entries := m.entries()
	if i := m.focusNow(); i < len(entries) {
		return entries[i]
	}
	return nil
}

// typing reports whether keys go into a text.
func (m *Model) typing() bool {
	entry := m.focused()
	return entry != nil && entry.field.Kind != steps.ChoiceField
}
