package cli

import (
	"os"

	"charm.land/fang/v2"
	"charm.land/lipgloss/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The library that draws the help shows no values: --tenant would stand where --tenant DOMAIN is to be typed. So their
// names are kept aside, and become part of the flags' own names at the moment that help is about to be drawn, when nothing
// is looked for by them any more.

// valueName is the annotation of a flag that holds the name of its value.
const valueName = "value"

// nameValues takes the names of values out of the texts of the flags.
func nameValues(cmd *cobra.Command) {
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		name, text := pflag.UnquoteUsage(f)
		if f.Usage = text; name != "" {
			f.Annotations = map[string][]string{valueName: {name}}
		}
	})
}

// showValues puts them behind the names of the flags.
func showValues(cmd *cobra.Command) {
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if name := f.Annotations[valueName]; len(name) > 0 {
			f.Name += " " + name[0]
		}
	})
}

// plainColours has NO_COLOR mean what it says: the libraries take a boolean, and the variable counts with any value
// (https://no-color.org).
func plainColours() {
	if os.Getenv("NO_COLOR") != "" {
		_ = os.Setenv("NO_COLOR", "1")
	}
}

// colours are those of help.
func colours(root *cobra.Command) fang.ColorSchemeFunc {
	return func(shade lipgloss.LightDarkFunc) fang.ColorScheme {
		every(root, showValues)
		return fang.DefaultColorScheme(shade)
	}
}
