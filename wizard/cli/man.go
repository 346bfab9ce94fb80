package cli

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The manual page is written with the macros of man(7), which man-db, mandoc and BSD's man all read. It is made of the commands
// and flags themselves, so that it can't be behind them.

func manCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "man",
		Short: helpText("Print the manual page"),
		Long:  helpText("Print the manual page as a file for man. Packages install it; from a file of your own it is read with man and a path that has a slash in it."),
		Example: `delegate365-onboard man > delegate365-onboard.1
man ./delegate365-onboard.1`,
		Annotations: map[string]string{bare: "bare"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return manPage{stdout, phrase.Spoken(), map[entry]bool{}}.write(cmd.Root())
		},
	}
	speaks(command.Flags())
	return command
}

// explained is something that is typed, returned or found, and what it means.
type explained struct {
	what string
	text phrase.Format
}

// The exit codes, as the manual says them.
var exitCodes = []explained{
	{"0", "finished; of check: the onboarding can begin; of report verify: all that was checked holds"},
	{"1", "left, or the input ended, before it was finished; of check: something blocks; of report and report verify: something is to be looked at, or does not hold"},
	{"2", "the command line, the environment or the settings file can't be used, or the program itself is broken; MFA is back then as well"},
	{"3", "something failed, or could not be read; the message says what to do"},
}

// Variables that are not the flags' own.
var otherVariables = []explained{
	{settingsVariable, "the settings file; set to nothing, none is read"},
	{"NO_COLOR", "with any value: no colours"},
	{"TERM", "dumb: plain lines, as with --accessible"},
	{"LC_ALL, LC_CTYPE, LANG", "where the first that is set names a character set other than UTF-8, marks and lines are ASCII"},
	{"HTTPS_PROXY, NO_PROXY", "the proxy to Microsoft, and what goes around it"},
	{"SSL_CERT_FILE, SSL_CERT_DIR", "certificates that are trusted in place of the system's"},
	{"BROWSER", "the browser that pages open in"},
	{"XDG_STATE_HOME, XDG_CONFIG_HOME", "other folders for the journals and for the settings"},
}

// Files of a system with XDG's folders.
var files = []explained{
	{"~/.config/delegate365-onboard/config.toml", "settings: the names of flags with their values, those of rehearsals under [demo]. No secret, and nothing that belongs to one customer, is taken from it"},
	{"~/.local/state/delegate365-onboard/", "the journal of each tenant, what was there before, and what keeps two runs apart; the key that seals them is in the system's key ring"},
	{"~/Documents/delegate365-onboard/", "the reports for customers"},
}

// manPage is where the manual is written.
type manPage struct {
	out  io.Writer
	in   phrase.Language
	said map[entry]bool // flags that are written already, or will be under OPTIONS
}

func (m manPage) write(root *cobra.Command) error {
	info, _ := debug.ReadBuildInfo()
	m.printf(".TH DELEGATE365\\-ONBOARD 1 %q %q \"%s\"\n", dateOf(info), "delegate365-onboard "+shortVersion(root), roff(m.in.T("User Commands")))
	m.printf(".nh\n.ad l\n") // what is typed is not parted
	m.section("NAME")
	m.printf("%s \\- %s\n", roff(root.Name()), roff(m.in.T("onboard a Microsoft 365 tenant to Delegate365")))
	m.section("SYNOPSIS")
	m.printf(".B %s\n.RI [ %s ]\n.RI [ %s ]\n", roff(root.Name()), m.in.T("COMMAND"), m.in.T("FLAGS"))
	m.section("DESCRIPTION")
	m.text(root.Long)
	m.section("COMMANDS")
	m.text(helpText("Without a command it runs the onboarding. Flags that a command shares with it are under OPTIONS; what it shares with a command before is there."))
	options := flagEntries(m.in, root)
	for _, e := range options {
		m.said[e] = true
	}
	every(root, func(cmd *cobra.Command) {
		if cmd != root && cmd.IsAvailableCommand() && cmd.Parent().Name() != "completion" {
			m.command(cmd)
		}
	})
	m.section("OPTIONS")
	for _, e := range options {
		m.pair(e.label, e.text)
	}
	m.section("EXIT STATUS")
	m.pairs(exitCodes)
	m.section("ENVIRONMENT")
	m.text(helpText("Each flag has a variable, which counts where the flag is not typed: DELEGATE365_ and its name in capitals, as DELEGATE365_CLIENT_ID for --client-id. " +
		"Of demo and its commands they begin with DELEGATE365_DEMO_, so that nothing meant for a customer reaches a rehearsal; only what is about the person at the screen, as DELEGATE365_ACCESSIBLE, holds for both. config shows all of them."))
	m.pairs(otherVariables)
	m.section("FILES")
	m.pairs(files)
	m.section("EXAMPLES")
	every(root, func(cmd *cobra.Command) {
		if cmd.IsAvailableCommand() || cmd == root {
			m.examples(cmd)
		}
	})
	return nil
}

