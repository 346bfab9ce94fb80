package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

func restoreCommand(where place) *cobra.Command {
	var f runFlags
	restore := &cobra.Command{
		Use:   "restore",
		Short: "Put MFA back after an onboarding that was interrupted",
		Long: "Close an exposure window that an interrupted onboarding left open, without the wizard. It works on any computer: " +
			"where there is no journal, it asks the tenant, and then you, which account it is. What will be changed is shown first.",
		Example: "delegate365-onboard restore --tenant contoso.com",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return where.in(func(w world) error { return f.restore(cmd.Context(), w) })
		},
	}
	p := restore.Flags()
	where.define(p)
	f.define(p)
	f.defineReport(p)
	new(screenFlags).define(p)
	unlisted(p, "portal", "window", "accessible", "no-color")
	return restore
}

// restore closes a window that was left open, in plain lines.
func (f *runFlags) restore(ctx context.Context, w world) (err error) {
	w.signInChosen = f.deviceCode
	s, err := f.begin(w, journal.ByRestore)
	if err != nil {
		return err
	}
	defer func() {
		s.hand(report.PutBack)
		s.end(err)
	}()
	return s.plainly(ctx, "Put MFA back", steps.Restore())
}
