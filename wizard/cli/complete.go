package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What a shell offers for the value of a flag is said where the flag is defined: a list, with these annotations; a file or a
// folder, with cobra's own. For any other value it offers nothing, and no files.
const (
	oneOf   = "one-of"  // the value is one of these, and nothing else
	several = "several" // or several of them, joined by commas
	orFile  = "or-file" // or a file
	perhaps = "perhaps" // the value may be one of these, or something else
)

// choose has a flag take one of a list, in the ways that the marks name.
func choose(p *pflag.FlagSet, name string, values []string, marks ...string) {
	_ = p.SetAnnotation(name, oneOf, values)
	for _, mark := range marks {
		annotate(p, mark, name)
	}
}

// suggest has a shell offer values of a flag that takes others too.
func suggest(p *pflag.FlagSet, name string, values ...string) {
	_ = p.SetAnnotation(name, perhaps, values)
}

// complete has a shell offer values.
func complete(cmd *cobra.Command) {
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		_, file := f.Annotations[cobra.BashCompFilenameExt]
		_, folder := f.Annotations[cobra.BashCompSubdirsInDir]
		if f.Value.Type() == "bool" || file || folder {
			return
		}
		_ = cmd.RegisterFlagCompletionFunc(f.Name, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return offered(f, typed)
		})
	})
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	if endings := cmd.Annotations[takesFile]; endings != "" {
		cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return strings.Fields(endings), cobra.ShellCompDirectiveFilterFileExt
		}
	}
}

// completes reports the command line of a shell that asks what can be typed.
func completes(line []string) bool { return len(line) > 1 && line[1] == cobra.ShellCompRequestCmd }

// translate has what a shell shows beside commands and flags be in a language.
func translate(root *cobra.Command, l phrase.Language) {
	root.InitDefaultHelpCmd()
	every(root, func(cmd *cobra.Command) {
		cmd.InitDefaultHelpFlag()
		cmd.InitDefaultVersionFlag()
		cmd.Short = helpIn(l, cmd.Short)
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { f.Usage = flagEntry(l, f).text })
	})
}

// offered is what can be typed after what is typed of a value.
func offered(f *pflag.Flag, typed string) (values []string, directive cobra.ShellCompDirective) {
	directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	if annotated(f, orFile) {
		directive = cobra.ShellCompDirectiveDefault
	}
	before := ""
	if annotated(f, several) {
		before = typed[:strings.LastIndexByte(typed, ',')+1]
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	for _, value := range append(f.Annotations[oneOf], f.Annotations[perhaps]...) {
		if strings.HasPrefix(before+value, typed) {
			values = append(values, before+value)
		}
	}
	return values, directive
}
