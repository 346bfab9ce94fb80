package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Commands and flags hold their texts in English. Help, the manual page and what a shell shows translate each when it is drawn.

// helpText is a text of a command or a flag that help translates.
func helpText(words phrase.Format) string { return string(words) }

// helpIn is a text of a command, a flag or the command-line library in this language.
func helpIn(l phrase.Language, text string) string { return l.T(phrase.Format(text)) }

// The texts of the command-line library, paragraph by paragraph.
var _ = []phrase.Format{
	"Help about any command",
	"Generate the autocompletion script for the specified shell",
	"Generate the autocompletion script for delegate365-onboard for the specified shell.",
	"See each sub-command's help for details on how to use the generated script.",
	"Generate the autocompletion script for bash", "Generate the autocompletion script for fish",
	"Generate the autocompletion script for powershell", "Generate the autocompletion script for zsh",
	"Generate the autocompletion script for the bash shell.", "Generate the autocompletion script for the fish shell.",
	"Generate the autocompletion script for powershell.", "Generate the autocompletion script for the zsh shell.",
	"This script depends on the 'bash-completion' package.",
	"If it is not installed already, you can install it via your OS's package manager.",
	"If shell completion is not already enabled in your environment you will need",
	"to enable it.  You can execute the following once:",
	"To load completions in your current shell session:",
	"To load completions for every new session, execute once:",
	"To load completions for every new session, add the output of the above command",
	"to your powershell profile.",
	"You will need to start a new shell for this setup to take effect.",
	"disable completion descriptions",
}

// listed is the annotation of a flag whose text ends with what it can be.
const listed = "listed"

// list ends the text of a flag with what it can be, which reads alike in every language.
func list(p *pflag.FlagSet, name string, values []string) {
	_ = p.SetAnnotation(name, listed, values)
	f := p.Lookup(name)
	f.Usage += listOf(f)
}

func listOf(f *pflag.Flag) string {
	if values := f.Annotations[listed]; len(values) > 0 {
		return ": " + strings.Join(values, ", ")
	}
	return ""
}

// flagIn is a flag with its text in this language.
func flagIn(l phrase.Language, f *pflag.Flag) *pflag.Flag {
	spoken := *f
	switch what, command, _ := strings.Cut(f.Usage, " for "); what {
	case "help":
		spoken.Usage = l.T("help for %s", command)
	case "version":
		spoken.Usage = l.T("version for %s", command)
	default:
		spoken.Usage = helpIn(l, strings.TrimSuffix(f.Usage, listOf(f))) + listOf(f)
	}
	return &spoken
}
