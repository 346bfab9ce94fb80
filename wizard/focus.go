package wizard

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// Focus goes over the instruction to follow now, the entry fields and then the actions, in the order they stand on screen. It begins
// where something must be entered, or else at the primary action.

// focus is the focus of a model as it is now.
type focus struct{ m *Model }

func (m *Model) focus() focus { return focus{m} }

// entries are the fields that can be typed into now.
func (f focus) entries() []*entry {
	m := f.m
	if m.over.top() != nil || m.flow.walk.State != walker.Found || m.flow.walk.LookingBack() {
		return nil
	}
	return m.current().form.entries
}

// actions are what Enter can do now; the first is primary.
func (f focus) actions() []steps.Action {
	m := f.m
	if top := m.over.top(); top != nil {
		return top.actions(m)
	}
	offers := m.flow.walk.Offers(m.task())
	if s := m.current(); s.toldToOpen(m.task(), m.links().byHand(m.task())) {
		offers[0].Label = phrase.T("I have opened it")
	}
	return offers
}

// item reports whether the focus is on the instruction to follow now.
func (f focus) item() bool {
	actions, i := f.actions(), f.place()-len(f.entries())
	return i >= 0 && i < len(actions) && actions[i].ID == walker.ActItem
}

// asked reports that a choice is asked for beneath the instruction that has the focus.
func (f focus) asked() bool {
	entries := f.entries()
	return len(entries) > 0 && entries[0].field.Kind == steps.ChoiceField && f.item()
}

// action is the one that Enter does; any is false where there is none.
func (f focus) action() (action steps.Action, any bool) {
	actions, i := f.actions(), f.place()-len(f.entries())
	if i < 0 { // behind the last entry
		i = f.primary() - len(f.entries())
	}
	if len(actions) == 0 {
		return steps.Action{}, false
	}
	return actions[min(i, len(actions)-1)], true
}

// primary is the place of the step's own first action, behind the entries and the instruction to follow now.
func (f focus) primary() int {
	at := len(f.entries())
	if actions := f.actions(); len(actions) > 0 && actions[0].ID == walker.ActItem {
		at++
	}
	return at
}

// first is where the focus begins: at the instruction to follow now, at what must be entered or frees what is blocked, or else at the
// primary action.
// Beside a task that has keys of its own it is not at what is pasted, because in a text those keys would be letters; what is
// pasted finds its field all the same.
func (f focus) first() int {
	m := f.m
	entries := len(f.entries())
	if f.primary() > entries {
		return entries
	}
	if entries > 0 && m.current().Found.Status == steps.Blocked {
		return 0 // the way out is to choose otherwise
	}
	if open := m.current().form.firstOpen(); open < entries && (f.entries()[open].field.Kind == steps.ChoiceField || f.entries()[open].field.Kind == steps.TextField) {
		return open
	}
	if task := m.task(); task != nil && (task.URL != "" || len(copies(task)) > 0 || m.rehearsal.playable(m)) {
		return entries
	}
	return min(m.current().form.firstOpen(), entries)
}

// stops is how many places the focus can be in.
func (f focus) stops() int { return len(f.entries()) + len(f.actions()) }

// place is where the focus is, over entries and then actions.
func (f focus) place() int {
	m := f.m
	if top := m.over.top(); top != nil {
		return top.where().focus
	}
	return m.current().focus
}

// on puts the focus on the i-th place.
func (f focus) on(i int) {
	if top := f.m.over.top(); top != nil {
		top.where().focus = i
		return
	}
	s := f.m.current()
	s.focus = max(i, 0)
	s.form.focusOn(s.focus)
}

// move moves the focus by that many places as they stand on screen, round the end.
func (f focus) move(by int) { f.along(f.order(), by) }

// tab moves it so too, but from the primary action first to what can be changed.
func (f focus) tab(by int) {
	order := f.order()
	if primary := f.primary(); f.changes() {
		order = slices.Insert(slices.Delete(order, primary, primary+1), 0, primary)
	}
	f.along(order, by)
}

// tabDoes is what the next tab is for.
func (f focus) tabDoes() string {
	switch {
	case f.asked():
		return phrase.T("answer")
	case f.atChange():
		return phrase.T("change a line")
	}
	return phrase.T("move")
}

// changes reports entries above the primary action of which none has to be answered.
func (f focus) changes() bool {
	entries := len(f.entries())
	return entries > 0 && f.m.task() == nil && f.primary() == entries && f.first() == entries
}

// atChange reports that the next tab leads to the first of them.
func (f focus) atChange() bool { return f.changes() && f.place() == f.primary() }

func (f focus) along(order []int, by int) {
	if n := len(order); n > 0 {
		f.m.note = ""
		f.on(order[(slices.Index(order, f.place())+by+n)%n])
	}
}

// order are the places from the top of the screen down: the instruction to follow now stands above the entries.
func (f focus) order() []int {
	var order []int
	entries := len(f.entries())
	for place := range f.stops() {
		order = append(order, place)
	}
	if f.primary() > entries {
		order = slices.Insert(slices.Delete(order, entries, entries+1), 0, entries)
	}
	return order
}

// entry is the one that has the focus, or nil.
func (f focus) entry() *entry {
	entries := f.entries()
	if i := f.place(); i < len(entries) {
		return entries[i]
	}
	return nil
}

// typing reports whether keys go into a text.
func (f focus) typing() bool {
	entry := f.entry()
	return entry != nil && entry.field.Kind != steps.ChoiceField
}
