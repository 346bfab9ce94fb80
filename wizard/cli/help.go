package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/styles"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// Help breaks no word, shows the value of each flag by its name, and is drawn in bold and in no colour: so it need not ask
// the terminal for its background first.

// plainColours has NO_COLOR mean what it says: the libraries take a boolean, and the variable counts with any value
// (https://no-color.org).
func plainColours() {
	if os.Getenv("NO_COLOR") != "" {
		_ = os.Setenv("NO_COLOR", "1")
	}
}

// The columns that help is drawn in.
const (
	usualWidth = 80 // where nothing says how wide the output is
	mostWidth  = 100
	leastWidth = 40
	mostLabel  = 26 // of what stands before a text; a longer one has its text below
)

// help writes what a command is for, and what can be typed after it.
func help(cmd *cobra.Command, _ []string) {
	width := usualWidth
	if w, _, err := term.GetSize(os.Stdout.Fd()); err == nil && w > 0 {
		width = max(leastWidth, min(w, mostWidth))
	}
	lipgloss.EnableLegacyWindowsANSI(os.Stdout)
	listen(cmd)
	p := helpPage{&colorprofile.Writer{Forward: written, Profile: colorprofile.Detect(os.Stdout, os.Environ())}, width, phrase.Spoken()}
	p.write(cmd)
}

// helpPage is where help is written.
type helpPage struct {
	out      io.Writer
	width    int
	language phrase.Language
}

func (p helpPage) write(cmd *cobra.Command) {
	p.text(cmd.Long, cmd.Short)
	p.title(p.language.T("Usage"))
	p.lines("  ", usageLine(p.language, cmd))
	if cmd.Example != "" {
		p.title(p.language.T("Examples"))
		for line := range strings.SplitSeq(cmd.Example, "\n") {
			if comment, is := strings.CutPrefix(line, "# "); is {
				line = "# " + helpIn(p.language, comment)
			}
			fmt.Fprintln(p.out, "  "+line) // whole, so that it can be copied
		}
	}
	var commands []entry
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			commands = append(commands, entry{c.Name(), helpIn(p.language, c.Short)})
		}
	}
	p.entries(p.language.T("Commands"), commands)
	p.entries(p.language.T("Flags"), flagEntries(p.language, cmd))
}

// text writes the paragraphs of a text, or of the other one where there is none. An indented line stays as it is.
func (p helpPage) text(text, otherwise string) {
	if text == "" {
		text = otherwise
	}
	for paragraph := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(paragraph) == "" || paragraph[0] == ' ' || paragraph[0] == '\t' {
			fmt.Fprintln(p.out, strings.ReplaceAll(paragraph, "\t", "  "))
			continue
		}
		p.lines("", helpIn(p.language, paragraph))
	}
}

func (p helpPage) title(name string) {
	fmt.Fprintf(p.out, "\n%s\n", styles.Plain().Strong.Render(name))
}

func (p helpPage) lines(lead, text string) {
	for _, line := range printable.Words(text, p.width-len(lead)) {
		fmt.Fprintln(p.out, lead+line)
	}
}

// entry is something that can be typed, and what it does.
type entry struct{ label, text string }

func (p helpPage) entries(title string, all []entry) {
	if len(all) == 0 {
		return
	}
	p.title(title)
	label := 0
	for _, e := range all {
		if n := ansi.StringWidth(e.label); n <= mostLabel {
			label = max(label, n)
		}
	}
	under := strings.Repeat(" ", 2+label+2)
	for _, e := range all {
		lines := printable.Words(e.text, p.width-len(under))
		lead := "  " + e.label
		if gap := len(under) - ansi.StringWidth(lead); gap >= 2 && len(lines) > 0 {
			lead += strings.Repeat(" ", gap) + lines[0]
			lines = lines[1:]
		}
		fmt.Fprintln(p.out, lead)
		for _, line := range lines {
			fmt.Fprintln(p.out, under+line)
		}
	}
}

// usageLine is what a command line looks like.
func usageLine(l phrase.Language, cmd *cobra.Command) string {
	line := cmd.CommandPath()
	if cmd.HasAvailableSubCommands() {
		line += " [" + l.T("COMMAND") + "]"
	}
	if _, arguments, ok := strings.Cut(cmd.Use, " "); ok && !strings.HasPrefix(arguments, "[") {
		line += " " + helpIn(l, arguments)
	}
	return line + " [" + l.T("FLAGS") + "]"
}

// flagEntries are the flags that a command lists.
func flagEntries(l phrase.Language, cmd *cobra.Command) (all []entry) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			all = append(all, flagEntry(l, f))
		}
	})
	return all
}

// flagEntry is a flag as it is typed, the name of its value with it.
func flagEntry(l phrase.Language, f *pflag.Flag) entry {
	value, text := pflag.UnquoteUsage(flagIn(l, f))
	label := "--" + f.Name
	if f.Shorthand != "" {
		label = "-" + f.Shorthand + ", " + label
	}
	if value != "" {
		label += " " + value
	}
	if usual := shownDefault(f); usual != "" {
		text += " (" + l.T("default %s", usual) + ")"
	}
	return entry{label, text}
}

// shownDefault is what a flag is without being named, where that says anything.
func shownDefault(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "false", "0", "0s":
		return ""
	}
	if d, err := time.ParseDuration(f.DefValue); err == nil && f.Value.Type() == "duration" {
		return shortTime(d)
	}
	return f.DefValue
}

// shortTime is a time as somebody would type it: 30m, not 30m0s.
func shortTime(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = strings.TrimSuffix(text, zero[1:])
		}
	}
	return text
}
