package cli

import (
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A flag that is not typed may be set elsewhere. The rules:
//
//   - What is typed comes first, then the environment, then the settings file, then the default.
//   - A rehearsal's are named apart, DELEGATE365_DEMO_PROFILE and the table [demo]: nothing that is meant for customers
//     reaches it, and nothing of it reaches a customer. Only what is about the person at the screen holds for both.
//   - What belongs to one customer or to one command line, as the tenant does, is in no file: it would be taken for the next one.
//   - No secret is in a file, and no flag takes one.
//   - An error names where the value came from.

const (
	ofPerson = "of-person" // the annotation of a flag about the person at the screen
	once     = "once"      // the annotation of a flag that no file may set
	origin   = "origin"    // the annotation that says where a value came from
)

// annotate marks flags.
func annotate(p *pflag.FlagSet, mark string, names ...string) {
	for _, name := range names {
		_ = p.SetAnnotation(name, mark, []string{})
	}
}

func annotated(f *pflag.Flag, mark string) bool {
	_, is := f.Annotations[mark]
	return is
}

// variable is the name of the environment variable that sets a flag.
func variable(f *pflag.Flag, rehearsed bool) string {
	name := "DELEGATE365_"
	if rehearsed && !annotated(f, ofPerson) {
		name += "DEMO_"
	}
	return name + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}

// rehearses reports a command of the demonstration.
func rehearses(cmd *cobra.Command) bool {
	for ; cmd != nil; cmd = cmd.Parent() {
		if cmd.Name() == "demo" {
			return true
		}
	}
	return false
}

// settable are the flags of a command that can be set elsewhere.
func settable(cmd *cobra.Command) (out []*pflag.Flag) {
	if cmd.Annotations[bare] != "" {
		return nil
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && f.Name != "version" {
			out = append(out, f)
		}
	})
	return out
}

// bare is the annotation of a command that takes nothing from elsewhere.
const bare = "bare"

// settled has a command set what its line left open, and look at its values, before it runs.
func settled(cmd *cobra.Command) {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := settle(cmd)
		if err == nil {
			err = misspelledValues(cmd)
		}
		if err == nil {
			err = speak(cmd)
		}
		if err == nil {
			err = run(cmd, args)
		}
		if e, ok := errors.AsType[*usageError](err); ok {
			e.from = fromElsewhere(cmd, e.Error())
		}
		return err
	}
}

// settle sets what the command line left open.
func settle(cmd *cobra.Command) error {
	flags := settable(cmd)
	if len(flags) == 0 {
		return nil
	}
	listen(cmd)
	file, err := readSettings(cmd.Root())
	if err != nil {
		return err
	}
	warnOfVariables(cmd.Root())
	for _, f := range flags {
		if f.Changed {
			continue
		}
		value, from := file.look(f, rehearses(cmd))
		if name := variable(f, rehearses(cmd)); os.Getenv(name) != "" {
			value, from = os.Getenv(name), name
		}
		if from == "" {
			continue
		}
		f.Annotations = withOrigin(f.Annotations, from)
		if err := cmd.Flags().Set(f.Name, value); err != nil {
			return refusedValue(f, value, from)
		}
	}
	return nil
}

func withOrigin(all map[string][]string, from string) map[string][]string {
	if all == nil {
		all = map[string][]string{}
	}
	all[origin] = []string{from}
	return all
}

// fromElsewhere says where values came from that an error may be about.
func fromElsewhere(cmd *cobra.Command, said string) string {
	var named, all []string
	for _, f := range settable(cmd) {
		text := comesFrom(f)
		if text == "" {
			continue
		}
		if all = append(all, text); strings.Contains(said, f.Name) {
			named = append(named, text)
		}
	}
	if len(named) > 0 {
		all = named
	}
	return strings.Join(all, " ")
}

// comesFrom says where a value came from that was not typed; empty for any other.
func comesFrom(f *pflag.Flag) string {
	from := f.Annotations[origin]
	if len(from) == 0 {
		return ""
	}
	return phrase.T("--%s comes from %s.", f.Name, from[0])
}

// untyped says of the flags that were set elsewhere where.
func (f *runFlags) untyped() map[string]string {
	from := map[string]string{}
	if f.all != nil {
		f.all.VisitAll(func(f *pflag.Flag) { from[f.Name] = comesFrom(f) })
	}
	return from
}

// warnOfVariables names variables that nearly set something.
func warnOfVariables(root *cobra.Command) {
	known := variables(root)
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "DELEGATE365_") || slices.Contains(known, name) {
			continue
		}
		if like := nearest(name, known); len(like) > 0 {
			complain("", phrase.T("the environment variable %s sets nothing; %s", name, didYouMean("", like)))
		}
	}
}

// variables are the names of all that set something.
func variables(root *cobra.Command) []string {
	all := []string{settingsVariable}
	every(root, func(cmd *cobra.Command) {
		for _, f := range settable(cmd) {
			if name := variable(f, rehearses(cmd)); !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	})
	return all
}

// refusedValue is a value that a flag can't take, and what it takes.
func refusedValue(f *pflag.Flag, value, from string) error {
	what := "--" + f.Name
	if from != "" {
		what = from
	}
	if !steps.ShowsName(value) {
		value = phrase.T("something else")
	}
	takes, hint := phrase.T("something else"), phrase.T(everyFlag)
	switch f.Value.Type() {
	case "bool":
		takes, hint = phrase.T("true or false"), phrase.T("A switch is on with true, and off with false.")
	case "int64":
		takes, hint = phrase.T("a whole number"), phrase.T("For instance --%s 3.", f.Name)
	case "duration":
		takes, hint = phrase.T("a time with its unit"), phrase.T("m stands for minutes, s for seconds: for instance 30m.")
		if value != "" && strings.Trim(value, "0123456789") == "" {
			hint = phrase.T("Write %sm for minutes, or %[1]ss for seconds.", value)
		}
	}
	return usage(&misuse{phrase.T("%s takes %s, not %q", what, takes, value), hint})
}
