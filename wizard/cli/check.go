package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/checkpage"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	shared "github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// checkFlags are those of check.
type checkFlags struct {
	runFlags
	json, quiet bool
	save        string // file
	language    phrase.Language
}

func checkCommand(where place) *cobra.Command {
	var f checkFlags
	check := &cobra.Command{
		Use:   "check",
		Short: helpText("Read everything the onboarding depends on, and write nothing"),
		Long:  helpText("Sign in, read the tenant, and say whether the onboarding can begin and what it will change. Nothing is written. Exit code 0 means that the onboarding can begin, 1 that it is blocked, be it only until something is decided, 2 a command line that can't be used, 3 that the tenant could not be read."),
		Example: "# " + helpText("as lines") + "\ndelegate365-onboard check --tenant contoso.com\n" +
			"# " + helpText("a page for the customer, the day before") + "\ndelegate365-onboard check --tenant contoso.com --save check.html\n" +
			"# " + helpText("for other programs") + "\ndelegate365-onboard check --tenant contoso.com --json\n" +
			"# " + helpText("one line") + "\ndelegate365-onboard check --tenant contoso.com --quiet",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if f.language, err = chosenLanguage(cmd); err != nil {
				return err
			}
			return where.in(func(w world) error { return f.check(cmd.Context(), w) })
		},
	}
	p := check.Flags()
	where.define(p)
	f.define(p)
	p.BoolVar(&f.json, "json", false, helpText("print the report as JSON; what is said meanwhile goes to standard error"))
	p.BoolVarP(&f.quiet, "quiet", "q", false, helpText("print one line: the tenant and the verdict"))
	p.StringVar(&f.save, "save", "", helpText("write the report to this new `FILE` as well, a page (.html) or JSON (.json)"))
	_ = cobra.MarkFlagFilename(p, "save", "html", "json")
	annotate(p, once, "json", "quiet", "save")
	new(screenFlags).define(p)
	speaks(p)
	unlisted(p, "portal", "accessible", "no-color", "no-bell")
	return check
}

// check says what the tenant is like. The report goes to the standard output, everything else to the standard error.
func (f *checkFlags) check(parent context.Context, w world) (err error) {
	if err := f.savable(); err != nil {
		return err
	}
	s, err := f.begin(w, "")
	if err != nil {
		return err
	}
	defer func() { s.end(err) }()
	ctx, stop := signal.NotifyContext(parent, signals...)
	defer stop()
	report, err := plain.Check(ctx, plain.Options{Run: s.run, Columns: columns(os.Stderr), Quiet: f.quiet}, steps.All()[0], stderr)
	if steps.NeedsTenant(err) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	if err := f.print(s.run, report); err != nil {
		return err
	}
	if err := f.write(s.run, report); err != nil {
		return err
	}
	if report.Verdict != steps.VerdictReady {
		return plain.ErrBlocked
	}
	return nil
}

// savable says before anybody signs in that the file can't be made.
func (f *checkFlags) savable() error {
	if f.quiet && f.json {
		return usage(&misuse{phrase.T("--quiet and --json are two forms of one output"), phrase.T("Name one of them; --save writes a file beside either.")})
	}
	if f.save == "" {
		return nil
	}
	refuse := func(why string) error {
		return usage(&misuse{phrase.T("can't write %s: %s", f.save, why), phrase.T("Name a new file that ends in .html, for a page, or in .json.")})
	}
	if ext := strings.ToLower(filepath.Ext(f.save)); ext != ".html" && ext != ".json" {
		return refuse(phrase.T("its name says neither page nor JSON"))
	}
	if _, err := os.Lstat(f.save); err == nil {
		return refuse(phrase.T("it is there already, and nothing is written over it"))
	}
	if folder, err := os.Stat(filepath.Dir(f.save)); err != nil || !folder.IsDir() {
		return refuse(phrase.T("there is no folder %s", filepath.Dir(f.save)))
	}
	return nil
}

// write makes the file.
func (f *checkFlags) write(r *steps.Run, report steps.CheckReport) error {
	if f.save == "" {
		return nil
	}
	data, err := f.file(r, report)
	if err == nil {
		err = shared.SaveNew(f.save, data)
	}
	if err != nil {
		return &steps.Error{Op: "write %s", Of: []any{f.save}, Hint: phrase.T("Nothing was written over. The check itself is above; name another file with --save."), Err: err}
	}
	if !f.quiet {
		sayAside(phrase.T("Saved, for its owner only:") + " " + f.save)
	}
	return nil
}

// file is the report as the file's name wants it. A page is for the customer, and speaks as the command would without other programs
// that read its output.
func (f *checkFlags) file(r *steps.Run, report steps.CheckReport) ([]byte, error) {
	if isPage(f.save) {
		was := phrase.Spoken()
		defer phrase.Speak(was)
		if phrase.Speak(f.language); f.language != was {
			report = report.Retold(r)
		}
		return checkpage.Draw(report, thisProgram().Version, r.Person() != nil)
	}
	var b bytes.Buffer
	if err := encode(printable.JSON(&b), report); err != nil {
		return nil, err
	}
	if redact.Holds(b.Bytes()) {
		return nil, checkpage.ErrSecret
	}
	return b.Bytes(), nil
}

// isPage reports the name of a page.
func isPage(file string) bool { return strings.EqualFold(filepath.Ext(file), ".html") }

func (f *checkFlags) print(r *steps.Run, report steps.CheckReport) error {
	o := plain.Options{Run: r, Out: stdout, Columns: columns(os.Stdout)}
	switch {
	case f.json:
		return encode(stdoutJSON, report)
	case f.quiet:
		plain.WriteVerdict(o, report)
	default:
		plain.WriteCheck(o, report)
	}
	return nil
}

func encode(w io.Writer, report steps.CheckReport) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(report)
}
