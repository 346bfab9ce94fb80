package cli

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// verifyFlags are those of report verify.
type verifyFlags struct {
	fingerprint string
	json        bool
}

// verifyCommand checks a report, without a tenant and without a network.
func verifyCommand() *cobra.Command {
	var f verifyFlags
	command := &cobra.Command{
		Use:   "verify FILE",
		Short: "Check a hand-over report: its seal, its journal, its times",
		Long: "Check that a report was not changed since it was sealed, that its journal has no gap and says what the report says, and that its times add up. " +
			"FILE is the page or the data; the seal of the data lies beside it. Nothing is sent anywhere. " +
			"Exit code 0 means that all that was checked holds, 1 that something does not, 2 that there is no report, 3 that something could not be checked.",
		Example: `delegate365-onboard report verify contoso.com-2026-11-27.html --fingerprint 7c1e-04b9-a2f3-5d18-90ce-4b77`,
		RunE:    func(_ *cobra.Command, args []string) error { return f.verify(args) },
	}
	command.Annotations = map[string]string{takesFile: "FILE"}
	p := command.Flags()
	p.StringVar(&f.fingerprint, "fingerprint", "", "the `FINGERPRINT` that you noted, six groups or all 64 digits")
	p.BoolVar(&f.json, "json", false, "print what was found as JSON")
	return command
}

// What report verify found, beside what it says itself.
var (
	errDoesNotHold = errors.New("something does not hold")
	errNotChecked  = errors.New("something could not be checked")
)

func (f *verifyFlags) verify(args []string) error {
	if len(args) != 1 {
		return usage(&steps.Error{Op: "check a report", Hint: "Name one file: the page, or the data with its seal beside it."})
	}
	files, err := report.Open(args[0])
	if err != nil {
		return usage(&steps.Error{Op: "read the report " + args[0], Hint: "Name the page or the data of a report. If that is what it is, the file is not whole: get it again.", Err: err})
	}
	found, _, err := report.Verify(files, f.fingerprint, thisProgram())
	if err != nil {
		return usage(&steps.Error{Op: "check " + args[0], Hint: "Name the page or the data of a report.", Err: err})
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

// signs stand before what each check found.
var signs = map[string]string{report.Holds: "✓", report.Fails: "✗", report.Unchecked: "?", report.Remark: "·"}

func (f *verifyFlags) print(v report.Verification) error {
	if f.json {
		out := json.NewEncoder(stdoutJSON)
		out.SetIndent("", "  ")
		return out.Encode(v)
	}
	for _, c := range v.Checks {
		fmt.Fprintln(stdout, printable.Line(signs[c.State]+" "+c.Said))
	}
	return nil
}
