package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// plainly runs the plain lines, and closes the exposure window whatever ended them.
func (f *flags) plainly(cmd *cobra.Command, r *steps.Run, s world, log *slog.Logger, title string, list []steps.Step) error {
	ctx, stop := signal.NotifyContext(cmd.Context(), signals...)
	defer stop()
	clip := plainClipboard(log)
	defer takeBack(clip, log)
	err := plain.Run(ctx, plain.Options{
		Run: r, Title: title, Steps: list, In: os.Stdin, Out: os.Stdout, Copy: copyTo(clip), Autopilot: s.autopilot, Pace: s.pace,
		SignInChosen: s.signInChosen,
	})
	if errors.Is(err, plain.ErrInputClosed) && !r.TenantNamed() {
		return usage(&steps.Error{Op: "ask for the customer's tenant: the input has ended", Hint: "Name it with --tenant, by a domain or by its id."})
	}
	open, yes := r.Exposure()
	if !yes {
		return err
	}
	if open.Found { // it was open before, and nobody said that it may be closed
		return stillOpen(r, open, errors.Join(err, plain.ErrLeft))
	}
	fmt.Fprintf(stdout, "Putting MFA back for %s ...\n", printable.Line(open.Account))
	closing, cancel := context.WithTimeout(cmd.Context(), steps.ClosingBound)
	defer cancel()
	if failed := r.CloseExposure(closing, sayEvent); failed != nil {
		return stillOpen(r, open, failed)
	}
	fmt.Fprintln(stdout, "MFA is back.")
	if said := r.Parting(context.WithoutCancel(ctx)); said != "" {
		fmt.Fprintln(stdout, printable.Line(said))
	}
	return err
}

// sayEvent says what a person has to know while MFA is put back after everything else has ended.
func sayEvent(e steps.Event) {
	switch {
	case e.Text != "":
		fmt.Fprintln(stdout, printable.Line(e.Text)+" ...")
	case e.Task != nil:
		fmt.Fprintln(stdout, "Open this page: "+printable.Line(e.Task.URL+" "+e.Task.Code))
	}
}
