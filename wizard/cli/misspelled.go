package cli

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// takesFile is the annotation of a command that takes a file, and holds how the name of one may end.
const takesFile = "file"

// misuse is a command line that can't be used, in whole words.
type misuse struct {
	what string
	hint string // may be empty
}

func (e *misuse) Error() string { return e.what }

// noArguments refuses what is no command, and says which one may be meant.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 || cmd.Annotations[takesFile] != "" {
		return nil
	}
	listen(cmd)
	var names []string
	for _, c := range cmd.Commands() {
		opposite := c.Name() == "offboard" && !strings.HasPrefix(strings.ToLower(args[0]), "of") // onboard is a letter away from it
		if c.IsAvailableCommand() && !opposite {
			names = append(names, c.Name())
		}
	}
	return usage(&misuse{phrase.T("%q is no command", args[0]), meant("", args[0], names)})
}

// misspelledFlag is an error of the flags, and what may be meant.
func misspelledFlag(cmd *cobra.Command, err error) error {
	listen(cmd)
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return refusedValue(bad.GetFlag(), bad.GetValue(), "")
	}
	if bad, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return usage(&misuse{phrase.T("--%s needs a value", bad.GetFlag().Name), phrase.T("Type %s.", flagEntry(phrase.Spoken(), bad.GetFlag()).label)})
	}
	if bad, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return usage(&misuse{phrase.T("no flag is written like %q", bad.GetSpecifiedFlag()), ""})
	}
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return usage(&misuse{err.Error(), ""})
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	hint := meant("--", unknown.GetSpecifiedName(), names)
	if others := takers(cmd.Root(), unknown.GetSpecifiedName()); len(others) > 0 {
		hint = phrase.T("It is a flag of: %s.", strings.Join(others, ", "))
	}
	return usage(&misuse{unknownFlag(unknown), hint})
}

// unknownFlag is what the library says of a flag that is none.
func unknownFlag(e *pflag.NotExistError) string {
	if group := e.GetSpecifiedShortnames(); group != "" {
		return phrase.T("unknown shorthand flag: %q in -%s", e.GetSpecifiedName()[0], group)
	}
	return phrase.T("unknown flag: %s", "--"+e.GetSpecifiedName())
}

// takers are the commands that list a flag.
func takers(root *cobra.Command, flag string) (out []string) {
	every(root, func(cmd *cobra.Command) {
		if f := cmd.Flags().Lookup(flag); f != nil && !f.Hidden && len(flag) > 1 {
			out = append(out, cmd.CommandPath())
		}
	})
	return out
}

// meant is the hint that names the words that are like one; empty where none is.
func meant(prefix, word string, words []string) string {
	found := nearest(word, words)
	if len(found) == 0 {
		return ""
	}
	return didYouMean(prefix, found) + " " + phrase.T(everyFlag)
}

// didYouMean asks which of these words was meant.
func didYouMean(prefix string, found []string) string {
	return phrase.T("did you mean %s?", prefix+strings.Join(found, " "+phrase.T("or")+" "+prefix))
}

// nearest are the words that are like one, as the command-line library measures it for commands.
func nearest(word string, words []string) []string {
	const distance = 2
	if word == "" {
		return nil
	}
	like := &cobra.Command{SuggestionsMinimumDistance: distance}
	for _, w := range words {
		like.AddCommand(&cobra.Command{Use: w, Run: func(*cobra.Command, []string) {}})
	}
	return like.SuggestionsFor(word)
}

// misspelledValues refuses a value of a flag that takes one of a list, or several, and has another one.
func misspelledValues(cmd *cobra.Command) (err error) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		words := f.Annotations[oneOf]
		if err != nil || len(words) == 0 || f.Value.String() == "" {
			return
		}
		values := []string{f.Value.String()}
		if annotated(f, several) {
			values = strings.Split(f.Value.String(), ",")
		}
		for _, value := range values {
			value, _, _ = strings.Cut(strings.TrimSpace(value), "=")
			known := value == "" || slices.Contains(words, strings.ToLower(value))
			if !known && (!annotated(f, orFile) || !isPath(value)) {
				err = usage(&misuse{phrase.T("--%s knows no %q", f.Name, value), choiceOf(value, words, annotated(f, orFile))})
				return
			}
		}
	})
	return err
}

// isPath reports what can only be meant as the path of a file.
func isPath(value string) bool {
	_, err := os.Stat(value)
	return err == nil || filepath.Ext(value) != "" || strings.ContainsRune(value, filepath.Separator)
}

// choiceOf is the hint to a value that is in no list.
func choiceOf(value string, words []string, file bool) string {
	hint := phrase.T("It can be: %s.", strings.Join(words, ", "))
	if file {
		hint = phrase.T("It can be: %s, or a file.", strings.Join(words, ", "))
	}
	if like := nearest(value, words); len(like) > 0 {
		hint = didYouMean("", like) + " " + hint
	}
	return hint
}
