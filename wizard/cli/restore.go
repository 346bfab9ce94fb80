package cli

import (
	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

func restoreCommand(run func(*cobra.Command) error) *cobra.Command {
	return &cobra.Command{
		Use:   "restore",
		Short: "Put MFA back after an onboarding that was interrupted",
		Long: "Close an exposure window that an interrupted onboarding left open, without the wizard. It works on any computer: " +
			"where there is no journal, it asks the tenant, and then you, which account it is. What will be changed is shown first.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd) },
	}
}

// restore closes a window that was left open, in plain lines.
func (f *flags) restore(cmd *cobra.Command, cloud graph.Cloud, s world) (err error) {
	r, log, end, err := f.start(cloud, s, journal.ByRestore)
	if err != nil {
		return err
	}
	defer func() { end(err) }()
	s.signInChosen = f.deviceCode
	return f.plainly(cmd, r, s, log, "Put MFA back", steps.Restore())
}
