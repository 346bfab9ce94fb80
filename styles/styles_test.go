package styles

import (
	"image/color"
	"math"
	"testing"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
)

func TestContrast(t *testing.T) {
	for _, ground := range []struct {
		name    string
		hex     string
		palette Palette
	}{
		{"white", "#ffffff", Light()},
		{"Solarized Light", "#fdf6e3", Light()},
		{"black", "#000000", Dark()},
		{"Solarized Dark", "#002b36", Dark()},
	} {
		for name, style := range map[string]lipgloss.Style{
			"Good": ground.palette.Good, "Warn": ground.palette.Warn, "Bad": ground.palette.Bad,
			"Accent": ground.palette.Accent, "Rule": ground.palette.Rule, "Open": ground.palette.Open,
			"Urgent": ground.palette.Urgent,
		} {
			got := contrast(style.GetForeground(), lipgloss.Color(ground.hex))
			if got < 4.5 {
				t.Errorf("%s on %s: contrast %.2f, want 4.5 or more", name, ground.name, got)
			}
		}
	}
}

func TestPlainHasNoColour(t *testing.T) {
	p := Plain()
	for name, style := range map[string]lipgloss.Style{
		"Strong": p.Strong, "Good": p.Good, "Warn": p.Warn, "Bad": p.Bad, "Accent": p.Accent, "Rule": p.Rule,
		"Open": p.Open, "Urgent": p.Urgent, "Cursor": p.Cursor,
	} {
		if _, none := style.GetForeground().(lipgloss.NoColor); !none {
			t.Errorf("%s has a foreground colour", name)
		}
		if _, none := style.GetBackground().(lipgloss.NoColor); !none {
			t.Errorf("%s has a background colour", name)
		}
	}
}

func TestASCIIIsASCII(t *testing.T) {
	g := ASCII()
	for _, s := range []string{
		g.Done, g.Failed, g.Here, g.Todo, g.Note, g.Open, g.Decide, g.Wall, g.Rule, g.Full, g.Empty,
		g.Arrow, g.Ellipsis, g.Hidden, g.Between, Spinner,
	} {
		for _, r := range s {
			if r >= utf8.RuneSelf {
				t.Errorf("%q is not ASCII", s)
			}
		}
	}
}

// contrast is the ratio of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func linear(v uint32) float64 {
	s := float64(v) / 0xffff
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}
