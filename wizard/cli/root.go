package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/planted"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/wizard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// flags are those that every mode shares.
type flags struct {
	tenant, cloud, clientID, account, portal, log string
	deviceCode, accessible, noColor               bool
	window                                        time.Duration
}

func rootCommand(end *ending) *cobra.Command {
	f := &flags{}
	root := &cobra.Command{
		Use:   "delegate365-onboard",
		Short: "Onboard a Microsoft 365 tenant to Delegate365",
		Long:  "Onboard a Microsoft 365 tenant to Delegate365, step by step, with the customer watching. Nothing is changed before it was announced.",
		Example: `delegate365-onboard demo              rehearse on a simulated tenant
delegate365-onboard --tenant contoso.com`,
		Args:          noArguments,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cloud, err := graph.LookupCloud(f.cloud)
			if err != nil {
				return end.with(usage(err))
			}
			return end.with(f.onboard(cmd, cloud, world{}))
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	p := root.PersistentFlags()
	p.StringVar(&f.tenant, "tenant", "", "domain or id of the customer's tenant")
	p.StringVar(&f.cloud, "cloud", "global", "global, usgov, dod, china, or a JSON file with the hosts")
	p.StringVar(&f.clientID, "client-id", "", "application to sign in with (default Microsoft Graph Command Line Tools)")
	p.BoolVar(&f.deviceCode, "device-code", false, "sign in with a code on another device")
	p.StringVar(&f.account, "account", "", "user name of the service account")
	p.StringVar(&f.portal, "portal", "", "address of the Delegate365 portal")
	p.DurationVar(&f.window, "window", steps.DefaultCap, "longest time the account may be without MFA, 5m to 120m")
	p.BoolVar(&f.accessible, "accessible", false, "plain lines, for screen readers and pipes")
	p.BoolVar(&f.noColor, "no-color", false, "no colours (as NO_COLOR)")
	p.StringVar(&f.log, "log", "", "write every request to this file; of bodies, ids and states only")
	root.AddCommand(demoCommand(f, end), guardCommand(end), bundleCommand(f, end), checkCommand(func(cmd *cobra.Command, asJSON bool) error {
		cloud, err := graph.LookupCloud(f.cloud)
		if err != nil {
			return end.with(usage(err))
		}
		return end.with(f.check(cmd, cloud, world{}, asJSON))
	}), restoreCommand(func(cmd *cobra.Command) error {
		cloud, err := graph.LookupCloud(f.cloud)
		if err != nil {
			return end.with(usage(err))
		}
		return end.with(f.restore(cmd, cloud, world{}))
	}))
	return root
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Errorf("%q is no command", args[0]))
	}
	return nil
}

// onboard runs the wizard, or its plain lines, on a tenant.
func (f *flags) onboard(cmd *cobra.Command, cloud graph.Cloud, s world) (err error) {
	r, log, end, err := f.start(cloud, s, journal.ByWizard)
	if err != nil {
		return err
	}
	defer func() { end(err) }()
	if f.accessible || !terminal(os.Stdin) || !terminal(os.Stdout) || os.Getenv("TERM") == "dumb" {
		return f.plainly(cmd, r, s, log, "Delegate365 onboarding", steps.All())
	}
	ctx, leave, stop := leaveOnSignal(cmd.Context())
	defer stop()
	screen := &wizard.Terminal{}
	clip := clipboard.New(clipboard.Options{Terminal: screen, Cleared: screen.Cleared, Log: log})
	defer takeBack(clip, log)
	result, err := wizard.Run(ctx, wizard.Options{
		Run: r, Steps: steps.All(), Log: log, NoColor: f.noColor, Copy: copyTo(clip), Terminal: screen,
		Portal: cloud.PerUserMFAURL(), Autopilot: s.autopilot, Pace: s.pace, Caption: s.caption, Leave: leave,
	})
	planted.Panic("main")
	open, yes := r.Exposure()
	switch {
	case yes:
		return stillOpen(r, open, errors.Join(err, plain.ErrLeft))
	case err != nil:
		return err
	case result == wizard.Finished:
		fmt.Fprintln(stdout, "The onboarding is finished.")
		return nil
	}
	if said := r.Parting(context.WithoutCancel(ctx)); said != "" {
		fmt.Fprintln(stdout, printable.Line(said))
	}
	return plain.ErrLeft
}