func (m manPage) printf(format string, args ...any) { fmt.Fprintf(m.out, format, args...) }

func (m manPage) section(name phrase.Format) { m.printf(".SH %s\n", roff(m.in.T(name))) }

// text writes the paragraphs of a text of help.
func (m manPage) text(text string) {
	for paragraph := range strings.SplitSeq(text, "\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			m.paragraph(helpIn(m.in, paragraph))
		}
	}
}

func (m manPage) paragraph(text string) { m.printf(".PP\n%s\n", roff(text)) }

func (m manPage) pairs(all []explained) {
	for _, e := range all {
		m.pair(e.what, m.in.T(e.text))
	}
}

func (m manPage) pair(what, text string) { m.printf(".TP\n.B %s\n%s\n", roff(what), roff(text)) }

// command says what a command does, which flags it has of its own, and which it shares.
func (m manPage) command(cmd *cobra.Command) {
	name := strings.TrimPrefix(usageLine(m.in, cmd), cmd.Root().Name()+" ")
	m.printf(".SS %s\n", roff(name))
	if cmd.Long == "" || strings.Contains(cmd.Long, "\n\t") {
		m.paragraph(helpIn(m.in, cmd.Short) + ".")
	} else {
		m.text(cmd.Long)
	}
	var shared []string
	for _, e := range flagEntries(m.in, cmd) {
		name := strings.TrimSuffix(strings.Fields(e.label)[0], ",")
		switch {
		case strings.HasPrefix(name, "-h"):
		case m.said[e]:
			shared = append(shared, name)
		default:
			m.said[e] = true
			m.pair(e.label, e.text)
		}
	}
	if len(shared) > 0 {
		m.paragraph(m.in.T("Shared: %s.", strings.Join(shared, ", ")))
	}
}

func (m manPage) examples(cmd *cobra.Command) {
	for line := range strings.SplitSeq(cmd.Example, "\n") {
		switch {
		case strings.HasPrefix(line, "# "):
			m.paragraph(helpIn(m.in, strings.TrimPrefix(line, "# ")) + ":")
		case line != "":
			m.printf(".PP\n.nf\n.RS\n%s\n.RE\n.fi\n", roff(line))
		}
	}
}

// escapes are how a manual page writes what it would read otherwise, and the letters that not every one of its readers takes as they are.
var escapes = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", "...", "'", `\(aq`, "~", `\(ti`, "^", `\(ha`,
	"ä", `\(:a`, "ö", `\(:o`, "ü", `\(:u`, "Ä", `\(:A`, "Ö", `\(:O`, "Ü", `\(:U`, "ß", `\(ss`)

// roff is a text as a manual page has it: a dash that is typed is one, and no line is taken for a macro.
func roff(text string) string {
	if text = escapes.Replace(text); strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

// dateOf is the day of the commit that the program was built from; empty where nobody knows it.
func dateOf(info *debug.BuildInfo) string {
	if info == nil {
		return ""
	}
	for _, s := range info.Settings {
		if t, err := time.Parse(time.RFC3339, s.Value); err == nil && s.Key == "vcs.time" {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// shortVersion is the version alone, where the last line of the page has room for it: that of a commit between two releases is longer.
func shortVersion(root *cobra.Command) string {
	const most = 16
	version, _, _ := strings.Cut(root.Version, "\n")
	if len(version) > most {
		return "development"
	}
	return version
}
