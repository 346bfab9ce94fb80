package cli

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// english are words that no German sentence has.
var english = regexp.MustCompile(`\b(the|of|and|is|to|with|for|what|this|from|or|by|that|print|default|flags|usage|examples|commands)\b`)

// typed is a line of help that is typed as it stands: a command line, or the name of a system.
var typed = regexp.MustCompile(`^(  +(delegate365-onboard|man|source|echo) |#### )`)

// The German help of every command has no English sentence in it, and fits the usual screen.
func TestHelpInGerman(t *testing.T) {
	root := commands()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	count := 0
	every(root, func(cmd *cobra.Command) {
		cmd.InitDefaultHelpFlag()
		cmd.InitDefaultVersionFlag()
		if cmd.Name() == "help" {
			return // help help is help
		}
		var out bytes.Buffer
		helpPage{&out, usualWidth, phrase.German}.write(cmd)
		for line := range strings.Lines(out.String()) {
			line = strings.TrimRight(ansi.Strip(line), "\n")
			switch found := english.FindString(strings.ReplaceAll(strings.ToLower(line), "what-if", "")); {
			case typed.MatchString(line):
			case ansi.StringWidth(line) > usualWidth:
				t.Errorf("%s: wider than the screen: %q", cmd.CommandPath(), line)
			case found != "":
				t.Errorf("%s: %q is not German: %q", cmd.CommandPath(), found, line)
			}
			count++
		}
		for _, text := range helpTexts(cmd) {
			if helpIn(phrase.German, text) == text {
				t.Errorf("%s: has no German: %q", cmd.CommandPath(), text)
			}
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if flagIn(phrase.German, f).Usage == f.Usage {
				t.Errorf("%s --%s: has no German: %q", cmd.CommandPath(), f.Name, f.Usage)
			}
		})
	})
	t.Logf("%d lines", count)
	if count < 400 {
		t.Errorf("only %d lines were read", count)
	}
}

// The manual page in German has no English sentence in it either, and says all that the English one does.
func TestManualInGerman(t *testing.T) {
	pages := map[phrase.Language]string{}
	for _, l := range phrase.Languages() {
		root := commands()
		root.InitDefaultHelpCmd()
		root.InitDefaultCompletionCmd()
		var out bytes.Buffer
		if err := (manPage{&out, l, map[entry]bool{}}).write(root); err != nil {
			t.Fatal(err)
		}
		pages[l] = out.String()
	}
	said := regexp.MustCompile(`^(\.|delegate365\\-onboard |man )`)
	for line := range strings.Lines(pages[phrase.German]) {
		text := strings.ToLower(strings.NewReplacer(`what\-if`, "", `\-`, "-").Replace(line))
		if found := english.FindString(text); found != "" && !said.MatchString(line) {
			t.Errorf("%q is not German: %q", found, line)
		}
	}
	for _, macro := range []string{".SH", ".SS", ".TP", ".PP", ".nf"} {
		if a, b := strings.Count(pages[phrase.English], "\n"+macro), strings.Count(pages[phrase.German], "\n"+macro); a != b || a == 0 {
			t.Errorf("%s stands %d times in English, %d times in German", macro, a, b)
		}
	}
}

// What a shell shows beside commands and flags is in German whole.
func TestCompletionInGerman(t *testing.T) {
	root := commands()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	translate(root, phrase.German)
	count := 0
	every(root, func(cmd *cobra.Command) {
		texts := []string{cmd.Short}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { texts = append(texts, f.Usage) })
		for _, text := range texts {
			if found := english.FindString(strings.ReplaceAll(strings.ToLower(text), "what-if", "")); found != "" || strings.Contains(text, "`") {
				t.Errorf("%s: %q is not German: %q", cmd.CommandPath(), found, text)
			}
			count++
		}
	})
	if count < 100 {
		t.Errorf("only %d texts were read", count)
	}
}

// helpTexts are the texts of a command, and the comments of its examples.
func helpTexts(cmd *cobra.Command) []string {
	texts := []string{cmd.Short}
	for line := range strings.SplitSeq(cmd.Long, "\n") {
		if line != "" && !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "#") {
			texts = append(texts, line)
		}
	}
	for line := range strings.SplitSeq(cmd.Example, "\n") {
		if comment, is := strings.CutPrefix(line, "# "); is {
			texts = append(texts, comment)
		}
	}
	return texts
}

func TestTypedLanguage(t *testing.T) {
	for line, want := range map[string]string{
		"check --lang de --help": "de", "--windw 5m --lang=de": "de", "--lang de --lang en": "en", "--lang": "", "-- --lang de": "", "--language de": "",
	} {
		if got := typedLanguage(strings.Fields(line)); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
