package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every command says in a line what it is for, shows a line that can be typed, and names the value of each flag.
func TestEveryCommand(t *testing.T) {
	root := commands()
	count := 0
	every(root, func(cmd *cobra.Command) {
		count++
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") || len(cmd.Short) > 72 {
			t.Errorf("%s: %q is no line that says what it is for", cmd.CommandPath(), cmd.Short)
		}
		if cmd.RunE == nil {
			t.Errorf("%s: does nothing", cmd.CommandPath())
		}
		for line := range strings.SplitSeq(cmd.Example, "\n") {
			if len(line) > usualWidth-2 {
				t.Errorf("%s: %q is wider than the screen", cmd.CommandPath(), line)
			}
		}
		if cmd.Example == "" && !cmd.Hidden {
			t.Errorf("%s: has no example", cmd.CommandPath())
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			value, text := pflag.UnquoteUsage(f)
			switch {
			case text == "" || strings.ContainsAny(text, "`\n"):
				t.Errorf("%s --%s: %q does not say what it is", cmd.CommandPath(), f.Name, text)
			case f.Value.Type() == "bool" && value != "":
				t.Errorf("%s --%s: a switch takes no value: %q", cmd.CommandPath(), f.Name, value)
			case f.Value.Type() != "bool" && (value == "" || value != strings.ToUpper(value)):
				t.Errorf("%s --%s: the value is named %q", cmd.CommandPath(), f.Name, value)
			}
			file, folder := annotated(f, cobra.BashCompFilenameExt), annotated(f, cobra.BashCompSubdirsInDir)
			if is := strings.Contains(value, "FILE"); is != file || (value == "FOLDER") != folder {
				t.Errorf("%s --%s %s: a shell offers files %t, folders %t", cmd.CommandPath(), f.Name, value, file, folder)
			}
		})
	})
	if count < 8 {
		t.Errorf("only %d commands were looked at", count)
	}
}

// A command lists the flags that it has a use for, and no other one.
func TestListedFlags(t *testing.T) {
	run := []string{"tenant", "client-id", "device-code", "account", "log"}
	rehearsed := []string{"profile", "autopilot", "connect", "fault", "without", "newer", "seed"}
	for path, want := range map[string][]string{
		"":              slices.Concat(run, []string{"cloud", "lang", "mail", "portal", "window", "accessible", "no-bell", "no-color", "report"}),
		"check":         slices.Concat(run, []string{"cloud", "lang", "window", "json", "quiet", "save"}),
		"restore":       slices.Concat(run, []string{"cloud", "lang", "report", "yes"}),
		"demo":          slices.Concat(run, rehearsed, []string{"lang", "mail", "portal", "window", "accessible", "no-bell", "no-color", "pace", "serve", "json", "report"}),
		"demo check":    slices.Concat(run, rehearsed, []string{"lang", "window", "json", "quiet", "save"}),
		"demo restore":  slices.Concat(run, rehearsed, []string{"lang", "pace", "report", "yes"}),
		"report":        {"tenant", "client-id", "device-code", "log", "cloud", "lang", "report", "json"},
		"report verify": {"tenant", "client-id", "device-code", "log", "cloud", "lang", "fingerprint", "json"},
		"demo report":   slices.Concat(run[:3], rehearsed, []string{"log", "lang", "report", "json"}),
		"bundle":        {"log", "journals", "out", "yes", "lang"},
		"version":       {"licences"},
		"config":        {"lang"},
		"man":           {"lang"},
		"guard":         nil,
	} {
		cmd, _, err := commands().Find(strings.Fields(path))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				got = append(got, f.Name)
			}
		})
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q lists\n%q, want\n%q", path, got, want)
		}
	}
}

// The line of an onboarding may get a word at its end, or before its flags, and is another command's then.
func TestLineOfAnOnboarding(t *testing.T) {
	line := []string{
		"--tenant", "contoso.com", "--cloud", "usgov", "--client-id", "x", "--device-code", "--account", "a", "--portal", "https://a.delegate365.com",
		"--window", "20m", "--accessible", "--no-color", "--log", "a.log",
	}
	for _, name := range []string{"check", "restore"} {
		for _, words := range [][]string{append(slices.Clone(line), name), append([]string{name}, line...)} {
			cmd, args, err := commands().Find(words)
			if err == nil {
				err = cmd.ParseFlags(args)
			}
			if err != nil || cmd.Name() != name || len(cmd.Flags().Args()) > 0 {
				t.Errorf("%q: %s, %v", words, cmd.Name(), err)
			}
		}
	}
}

func TestMeant(t *testing.T) {
	words := []string{"check", "restore", "client-id", "cloud", "demo"}
	for word, want := range map[string]string{"chek": "check", "Restore": "restore", "cl": "client-id or cloud", "mars": "", "": "", "dmeo": "demo"} {
		got, _, _ := strings.Cut(strings.TrimPrefix(meant("", word, words), "did you mean "), "?")
		if got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
