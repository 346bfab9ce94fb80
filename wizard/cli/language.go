package cli

import (
	"cmp"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// speaks gives a command the flag by which its language is chosen. A command without it speaks English.
func speaks(p *pflag.FlagSet) {
	p.String("lang", "", helpText("`LANGUAGE` to speak, en or de (default the system's)"))
	annotate(p, ofPerson, "lang")
	suggest(p, "lang", "en", "de")
}

// speak chooses the language before the command says anything. What other programs read is made in English.
func speak(cmd *cobra.Command) error {
	l, err := chosenLanguage(cmd)
	if err != nil {
		return err
	}
	if cmd.Flags().Lookup("serve") == nil && readByPrograms(cmd.Flags()) {
		l = phrase.English
	}
	phrase.Speak(l)
	return nil
}

// chosenLanguage is the language for whoever typed the command.
func chosenLanguage(cmd *cobra.Command) (phrase.Language, error) {
	f := cmd.Flags().Lookup("lang")
	if f == nil {
		return phrase.English, nil
	}
	named := f.Value.String()
	if cmd.Annotations[bare] != "" {
		named = cmp.Or(named, setLanguage(cmd))
	}
	return languageOf(named, os.Getenv)
}

// readByPrograms reports a command whose output, or file, is for other programs.
func readByPrograms(p *pflag.FlagSet) bool {
	save := p.Lookup("save")
	return p.Changed("json") || p.Changed("quiet") || save != nil && save.Changed && !isPage(save.Value.String())
}

// listen chooses the language of what is said before a command runs: of help, and of what is wrong with a command line. Nothing wrong with the
// choice itself is told here.
func listen(cmd *cobra.Command) {
	l, err := languageOf(cmp.Or(typedLanguage(os.Args[1:]), setLanguage(cmd)), os.Getenv)
	if err != nil {
		l = localLanguage(os.Getenv)
	}
	phrase.Speak(l)
}

// typedLanguage is the last value of --lang, wherever it is on the line: an error of the line may come before it is parsed.
func typedLanguage(line []string) (named string) {
	for i, word := range line {
		value, joined := strings.CutPrefix(word, "--lang=")
		switch {
		case word == "--":
			return named
		case joined:
			named = value
		case word == "--lang" && i+1 < len(line):
			named = line[i+1]
		}
	}
	return named
}

// setLanguage is the language that the environment names, or else the settings file.
func setLanguage(cmd *cobra.Command) string {
	f := cmd.Root().Flags().Lookup("lang")
	if named := os.Getenv(variable(f, false)); named != "" {
		return named
	}
	file, err := readSettings(cmd.Root())
	if err != nil {
		return ""
	}
	named, _ := file.look(f, rehearses(cmd))
	return named
}

// languageOf is the language that was named, or else the system's.
func languageOf(named string, getenv func(string) string) (phrase.Language, error) {
	if named == "" {
		return localLanguage(getenv), nil
	}
	if l := phrase.Language(strings.ToLower(named)); slices.Contains(phrase.Languages(), l) {
		return l, nil
	}
	return "", usage(&misuse{phrase.T("--lang takes en or de, not %q", named), phrase.T("en is English, de is German.")})
}

// localLanguage is the language of the locale: of the first of these variables that is set, as POSIX has it
// (https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_02), or else of the system. German has letters
// that a character set other than UTF-8 writes otherwise, and is not spoken there.
func localLanguage(getenv func(string) string) phrase.Language {
	locale := strings.ToLower(cmp.Or(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"), systemLanguage()))
	name, charset, _ := strings.Cut(locale, ".")
	if language, _, _ := strings.Cut(strings.ReplaceAll(name, "_", "-"), "-"); language != string(phrase.German) {
		return phrase.English
	}
	charset, _, _ = strings.Cut(charset, "@")
	if charset != "" && strings.ReplaceAll(charset, "-", "") != "utf8" {
		return phrase.English
	}
	return phrase.German
}
