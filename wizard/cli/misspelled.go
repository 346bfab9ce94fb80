package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// takesFile is the annotation of a command that takes a file.
const takesFile = "file"

// noArguments refuses what is no command, and says which one may be meant.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 || cmd.Annotations[takesFile] != "" {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usage(&steps.Error{Op: fmt.Sprintf("%q is no command", args[0]), Hint: meant("", args[0], names)})
}

// misspelledFlag is an error of the flags, and which one may be meant.
func misspelledFlag(cmd *cobra.Command, err error) error {
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return usage(&steps.Error{Op: err.Error()}) // said now: help may give the flag another name
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return usage(&steps.Error{Op: unknown.Error(), Hint: meant("--", unknown.GetSpecifiedName(), names)})
}

// meant names the words that are like one, as the command-line library measures it for commands.
func meant(prefix, word string, words []string) string {
	const distance = 2
	like := &cobra.Command{SuggestionsMinimumDistance: distance}
	for _, w := range words {
		like.AddCommand(&cobra.Command{Use: w, Run: func(*cobra.Command, []string) {}})
	}
	found := like.SuggestionsFor(word)
	if word == "" || len(found) == 0 {
		return ""
	}
	return "did you mean " + prefix + strings.Join(found, " or "+prefix) + "? " + everyFlag
}
