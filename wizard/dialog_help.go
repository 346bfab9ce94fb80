package wizard

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// helpDialog says what the screen beneath is about, what its keys do and how to get out.
type helpDialog struct{ reader }

// reader is what help and details have in common: they are read, and closed again by Esc, Enter or the key that opened them.
type reader struct{ position }

const actShut = "wizard:shut"

func (*reader) actions(*Model) []steps.Action {
	return []steps.Action{{ID: actShut, Label: phrase.T("Close")}}
}

func (*reader) esc(*Model) steps.Action  { return steps.Action{ID: actShut, Label: phrase.T("close")} }
func (*reader) keys(_ *Model, k *keyMap) { k.Quit.SetEnabled(false) }

// beneath is what help and details tell of the screen they lie over.
type beneath struct {
	keys []key.Binding
	link string // that o opens there
	note string // that stands there, when it is too long for its place
}

// read lays help or details over the screen.
func (o *dialogStack) read(m *Model, d dialog) {
	if o.reading == nil {
		o.beneath = beneath{keys: m.keys.all(m), link: m.links().url()}
		if f := m.frame(); strings.Join(drawing{m, f}.noteLines(), " ") != strings.Join(wrap(m.note, f.actions.w), " ") {
			o.beneath.note = m.note
		}
	}
	o.reading = d
}

// help opens help, or closes it.
func (o *dialogStack) help(m *Model) {
	if _, open := o.reading.(*helpDialog); open {
		o.reading = nil
		return
	}
	o.read(m, &helpDialog{})
}

// all are the keys of the screen, as help lists them.
func (k keyMap) all(m *Model) []key.Binding {
	k = k.bind(m)
	all := []key.Binding{k.Enter, k.Number, k.Next, k.Prev, k.Down, k.Up, k.PageDown, k.PageUp, k.Jump, k.Open, k.Copy, k.Reveal, k.Play, k.Details, k.Back, k.Quit, k.Interrupt}
	return slices.DeleteFunc(all, func(b key.Binding) bool { return !b.Enabled() || b.Help().Desc == "" })
}

func (*helpDialog) title(m *Model) (string, steps.Actor) {
	if q := m.over.question; q != nil {
		title, actor := q.title(m)
		return phrase.T("Help: %s", title), actor
	}
	return phrase.T("Help: %s", m.current().Info.Title), m.current().Actor()
}

func (*helpDialog) act(m *Model, _ string) tea.Cmd {
	m.over.reading = nil
	return nil
}

func (*helpDialog) traits(*Model) traits {
	return traits{same: func(k *keyMap) *key.Binding { return &k.Help }}
}

func (*helpDialog) body(p *page) {
	m := p.m
	if m.over.question == nil {
		p.paragraph(m.current().Info.Why.String())
		for _, text := range m.current().Help() {
			p.paragraph(text)
		}
	}
	p.title(phrase.T("Keys"))
	for _, b := range m.over.beneath.keys {
		p.add(beside("  ", 11, []string{b.Help().Key}, wrap(b.Help().Desc, p.w-13))...)
	}
	p.paragraph(phrase.T("Going back only looks: nothing is undone. Every change is shown before it is made, and as read back after it.") + " " + phrase.OwnZone(m.now))
	takesOut := func(s *screen) bool { return s.Info.ID == finding.OffboardPlan }
	if open, yes := m.run.Exposure(); yes || !slices.ContainsFunc(m.flow.screens, takesOut) { // no offboarding suspends MFA
		p.paragraph(phrase.T("MFA that was suspended is put back before this program ends.") + " " + ifKilled(&open, yes))
	}
}

// ifKilled is what becomes of suspended MFA when the program can't end by itself.
func ifKilled(e *steps.Exposure, open bool) string {
	switch {
	case !open:
		return phrase.T("Should it be killed instead, a second process puts it back. It is started before MFA is suspended, and you are asked first where it is sure to end with this one.")
	case e.Found || e.Unguarded || e.Together:
		return phrase.T("Should it be killed now, nothing puts it back until restore is run.")
	}
	said := phrase.T("Should it be killed now, the second process that watches puts it back.")
	if e.While != "" {
		said += " " + phrase.T("It is sure to watch only %s.", e.While)
	}
	return said
}
