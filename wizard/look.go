package wizard

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/styles"
)

// look is the colours and glyphs that everything is drawn with.
type look struct {
	palette styles.Palette
	glyphs  styles.Glyphs
}

func (l look) line(w int) string { return l.palette.Rule.Render(strings.Repeat(l.glyphs.Rule, w)) }

// fit shortens s to w columns. It is for names and hints only; what is to be changed is wrapped.
func (l look) fit(s string, w int) string {
	s = clean(s)
	if width(s) <= w {
		return s
	}
	return ansi.Truncate(s, max(w, 0), l.glyphs.Ellipsis)
}

// statusMark is the glyph of a status, for a finding and the rail.
func (l look) statusMark(status steps.Status) (string, lipgloss.Style) {
	switch status {
	case steps.Done:
		return l.glyphs.Done, l.palette.Good
	case steps.Blocked:
		return l.glyphs.Failed, l.palette.Bad
	case steps.NotNeeded:
		return "-", lipgloss.NewStyle()
	}
	return l.glyphs.Todo, lipgloss.NewStyle()
}

// values is from what to what.
func (l look) values(c steps.Change) string {
	from, to := clean(c.From), clean(c.To)
	switch {
	case from != "" && to != "":
		return from + " " + l.glyphs.Arrow + " " + to
	case to != "":
		return to
	}
	return from
}

// prompt is an entry line that never shows what it holds. The text says what there is to say instead.
func (l look) prompt(focus bool, text string) string {
	line := l.palette.Accent.Render(">") + " "
	if text != "" {
		line += text + " "
	}
	if focus {
		line += l.palette.Cursor.Render(" ")
	}
	return line
}
