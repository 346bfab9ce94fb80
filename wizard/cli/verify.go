package cli

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// verifyFlags are those of report verify.
type verifyFlags struct {
	runFlags
	fingerprint string
	json        bool
}

// verifyCommand checks a report: without a tenant and without a network, or against both.
func verifyCommand(where place) *cobra.Command {
	var f verifyFlags
	command := &cobra.Command{
		Use:     "verify " + helpText("FILE"),
		Short:   helpText("Check a hand-over report: its seal, its journal, its times"),
		Long:    helpText("Check that a report was not changed since it was sealed, that its journal has no gap and says what the report says, and that its times add up. FILE is the page or the data; the seal of the data lies beside it. Nothing is sent anywhere, unless --tenant names the tenant: then it signs in, and holds the report against Microsoft's audit log and against how the tenant stands today, writing nothing. Exit code 0 means that all that was checked holds: without --fingerprint, and without --tenant where the tenant names the report, only that it fits itself. 1 means that something does not hold, 2 that there is no report, 3 that something could not be checked."),
		Example: "delegate365-onboard report verify contoso.com-2026-11-27.html",
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("fingerprint") && !report.IsFingerprint(f.fingerprint) {
				return usage(&steps.Error{Op: "check a report", Hint: phrase.T("What --fingerprint has is no fingerprint: that has 24 digits in six groups, or all 64.")})
			}
			return f.verify(cmd.Context(), where, args)
		},
	}
	command.Annotations = map[string]string{takesFile: "html json"}
	p := command.Flags()
	where.define(p)
	f.define(p)
	speaks(p)
	unlisted(p, "portal", "window", "account")
	p.StringVar(&f.fingerprint, "fingerprint", "", helpText("the `FINGERPRINT` that you noted, six groups or all 64 digits"))
	p.BoolVar(&f.json, "json", false, helpText("print what was found as JSON"))
	annotate(p, once, "fingerprint", "json")
	return command
}

// What report verify found, beside what it says itself.
var (
	errDoesNotHold = errors.New("something does not hold")
	errNotChecked  = errors.New("something could not be checked")
)

// noReport has a file that is no report be told in the language of the process.
func noReport(err error) error {
	if e, ok := errors.AsType[*report.NotWholeError](err); ok {
		return steps.ValueError(phrase.T("this is not a report: %s", phrase.T(e.Why)))
	}
	if errors.Is(err, report.ErrNoReport) {
		return steps.ValueError(phrase.T("this is not a report"))
	}
	return err
}

func (f *verifyFlags) verify(ctx context.Context, where place, args []string) error {
	if len(args) != 1 {
		return usage(&steps.Error{Op: "check a report", Hint: phrase.T("Name one file: the page, or the data with its seal beside it.")})
	}
	files, err := report.Open(args[0])
	if err = noReport(err); err != nil {
		return usage(&steps.Error{Op: "read the report %s", Of: []any{args[0]}, Hint: phrase.T("Name the page or the data of a report. If that is what it is, the file is not whole: get it again."), Err: err})
	}
	found, said, err := report.Verify(files, f.fingerprint, thisProgram())
	if errors.Is(err, report.ErrNoReport) {
		found, _, err = report.VerifySupplement(files, f.fingerprint)
	}
	if err = noReport(err); err != nil {
		return usage(&steps.Error{Op: "check %s", Of: []any{args[0]}, Hint: phrase.T("Name the page or the data of a report."), Err: err})
	}
	if f.tenant != "" && !found.Failed() && said.Schema != "" { // a supplement was made of what the tenant said
		if err := where.in(func(w world) error { return f.against(ctx, w, &found, said) }); err != nil {
			return err
		}
	}
	if err := f.print(found); err != nil {
		return err
	}
	switch found.Exit {
	case 1:
		return errDoesNotHold
	case 3:
		return errNotChecked
	}
	return nil
}

// against signs in, and holds the report against the tenant.
func (f *verifyFlags) against(parent context.Context, w world, v *report.Verification, said report.Report) (err error) {
	if said.Rehearsal && w.person == nil {
		return usage(&steps.Error{Op: "check a report", Hint: phrase.T(report.Rehearsed)})
	}
	s, err := f.begin(w, journal.ByReport)
	if err != nil {
		return err
	}
	defer func() { s.end(err) }()
	ctx, stop := signal.NotifyContext(parent, signals...)
	defer stop()
	if err := plain.SignIn(ctx, plain.Options{Run: s.run, Columns: columns(os.Stderr)}, steps.All()[0], stderr); err != nil {
		return err
	}
	sayAside(phrase.T("Reading the tenant and its audit log ..."))
	return s.run.HoldAgainst(ctx, v, said)
}

// signs stand before what each check found.
var signs = map[string]string{report.Holds: "✓", report.Fails: "✗", report.Unchecked: "?", report.Remark: "·"}

func (f *verifyFlags) print(v report.Verification) error {
	if f.json {
		out := json.NewEncoder(stdoutJSON)
		out.SetIndent("", "  ")
		return out.Encode(v)
	}
	for _, c := range v.Checks {
		say(signs[c.State] + " " + c.Said)
	}
	if v.Exit == 0 && len(v.Against) == 0 {
		say(phrase.T("It fits itself, and was held against nothing else: that does not show that it is the report that was closed."))
	}
	return nil
}
