package cli

import (
	"context"
	"encoding/json"
	"errors"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/rehearsal"
)

// demoFlags are those of demo, beside where it takes place.
type demoFlags struct {
	onboardFlags
	serve, json bool
}

func demoCommand() *cobra.Command {
	var f demoFlags
	where := &simulatedTenant{profile: "fresh"}
	demo := &cobra.Command{
		Use:   "demo",
		Short: helpText("Rehearse on a simulated tenant: no account, no network"),
		Long:  helpText("Rehearse the whole onboarding on a simulated tenant inside this process. Its web pages run on this machine; where a person would act, the program offers to play that part."),
		Example: "delegate365-onboard demo --profile business\n" +
			"# " + helpText("on its worst day, and another one") + "\ndelegate365-onboard demo --profile hostile --seed 3\n" +
			"# " + helpText("only the tenant, for other programs") + "\ndelegate365-onboard demo --serve --json",
		RunE: func(cmd *cobra.Command, _ []string) error { return f.demo(cmd.Context(), where) },
	}
	p := demo.Flags()
	where.define(p)
	f.define(p)
	p.BoolVar(&f.serve, "serve", false, helpText("only run the tenant, until it is stopped"))
	p.BoolVar(&f.json, "json", false, helpText("with --serve: print its addresses as JSON, on one line"))
	annotate(p, once, "serve", "json")

	check := checkCommand(&simulatedTenant{profile: "fresh"})
	check.Example = "delegate365-onboard demo check --profile eligible-only"
	unlisted(check.Flags(), "pace")
	restore := restoreCommand(&simulatedTenant{profile: "half-done"})
	restore.Example = "delegate365-onboard demo restore"
	report := reportCommand(&simulatedTenant{profile: "half-done"})
	report.Example = "# " + helpText("after a rehearsal on a tenant whose addresses are in the file") + "\ndelegate365-onboard demo report --connect addresses.json"
	unlisted(report.Flags(), "pace")
	review := reviewCommand(&simulatedTenant{profile: "onboarded"})
	review.Example = "delegate365-onboard demo review --profile drifted"
	unlisted(review.Flags(), "pace", "certificate")
	offboard := offboardCommand(&simulatedTenant{profile: "onboarded"})
	offboard.Example = "delegate365-onboard demo offboard"
	demo.AddCommand(check, restore, report, review, offboard)
	for _, c := range append(demo.Commands(), demo) {
		if folder := c.Flags().Lookup("report"); folder != nil {
			folder.Usage = helpText("`FOLDER` of the report for the customer (default one among the temporary files)")
		}
	}
	return demo
}

func (f *demoFlags) demo(ctx context.Context, where *simulatedTenant) error {
	switch {
	case f.json && !f.serve:
		return usage(&misuse{phrase.T("--json goes with --serve"), ""})
	case f.serve && (where.connect != "" || where.autopilot):
		return usage(&misuse{phrase.T("--serve only runs the tenant: it goes with neither --connect nor --autopilot"), ""})
	case f.serve:
		return f.wait(ctx, where)
	}
	return where.in(func(w world) error { return f.onboard(ctx, w) })
}

// wait runs a tenant, prints where it is and returns when the program is stopped.
func (f *demoFlags) wait(parent context.Context, where *simulatedTenant) error {
	o, err := where.options()
	if err != nil {
		return err
	}
	_, server, err := rehearsal.Serve(o)
	if errors.Is(err, rehearsal.ErrUnusable) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	defer server.Close()
	at := server.Endpoints()
	if at.Operator.AccessToken, err = server.OperatorToken(); err != nil {
		return err
	}
	out := json.NewEncoder(stdoutJSON)
	if !f.json {
		out.SetIndent("", "  ")
	}
	if err := out.Encode(at); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(parent, signals...)
	defer stop()
	<-ctx.Done()
	return nil
}
