package cli

import (
	"encoding/json"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

func checkCommand(run func(cmd *cobra.Command, asJSON bool) error) *cobra.Command {
	var asJSON bool
	check := &cobra.Command{
		Use:   "check",
		Short: "Read everything the onboarding depends on, and write nothing",
		Long: "Sign in, read the tenant, and say whether the onboarding can begin and what it will change. Nothing is written. " +
			"Exit code 0 means ready, 1 blocked, 2 a command line that can't be used, 3 that the tenant could not be read.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd, asJSON) },
	}
	check.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON; what is said meanwhile goes to standard error")
	return check
}

// check says what the tenant is like. The report goes to the standard output, everything else to the standard error.
func (f *flags) check(cmd *cobra.Command, cloud graph.Cloud, s world, asJSON bool) (err error) {
	r, _, end, err := f.start(cloud, s, "")
	if err != nil {
		return err
	}
	defer func() { end(err) }()
	ctx, stop := signal.NotifyContext(cmd.Context(), signals...)
	defer stop()
	report, err := plain.Check(ctx, plain.Options{Run: r}, steps.All()[0], stderr)
	if steps.NeedsTenant(err) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	if asJSON {
		out := json.NewEncoder(stdoutJSON)
		out.SetIndent("", "  ")
		err = out.Encode(report)
	} else {
		plain.WriteCheck(stdout, report)
	}
	if err == nil && report.Verdict == steps.VerdictBlocked {
		return plain.ErrBlocked
	}
	return err
}
