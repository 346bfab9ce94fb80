package cli

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
)

// rehearsing are the flags of demo.
type rehearsing struct {
	profile, connect, fault string
	without                 string
	autopilot, serve        bool
	json, newer             bool
	pace                    time.Duration
	seed                    int64
}

func demoCommand(f *flags, end *ending) *cobra.Command {
	var d rehearsing
	demo := &cobra.Command{
		Use:   "demo",
		Short: "Rehearse on a simulated tenant: no account, no network",
		Long: "Rehearse the whole onboarding on a simulated tenant inside this process. Its web pages run on this machine; " +
			"where a person would act, the program offers to play that part.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return end.with(d.run(cmd, f))
		},
	}
	d.flags(demo, "fresh")
	p := demo.Flags()
	p.BoolVar(&d.serve, "serve", false, "only run the tenant, until it is stopped")
	p.BoolVar(&d.json, "json", false, "with --serve: print its addresses as JSON, on one line")
	var looking, again rehearsing
	look := checkCommand(func(cmd *cobra.Command, asJSON bool) error {
		return end.with(looking.on(func(s world, c graph.Cloud) error { return f.check(cmd, c, s, asJSON) }))
	})
	looking.flags(look, "fresh")
	restore := restoreCommand(func(cmd *cobra.Command) error {
		return end.with(again.on(func(s world, c graph.Cloud) error { return f.restore(cmd, c, s) }))
	})
	again.flags(restore, "half-done")
	demo.AddCommand(look, restore)
	return demo
}

// flags are those of every rehearsal.
func (d *rehearsing) flags(cmd *cobra.Command, profile string) {
	p := cmd.Flags()
	p.StringVar(&d.profile, "profile", profile, "the tenant to rehearse on: "+strings.Join(simtenant.Profiles(), ", "))
	p.BoolVar(&d.autopilot, "autopilot", false, "play every part by itself")
	p.DurationVar(&d.pace, "pace", 1500*time.Millisecond, "between the autopilot's keys; 0 for none")
	p.StringVar(&d.connect, "connect", "", "rehearse on the tenant whose addresses are in this file, as demo --serve --json prints them")
	p.StringVar(&d.fault, "fault", "", "what goes wrong, joined by commas, or all: "+strings.Join(faultNames(), ", "))
	p.StringVar(&d.without, "without", "", "what the tenant always refuses to read, joined by commas, each with =400, =403 or =404 (the default): "+strings.Join(simtenant.LackingNames(), ", "))
	p.BoolVar(&d.newer, "newer", false, "with a newer Delegate365, which needs no app password")
	p.Int64Var(&d.seed, "seed", 0, "makes another tenant of the same kind, with other bad luck")
}

func faultNames() []string {
	var names []string
	for _, k := range simtenant.FaultKinds() {
		names = append(names, string(k))
	}
	return names
}
