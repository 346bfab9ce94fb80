// Package styles holds the colours and glyphs that every screen is drawn with. It chooses between sets and decides
// nothing else. Colour never carries a meaning alone, so the plain set loses none.
package styles

import "charm.land/lipgloss/v2"

// Palette is one set of text styles. Ordinary text has none, so that it keeps the terminal's own full contrast.
type Palette struct {
	Strong lipgloss.Style // titles, the focused action, a device code
	Good   lipgloss.Style // done, read back, as it should be
	Warn   lipgloss.Style // the operator should look or decide
	Bad    lipgloss.Style // failed, or cannot go on
	Accent lipgloss.Style // where we are, what can be pressed
	Rule   lipgloss.Style // lines between the parts of the frame; nothing that is read
	Open   lipgloss.Style // the exposure window is open
	Urgent lipgloss.Style // the exposure window is about to reach its cap
	Cursor lipgloss.Style // where typed text goes
}

// Colours of the light set stand on white and Solarized Light, those of the dark set on black and Solarized Dark, each
// at a contrast of 4.5 or more (WCAG 2.2, success criterion 1.4.3).
const (
	lightGood, darkGood     = "#1b5e20", "#7ddc8a"
	lightWarn, darkWarn     = "#7a4300", "#f2c14e"
	lightBad, darkBad       = "#a3001b", "#ff9b9b"
	lightAccent, darkAccent = "#0b4a94", "#8cc1ff"
	lightRule, darkRule     = "#5c6a6e", "#93a1a1"
)

// Plain is bold and reverse only: for NO_COLOR, and until the terminal has told its background.
func Plain() Palette {
	bold := lipgloss.NewStyle().Bold(true)
	return Palette{
		Strong: bold,
		Open:   bold,
		Urgent: bold.Reverse(true),
		Cursor: lipgloss.NewStyle().Reverse(true),
	}
}

// Light is for light backgrounds.
func Light() Palette { return coloured(lightGood, lightWarn, lightBad, lightAccent, lightRule) }

// Dark is for dark backgrounds.
func Dark() Palette { return coloured(darkGood, darkWarn, darkBad, darkAccent, darkRule) }

func coloured(good, warn, bad, accent, rule string) Palette {
	p := Plain()
	ink := func(hex string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(hex)) }
	p.Good, p.Warn, p.Bad, p.Accent, p.Rule = ink(good), ink(warn), ink(bad), ink(accent), ink(rule)
	p.Open = ink(warn).Bold(true)
	p.Urgent = ink(bad).Bold(true).Reverse(true)
	return p
}
