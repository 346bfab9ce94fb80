package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

func restoreCommand(where place) *cobra.Command {
	var f restoreFlags
	restore := &cobra.Command{
		Use:   "restore",
		Short: helpText("Put MFA back after an onboarding that was interrupted"),
		Long: helpText("Close an exposure window that an interrupted onboarding left open, without the wizard. It works on any computer: where there is no journal, it asks the tenant, and then you, which account it is. What will be changed is shown first, and asked.") + "\n" +
			helpText("Where the journal on this computer says that an offboarding was stopped before its end, it offers to put back what that took out.") + "\n" +
			helpText("With --yes nothing is asked but the sign-in. Then per-user MFA is turned on and the account is taken out of the policies that exclude it; security defaults are turned on only where this computer's journal proves that an onboarding turned them off; and what only an unproven journal says, or an offboarding took out, is left as it is. The account keeps its role. Exit code 0 means that nothing is left open, 1 that something was left for you to decide, 3 that putting back failed, or that not every account could be looked at, or not all of it written down."),
		Example: "delegate365-onboard restore --tenant contoso.com\n" +
			"# " + helpText("nobody is asked, but to sign in") + "\ndelegate365-onboard restore --tenant contoso.com --yes",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return where.in(func(w world) error { return f.restore(cmd.Context(), w) })
		},
	}
	p := restore.Flags()
	where.define(p)
	f.define(p)
	f.defineReport(p)
	p.BoolVar(&f.yes, "yes", false, helpText("ask nothing: put back what concerns the one account"))
	annotate(p, once, "yes")
	new(screenFlags).define(p)
	speaks(p)
	unlisted(p, "portal", "window", "accessible", "no-color", "no-bell")
	return restore
}

// restoreFlags are those of restore.
type restoreFlags struct {
	runFlags
	yes bool
}

// restore closes a window that was left open, in plain lines.
func (f *restoreFlags) restore(ctx context.Context, w world) (err error) {
	w.signInChosen = f.deviceCode
	if f.yes {
		w.decide = steps.DecideRestore
	}
	s, err := f.begin(w, journal.ByRestore)
	if err != nil {
		return err
	}
	defer func() {
		s.sayWhatRemains()
		s.hand(report.PutBack)
		s.end(err)
	}()
	if f.yes && !s.run.TenantNamed() {
		return usage(&misuse{phrase.T("--yes asks nothing, so it needs --tenant"), phrase.T("Type --tenant DOMAIN, by a domain or by the tenant's id.")})
	}
	err = endOf(s.plainly(ctx, phrase.T("Put MFA back"), steps.Restore()), "restore", phrase.T("start restore again; it looks at the tenant anew"))
	missed := steps.NotLookedAt(s.run)
	switch {
	case missed == nil || err != nil && !errors.Is(err, plain.ErrUndecided):
		return err
	case err != nil:
		printError(err)
	}
	return missed
}
