package cli

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// configCommand says what is set outside of the command line.
func configCommand() *cobra.Command {
	command := &cobra.Command{
		Use:         "config",
		Short:       helpText("Show what is set by the environment and by the settings file"),
		Long:        helpText("Show each flag that can be set by an environment variable or in the settings file, what it is now, and where that comes from. What is typed comes first, then the environment, then the file, then the default."),
		Example:     "delegate365-onboard config",
		Annotations: map[string]string{bare: "bare"},
		RunE:        func(cmd *cobra.Command, _ []string) error { return showSettings(cmd.Root()) },
	}
	speaks(command.Flags())
	return command
}

func showSettings(root *cobra.Command) error {
	file, err := readSettings(root)
	if err != nil {
		return err
	}
	switch {
	case file.path == "":
		say(phrase.T("No settings file is read."))
	case !file.there:
		say(phrase.T("Settings file: %s (not there)", file.path))
	default:
		say(phrase.T("Settings file: %s", file.path))
	}
	warnOfVariables(root)
	for _, rehearsed := range []bool{false, true} {
		flags := flagsOfAll(root, rehearsed)
		if rehearsed {
			say("")
			say(phrase.T("In a rehearsal:"))
		}
		for _, name := range slices.Sorted(maps.Keys(flags)) {
			f := flags[name]
			if rehearsed && annotated(f, ofPerson) {
				continue // the same
			}
			value, from := file.look(f, rehearsed)
			if env := os.Getenv(variable(f, rehearsed)); env != "" {
				value, from = env, variable(f, rehearsed)
			}
			value, from = cmp.Or(value, unset(f)), cmp.Or(from, phrase.T("default; %s", variable(f, rehearsed)))
			fmt.Fprintf(stdout, "  %-12s %-10s (%s)\n", name, printable.Line(value), printable.Line(from))
		}
	}
	return nil
}

// unset is what a flag is when nothing sets it.
func unset(f *pflag.Flag) string { return cmp.Or(shownDefault(f), "-") }
