package wizard

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// awaited reports an entry that the screen waits for, whatever has the focus: what a step waits for, what has to be pasted, what is
// not answered.
func awaited(found *steps.Finding, e *entry) bool {
	switch {
	case e.field.Kind == steps.PasteField, e.field.Kind == steps.SecretField, found.Status == steps.Waiting, found.Status == steps.Blocked:
		return true
	}
	return !e.field.Optional && e.text() == ""
}

// changed reports whether something was entered that the step does not know.
func (f *form) changed() bool {
	return slices.ContainsFunc(f.entries, func(e *entry) bool { return e.text() != e.field.Value })
}

// unpasted reports an entry that is pasted into from anywhere, and holds nothing yet.
func (e *entry) unpasted(focus bool) bool {
	return !focus && e.text() == "" && (e.field.Kind == steps.SecretField || e.field.Kind == steps.PasteField)
}

func nothingYet(m *Model) string {
	return m.look.prompt(false, phrase.T("nothing yet; paste it at any time"))
}

// inOneLine is an entry that nothing was pasted into, behind its label, where that fits in w columns.
func (e *entry) inOneLine(m *Model, label string, w int, focus bool) (string, bool) {
	line := label + "  " + nothingYet(m)
	return line, e.unpasted(focus) && width(line) <= w
}

// settled reports an entry whose answer is there, and may stand on screen.
func (e *entry) settled() bool {
	return e.trouble() == "" && (e.field.Kind == steps.ChoiceField || e.field.Kind == steps.TextField && steps.ShowsName(e.value))
}

// answered is an entry with its answer, in a line.
func (e *entry) answered() string {
	answer := e.text()
	for _, o := range e.field.Options {
		if o.ID == answer {
			answer = o.Label
		}
	}
	return clean(e.field.Label) + ": " + clean(answer)
}

// labelled is an entry with its label, in w columns.
func (e *entry) labelled(m *Model, w int, focus bool) []string {
	label := clean(e.field.Label)
	if e.field.Optional {
		label += " (optional)"
	}
	mark := "  "
	if focus {
		mark = m.look.palette.Accent.Render(m.look.glyphs.Here) + " "
	}
	strong := func(line string) string { return m.look.palette.Strong.Render(line) }
	if line, ok := e.inOneLine(m, mark+strong(label), w, focus); ok {
		return []string{line}
	}
	var lines []string
	for j, line := range wrap(label, w-2) {
		if j > 0 {
			mark = "  "
		}
		lines = append(lines, mark+strong(line))
	}
	return append(lines, indent("  ", e.draw(m, w-2, focus))...)
}
