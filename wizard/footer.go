package wizard

import (
	"strings"

	"charm.land/bubbles/v2/key"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// footer names the enabled keys in w columns. When not all fit, the least needed go first; the way out stays, whatever that takes.
func (k keyMap) footer(m *Model, w int) []key.Binding {
	if k.Quit.Enabled() {
		k.Interrupt.SetEnabled(false) // q does the same, and esc where it has the same name
		k.Quit.SetEnabled(k.Quit.Help().Desc != k.Back.Help().Desc)
	}
	if same := m.over.traits(m).same; same != nil {
		same(&k).SetEnabled(false)
	}
	k.Quit.SetEnabled(k.Quit.Enabled() && k.Quit.Help().Desc != "")
	k.Interrupt.SetEnabled(k.Interrupt.Enabled() && k.Interrupt.Help().Desc != "")
	k.Open.SetEnabled(k.Open.Enabled() && k.Open.Help().Desc != "")
	if k.Enter.Help().Desc == "" {
		k.Enter.SetEnabled(false) // it only says that nothing is to be done
	}
	interrupt, quit := 8, 6
	if _, off := m.run.Exposure(); off { // whoever wants to end that finds how
		interrupt, quit = 2, 2
	}
	if !k.Back.Enabled() {
		interrupt = 1
	}
	shown := []struct {
		key  key.Binding
		need int // the higher, the sooner it goes; up to 1 it stays
	}{
		{k.Enter, 0},
		{k.choosing(m), 2},
		{k.Open, 4},
		{k.Copy, 4},
		{k.Reveal, 3},
		{k.Play, 3},
		{k.Next, nextNeeded(m)},
		{k.Jump, 6},
		{k.scrollKey(), 7},
		{k.Details, 9},
		{k.Back, 1},
		{k.Quit, quit},
		{k.Help, 2},
		{k.Interrupt, interrupt},
	}
	named := make([]bool, len(shown))
	bindings := func() (all []key.Binding) {
		for i, yes := range named {
			if yes {
				all = append(all, shown[i].key)
			}
		}
		return all
	}
	for need := range 10 {
		for i, s := range shown {
			if s.need == need && s.key.Enabled() {
				named[i] = true
				named[i] = need <= 1 || width(footerText(bindings())) <= w
			}
		}
	}
	return bindings()
}

// nextNeeded is the need of Tab: before that of the keys which stand beside an instruction, where Tab leads from it to what is asked.
func nextNeeded(m *Model) int {
	if m.focus().asked() || m.focus().atChange() {
		return 2
	}
	return 5
}

// choosing are the keys that go through the options of the choice that has the focus.
func (k keyMap) choosing(m *Model) key.Binding {
	if entry := m.focus().entry(); entry != nil && entry.field.Kind == steps.ChoiceField {
		return binding(phrase.T("arrows"), phrase.T("choose"), entryKeys().Select.Down.Keys()...)
	}
	return key.NewBinding(key.WithDisabled())
}

// scrollKey is the key that is named for scrolling.
func (k keyMap) scrollKey() key.Binding {
	switch {
	case k.PageDown.Enabled():
		return k.PageDown
	case k.PageUp.Enabled(): // the end is in sight
		return k.PageUp
	}
	return key.NewBinding(key.WithDisabled()) // there is nothing out of sight
}

// footerGap stands between two keys of the footer.
const footerGap = "   "

func footerText(bindings []key.Binding) string {
	var parts []string
	for _, b := range bindings {
		parts = append(parts, b.Help().Key+" "+b.Help().Desc)
	}
	return strings.Join(parts, footerGap)
}
