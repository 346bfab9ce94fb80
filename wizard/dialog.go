package wizard

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// A dialog lies over the step. Everything about one stands in its own file: what it says, what can be chosen, what its keys
// do, and how it differs from one that only waits for an answer.

// dialog is a screen over the step.
type dialog interface {
	title(m *Model) (string, steps.Actor)
	body(p *page)
	// actions are what Enter can choose; the first is primary.
	actions(m *Model) []steps.Action
	// esc is what Esc does, its label the word for the footer. Without a label Esc does nothing.
	esc(m *Model) steps.Action
	// act does one of actions, or esc.
	act(m *Model, id string) tea.Cmd
	// keys takes those keys away that do nothing here.
	keys(m *Model, k *keyMap)
	traits(m *Model) traits
	where() *position
}

// traits are how a dialog differs from the plainest, which has none of them.
type traits struct {
	task       *steps.Task // of a person, meanwhile
	link       string      // that o opens
	underWay   string      // names the work that is waited for
	job        job         // that work
	activity   activity
	since      time.Time                  // a clock on screen counts from then
	status     string                     // in the status line, while the exposure window is not open
	sideBySide bool                       // its actions are buttons
	goesOn     bool                       // the autopilot takes the primary action
	same       func(*keyMap) *key.Binding // the key that does what Esc does, and so is not named beside it
}

// activity is what the screen shows as going on, and so how often it changes by itself.
type activity int

const (
	asBeneath activity = iota // as the step beneath does
	working
	waiting
)

// position is where the operator is in a dialog. Each embeds one, and with it what most have in common.
type position struct {
	focus  int // over the actions
	scroll int // the first line of the body in sight, or byItself
}

func (s *position) where() *position   { return s }
func (*position) keys(*Model, *keyMap) {}
func (*position) traits(*Model) traits { return traits{} }

// dialogStack is what lies over the step. Help and details lie over any other.
type dialogStack struct {
	question dialog // or an answer that is being carried out
	reading  dialog // help or details
	beneath  beneath
}

// top is the dialog on screen, nil where it is the step.
func (o *dialogStack) top() dialog {
	if o.reading != nil {
		return o.reading
	}
	return o.question
}

// ask puts a dialog on screen in place of all that lie over the step; nil uncovers the step.
func (o *dialogStack) ask(q dialog) { *o = dialogStack{question: q} }

// traits are those of the dialog on screen.
func (o *dialogStack) traits(m *Model) traits {
	if top := o.top(); top != nil {
		return top.traits(m)
	}
	return traits{}
}

// questionTraits are those of the question, whether or not help or details lie over it.
func (o *dialogStack) questionTraits(m *Model) traits {
	if o.question != nil {
		return o.question.traits(m)
	}
	return traits{}
}

// keys leaves those enabled that every dialog leaves.
func (o *dialogStack) keys(m *Model, k *keyMap) {
	for _, each := range []dialog{o.question, o.reading} {
		if each != nil {
			each.keys(m, k)
		}
	}
}

// under does what concerns the step's own focus, and leaves alone that of a dialog which lies over it.
func (o *dialogStack) under(f func()) {
	over := *o
	*o = dialogStack{}
	f()
	*o = over
}
