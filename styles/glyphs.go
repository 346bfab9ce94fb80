package styles

// Glyphs is one set of marks. Each is one column wide except Arrow, Ellipsis and Hidden.
type Glyphs struct {
	Done, Failed, Here, Todo, Note, Open, Decide string
	Wall, Rule                                   string
	Full, Empty                                  string // of a bar
	Arrow, Ellipsis, Hidden, Between             string
}

// Unicode is the usual set: only glyphs that Windows Terminal, macOS Terminal, iTerm2, GNOME Terminal and tmux draw one
// column wide.
func Unicode() Glyphs {
	return Glyphs{
		Done: "✓", Failed: "✗", Here: "▸", Todo: "·", Note: "•", Open: "●", Decide: "○",
		Wall: "│", Rule: "─", Full: "●", Empty: "○",
		Arrow: "→", Ellipsis: "…", Hidden: "••••••••", Between: " · ",
	}
}

// ASCII is for terminals that draw nothing else.
func ASCII() Glyphs {
	return Glyphs{
		Done: "v", Failed: "x", Here: ">", Todo: ".", Note: "*", Open: "@", Decide: "o",
		Wall: "|", Rule: "-", Full: "#", Empty: ".",
		Arrow: "->", Ellipsis: "...", Hidden: "********", Between: " - ",
	}
}

// Spinner is what turns while something is under way, one cell a step.
const Spinner = `|/-\`
