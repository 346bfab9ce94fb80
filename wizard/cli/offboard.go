package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// offboardFlags are those of offboard.
type offboardFlags struct {
	runFlags
	screenFlags
}

// offboardTitle is what its screens and lines are headed with.
const offboardTitle phrase.Format = "Delegate365 offboarding"

func offboardCommand(where place) *cobra.Command {
	var f offboardFlags
	command := &cobra.Command{
		Use:     "offboard",
		Short:   helpText("Take out what the onboarding put into a tenant, step by step"),
		Long:    helpText("Take out, step by step and with the customer watching, what the onboarding and Delegate365's setup put into the tenant: exclusions, the role, the apps, the app-password setting, the account, and what was accepted for this program. What is there is read from the tenant; all of it is shown before anything is changed, and each step can be left out. A run that was stopped goes on where the tenant stands."),
		Example: "delegate365-onboard offboard --tenant contoso.com",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return where.in(func(w world) error { return f.offboard(cmd.Context(), w) })
		},
	}
	p := command.Flags()
	where.define(p)
	f.runFlags.define(p)
	f.defineReport(p)
	f.screenFlags.define(p)
	speaks(p)
	unlisted(p, "portal", "window")
	return command
}

// offboard runs the wizard, or its plain lines, over the steps of offboarding.
func (f *offboardFlags) offboard(ctx context.Context, w world) (err error) {
	s, err := f.begin(w, journal.ByWizard)
	if err != nil {
		return err
	}
	defer func() {
		s.sayWhatRemains()
		s.hand(offboardEnded(err))
		s.end(err)
	}()
	if f.plain() {
		err = s.plainly(ctx, phrase.T(offboardTitle), steps.Offboard())
	} else {
		err = s.wizard(ctx, f.screenFlags, phrase.T(offboardTitle), steps.Offboard())
	}
	next := phrase.T("start it again: it goes on where the tenant stands")
	if w.ends() {
		next = steps.EndsWithIt()
	}
	return endOf(err, "offboard", next)
}

// offboardEnded is how an offboarding ended, as its report has it.
func offboardEnded(err error) string {
	if how := ended(err); how != report.Finished {
		return how
	}
	return report.Offboarded
}
