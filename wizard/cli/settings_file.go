package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/BurntSushi/toml"
	"github.com/adrg/xdg"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/bundle"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// settingsVariable names another settings file. Set to nothing, none is read.
const settingsVariable = "DELEGATE365_CONFIG"

// mostSettings is the most of a settings file, in bytes.
const mostSettings = 1 << 16

// settingsFile holds what a settings file sets: the keys are names of flags. The zero value sets nothing.
type settingsFile struct {
	path            string // empty where none may be read
	there           bool
	real, rehearsed map[string]string
}

// settingsPath is where the settings file is, if there is one; empty where none is to be read.
func settingsPath() string {
	if path, named := os.LookupEnv(settingsVariable); named {
		return path
	}
	if !filepath.IsAbs(xdg.ConfigHome) {
		return "" // neither a home nor a folder named instead
	}
	return filepath.Join(xdg.ConfigHome, "delegate365-onboard", "config.toml")
}

// readSettings reads the settings file, and refuses one that has a key of no flag, a value that can't be one, or a secret.
func readSettings(root *cobra.Command) (settingsFile, error) {
	out := settingsFile{path: settingsPath()}
	if out.path == "" {
		return out, nil
	}
	data, err := regular.Read(out.path, mostSettings)
	if _, named := os.LookupEnv(settingsVariable); errors.Is(err, fs.ErrNotExist) && !named {
		return out, nil
	}
	refuse := func(why, hint string) (settingsFile, error) {
		return settingsFile{}, usage(&misuse{phrase.T("the settings file %s can't be used: %s", out.path, why), hint + " " + phrase.T(withoutSettings, settingsVariable)})
	}
	if err != nil {
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			err = path.Err
		}
		return refuse(steps.Reason(err), phrase.T("Look at the file."))
	}
	out.there = true
	if what := bundle.Suspicion(data); what != "" {
		return refuse(phrase.T("it holds %s", phrase.T(what)), phrase.T(noSecret))
	}
	var all map[string]any
	if err := toml.Unmarshal(data, &all); err != nil {
		why := phrase.T("is no TOML")
		if bad, ok := errors.AsType[toml.ParseError](err); ok {
			why = phrase.T("line %d is no TOML", bad.Position.Line)
		}
		return refuse(why, phrase.T("A line is a name and a value, such as window = \"20m\" or device-code = true."))
	}
	demo, rehearsed := all["demo"].(map[string]any)
	if rehearsed {
		delete(all, "demo")
	}
	var wrong wrongKey
	if out.real, wrong = valuesOf(all, flagsOfAll(root, false)); wrong.why != "" {
		return refuse(wrong.why, wrong.hint)
	}
	if out.rehearsed, wrong = valuesOf(demo, flagsOfAll(root, true)); wrong.why != "" {
		return refuse(phrase.T("in [demo] %s", wrong.why), wrong.hint)
	}
	return out, nil
}

const (
	noSecret        phrase.Format = "No flag takes a secret, and no secret belongs in this file. Take it out, and change it if others could read it."
	withoutSettings phrase.Format = "%s= (set to nothing) goes on without the file."
)

// wrongKey is why a key can't be taken, and what to do.
type wrongKey struct{ why, hint string }

// secretKey is what a key is called that holds a secret.
var secretKey = regexp.MustCompile(`(?i)passw|passphrase|secret|token|credential|private.?key|\bpin\b|\bcode\b|\botp\b`)

// valuesOf are the values of one table as a command line would have them.
func valuesOf(table map[string]any, known map[string]*pflag.Flag) (map[string]string, wrongKey) {
	out := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		name := fmt.Sprintf("%q", key)
		if !steps.ShowsName(key) {
			name = phrase.T("what one line begins with")
		}
		f := known[key]
		switch {
		case f == nil && secretKey.MatchString(key):
			return nil, wrongKey{phrase.T("%s is the name of a secret", name), phrase.T(noSecret)}
		case f == nil:
			hint := phrase.T("The keys are the names of flags, without their dashes.")
			if like := nearest(key, slices.Collect(maps.Keys(known))); len(like) > 0 {
				hint = didYouMean("", like) + " " + hint
			}
			return nil, wrongKey{phrase.T("%s is no setting", name), hint}
		case annotated(f, once):
			return nil, wrongKey{phrase.T("%s belongs to one command line", name), phrase.T("In a file it would be taken for the next customer too. Type it, or set %s.", variable(f, false))}
		}
		switch value := table[key].(type) {
		case string:
			out[key] = value
		case bool, int64:
			out[key] = fmt.Sprint(value)
		default:
			return nil, wrongKey{phrase.T("%s has no single value", name), phrase.T("Write a text in quotation marks, a number, true or false.")}
		}
	}
	return out, wrongKey{}
}

// flagsOfAll are the flags of all commands of one kind by their names.
func flagsOfAll(root *cobra.Command, rehearsed bool) map[string]*pflag.Flag {
	all := map[string]*pflag.Flag{}
	every(root, func(cmd *cobra.Command) {
		if rehearses(cmd) != rehearsed {
			return
		}
		for _, f := range settable(cmd) {
			if all[f.Name] == nil {
				all[f.Name] = f
			}
		}
	})
	return all
}

// look is what the file sets a flag to, and the file; empty where it does not.
func (s settingsFile) look(f *pflag.Flag, rehearsed bool) (value, from string) {
	tables := []map[string]string{s.real}
	switch {
	case rehearsed && annotated(f, ofPerson):
		tables = []map[string]string{s.rehearsed, s.real}
	case rehearsed:
		tables[0] = s.rehearsed
	}
	for _, table := range tables {
		if value, is := table[f.Name]; is && !annotated(f, once) {
			return value, f.Name + " in " + s.path
		}
	}
	return "", ""
}
