package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/bundle"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// bundleFlags are those of bundle.
type bundleFlags struct {
	log, journals, out string
	yes                bool
}

// bundleCommand packs what a support ticket needs.
func bundleCommand() *cobra.Command {
	var f bundleFlags
	command := &cobra.Command{
		Use:     "bundle",
		Short:   helpText("Pack the log and the journal for a support ticket"),
		Long:    helpText("Pack the log named by --log, the journals, the version and facts about this terminal into a zip, after showing what is in it. It holds names of accounts, ids and times, and no secret: what looks like one is refused."),
		Example: "delegate365-onboard bundle --log onboarding.log",
		RunE:    func(*cobra.Command, []string) error { return f.pack() },
	}
	p := command.Flags()
	p.StringVar(&f.log, "log", "", helpText("the log `FILE` that an earlier run wrote"))
	p.StringVar(&f.out, "out", "delegate365-onboard.zip", helpText("the `FILE` to make"))
	p.StringVar(&f.journals, "journals", "", helpText("`FOLDER` of the journals (default the usual one)"))
	p.BoolVar(&f.yes, "yes", false, helpText("don't ask"))
	annotate(p, once, "out", "journals", "yes")
	speaks(p)
	_ = cobra.MarkFlagFilename(p, "log")
	_ = cobra.MarkFlagFilename(p, "out", "zip")
	_ = cobra.MarkFlagDirname(p, "journals")
	return command
}

func (f *bundleFlags) pack() (err error) {
	journals := f.journals
	if journals == "" {
		if journals, err = journal.Folder(); err != nil {
			return err
		}
	}
	files, err := bundle.Collect(f.log, journals, facts())
	hint := phrase.T("Name a log that an earlier run wrote with --log, and with --journals a folder of journals.")
	switch {
	case errors.Is(err, bundle.ErrForeign):
		return usage(&misuse{phrase.T("no line of %s was written by this program", f.log), hint})
	case err != nil:
		return usage(&steps.Error{Op: "make the bundle", Hint: hint, Err: err})
	}
	say(phrase.T("%s will hold:", f.out))
	for _, file := range files {
		say(phrase.T("%10d bytes  %s", len(file.Data), file.Name))
	}
	if !f.yes && !agreed() {
		return &endError{phrase.T("nothing was packed, because nobody said yes"), phrase.T("--yes packs without asking"), plain.ErrLeft}
	}
	if err := bundle.Write(f.out, files); err != nil {
		if secret, ok := errors.AsType[*bundle.SecretError](err); ok {
			return &steps.Error{
				Op: "make the bundle", Hint: phrase.T("%s holds %s, and no bundle may hold a secret. Please report this, without the file.", secret.Name, phrase.T(secret.Why)), Err: err,
			}
		}
		return &steps.Error{Op: "make the bundle", Hint: phrase.T("Choose another file with --out."), Err: err}
	}
	say(phrase.T("Made."))
	return nil
}

// agreed asks whether the bundle may be made.
func agreed() bool {
	fmt.Fprint(stdout, phrase.T("Names of accounts, ids and times are in it, no secrets. Make it? [y/N]")+" ")
	answer, err := bufio.NewReader(os.Stdin).ReadString('\n')
	return err == nil && slices.Contains([]string{"y", "yes", phrase.T("y"), phrase.T("yes")}, strings.ToLower(strings.TrimSpace(answer)))
}

// facts are what matters of this program and its terminal. Of the environment only these variables are told.
func facts() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", build())
	for name, file := range map[string]*os.File{"input": os.Stdin, "output": os.Stdout} {
		fmt.Fprintf(&b, "%s is a terminal: %t\n", name, terminal(file))
	}
	if w, h, err := term.GetSize(os.Stdout.Fd()); err == nil {
		fmt.Fprintf(&b, "size %dx%d\n", w, h)
	}
	fmt.Fprintf(&b, "colours %s\n", colorprofile.Detect(os.Stdout, os.Environ()))
	fmt.Fprintf(&b, "job object of Windows: %s, of a guard: %s\n", guard.Own(), foreseen())
	for _, name := range []string{"TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "NO_COLOR", "LANG", "LC_ALL", "XDG_SESSION_TYPE"} {
		fmt.Fprintf(&b, "%s=%q\n", name, os.Getenv(name))
	}
	for _, name := range []string{"TMUX", "SSH_TTY", "WT_SESSION", "WSL_DISTRO_NAME", "DISPLAY", "WAYLAND_DISPLAY", "HTTPS_PROXY"} {
		fmt.Fprintf(&b, "%s is set: %t\n", name, os.Getenv(name) != "")
	}
	return b.String()
}
