package wizard

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
	"github.com/delegate365-onboard/delegate365-onboard/styles"
)

// The entry fields are huh's, one by one: this is the only file that knows it. Its forms, its keys and its validation
// are not used, because focus, Enter and Esc are the wizard's; and most of its commands are dropped, so that no
// cursor blinks. Two things are never drawn by it: a secret, whose length it would show as padding, and a text of many
// lines, because the welcome mail holds a password.

// entry is one field and what was entered in it.
type entry struct {
	field   steps.Field
	ui      huh.Field
	value   string   // what the field holds; written by huh
	held    string   // a pasted text of many lines, instead of value
	parts   []string // what came of it since held was put together
	size    int      // of both, in bytes
	problem string   // why the last value was refused
	refused string   // that value, but for a secret
	width   int      // it was last drawn in
	tail    string   // line ends that were left off a pasted line
	touched time.Time
}

// mostTyped is the longest text that is shown in a paste field, in bytes; a longer one is held like a mail.
const mostTyped = 400

// mostOptions is how many options of a choice are shown at once.
const mostOptions = 5

func newEntry(m *Model, field steps.Field) *entry {
	e := &entry{field: field, value: field.Value}
	if field.Kind == steps.PasteField && strings.Contains(field.Value, "\n") {
		e.value, e.held, e.size = "", field.Value, len(field.Value)
	}
	return e.drawnWith(m.look.palette)
}

// drawnWith makes the huh field anew, because huh takes a theme only once.
func (e *entry) drawnWith(p styles.Palette) *entry {
	switch e.field.Kind {
	case steps.ChoiceField:
		options := make([]huh.Option[string], len(e.field.Options))
		for i, o := range e.field.Options {
			options[i] = huh.NewOption(clean(o.Label), o.ID)
		}
		e.ui = huh.NewSelect[string]().Options(options...).Value(&e.value)
	case steps.SecretField:
		e.ui = huh.NewInput().EchoMode(huh.EchoModeNone).Value(&e.value)
	case steps.TextField, steps.PasteField:
		e.ui = huh.NewInput().Prompt("> ").Value(&e.value)
	}
	e.ui = e.ui.WithTheme(theme(p)).WithKeyMap(entryKeys())
	e.width = 0
	return e
}

// theme is huh's plainest, with our colours and without its border.
func theme(p styles.Palette) huh.Theme {
	t := huh.ThemeBase(false)
	for _, f := range []*huh.FieldStyles{&t.Focused, &t.Blurred} {
		f.Base = lipgloss.NewStyle()
		f.SelectSelector = p.Accent.SetString("> ")
		f.SelectedOption = p.Strong
		f.TextInput.Prompt = p.Accent
	}
	t.Blurred.SelectSelector = lipgloss.NewStyle().SetString("> ")
	return huh.ThemeFunc(func(bool) *huh.Styles { return t })
}

// entryKeys leaves huh the arrows of a choice and nothing else; its filter would take letters that are keys here.
func entryKeys() *huh.KeyMap {
	return &huh.KeyMap{Select: huh.SelectKeyMap{
		Up:   key.NewBinding(key.WithKeys("up")),
		Down: key.NewBinding(key.WithKeys("down")),
	}}
}

// hold keeps a part more of a pasted text. What is longer than any mail that is read is as long as it need be to be refused.
func (e *entry) hold(part string) {
	if e.size <= welcome.MaxMail {
		e.parts, e.size = append(e.parts, part), e.size+len(part)
	}
}

// text is what was entered.
func (e *entry) text() string {
	if len(e.parts) > 0 {
		e.held, e.parts = e.held+strings.Join(e.parts, ""), nil
	}
	if e.held != "" {
		return e.held
	}
	return e.value
}

// undecided reports a choice that nothing was chosen of, here or before.
func (e *entry) undecided() bool { return e.field.Undecided() && e.text() == "" }

// drop forgets what was entered.
func (e *entry) drop() {
	e.value, e.held, e.parts, e.size, e.tail, e.touched = "", "", nil, 0, "", time.Time{}
	if in, ok := e.ui.(*huh.Input); ok {
		in.Value(&e.value)
	}
}

// takes reports whether a key belongs to the entry that has the focus.
func (e *entry) takes(msg tea.KeyPressMsg) bool {
	if e.field.Kind == steps.ChoiceField {
		return key.Matches(msg, entryKeys().Select.Up, entryKeys().Select.Down)
	}
	switch msg.String() {
	case "up", "down":
		return false
	case "space":
		return !e.unbegun()
	}
	return true
}

// unbegun reports an empty entry for what no space begins: a name, or a mail. There a space scrolls as it does elsewhere.
func (e *entry) unbegun() bool { return e.field.Kind != steps.SecretField && e.text() == "" }

func (e *entry) press(m *Model, msg tea.KeyPressMsg) tea.Cmd {
	e.tail = ""
	if e.held != "" {
		e.edit(msg)
		return nil
	}
	e.touched = m.now
	_, cmd := e.ui.Update(msg)
	if msg.String() == "ctrl+v" && cmd != nil {
		return m.jobs.do(cmd)
	}
	return nil
}

// edit takes a key in a held text, which can only be dropped.
func (e *entry) edit(msg tea.KeyPressMsg) {
	switch msg.String() {
	case "backspace", "delete", "ctrl+u", "ctrl+h":
		e.drop()
	}
}

// draw is the entry in w columns.
func (e *entry) draw(m *Model, w int, focus bool) []string {
	switch {
	case e.field.Kind == steps.ChoiceField:
		n := 0
		for _, o := range e.field.Options[:min(len(e.field.Options), mostOptions)] {
			n += max(len(wrap(o.Label, w-2)), 1) // huh breaks an option that is too long
		}
		n = min(n, m.frame().body.h-2)
		return strings.Split(e.ui.WithWidth(w).WithHeight(max(n, 1)).View(), "\n")
	case e.unpasted(focus):
		return []string{nothingYet(m)}
	case e.field.Kind == steps.SecretField && e.value == "":
		return []string{m.look.prompt(focus, "")}
	case e.field.Kind == steps.SecretField:
		return []string{m.look.prompt(focus, phrase.T("%s entered, not shown", m.look.glyphs.Hidden))}
	case e.field.Kind == steps.PasteField && !welcome.Showable(e.value), e.field.Kind == steps.TextField && !e.field.Words && !steps.ShowsName(strings.TrimSpace(e.value)):
		return []string{m.look.prompt(focus, phrase.T("%s entered, not shown", m.look.glyphs.Hidden))}
	case e.held != "":
		lines := strings.Count(strings.TrimSpace(e.text()), "\n") + 1
		return []string{m.look.prompt(focus, phrase.T("%s pasted, not shown", phrase.Count(lines, "line", "lines")))}
	}
	if in, ok := e.ui.(*huh.Input); ok && e.width != w {
		e.width = w
		in.WithWidth(w)
		in.Value(&e.value) // huh finds what of a long value is visible only when the value is set
	}
	return strings.Split(e.ui.View(), "\n")
}
