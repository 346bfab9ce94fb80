package cli

import (
	"context"
	"encoding/json"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// checkFlags are those of check.
type checkFlags struct {
	runFlags
	json bool
}

func checkCommand(where place) *cobra.Command {
	var f checkFlags
	check := &cobra.Command{
		Use:   "check",
		Short: "Read everything the onboarding depends on, and write nothing",
		Long: "Sign in, read the tenant, and say whether the onboarding can begin and what it will change. Nothing is written. " +
			"Exit code 0 means ready, 1 blocked, 2 a command line that can't be used, 3 that the tenant could not be read.",
		Example: `# as lines
delegate365-onboard check --tenant contoso.com
# for other programs
delegate365-onboard check --tenant contoso.com --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return where.in(func(w world) error { return f.check(cmd.Context(), w) })
		},
	}
	p := check.Flags()
	where.define(p)
	f.define(p)
	p.BoolVar(&f.json, "json", false, "print the report as JSON; what is said meanwhile goes to standard error")
	annotate(p, once, "json")
	new(screenFlags).define(p)
	unlisted(p, "portal", "accessible", "no-color")
	return check
}

// check says what the tenant is like. The report goes to the standard output, everything else to the standard error.
func (f *checkFlags) check(parent context.Context, w world) (err error) {
	s, err := f.begin(w, "")
	if err != nil {
		return err
	}
	defer func() { s.end(err) }()
	ctx, stop := signal.NotifyContext(parent, signals...)
	defer stop()
	report, err := plain.Check(ctx, plain.Options{Run: s.run}, steps.All()[0], stderr)
	if steps.NeedsTenant(err) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	if err := f.print(report); err != nil {
		return err
	}
	if report.Verdict == steps.VerdictBlocked {
		return plain.ErrBlocked
	}
	return nil
}

func (f *checkFlags) print(report steps.CheckReport) error {
	if !f.json {
		plain.WriteCheck(stdout, report)
		return nil
	}
	out := json.NewEncoder(stdoutJSON)
	out.SetIndent("", "  ")
	return out.Encode(report)
}
