package cli

import (
	"context"
	"encoding/json"
	"errors"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/rehearsal"
)

// tenant is what is asked for.
func (d rehearsing) tenant() (simtenant.Options, error) {
	weather, err := simtenant.ParseFaults(d.fault, d.seed)
	if err != nil {
		return simtenant.Options{}, usage(err)
	}
	without, err := simtenant.ParseWithout(d.without)
	if err != nil {
		return simtenant.Options{}, usage(err)
	}
	return simtenant.Options{Profile: d.profile, Seed: d.seed, Weather: weather, Without: without, NewerDelegate365: d.newer}, nil
}

func (d rehearsing) run(cmd *cobra.Command, f *flags) error {
	switch {
	case d.json && !d.serve:
		return usage(errors.New("--json goes with --serve"))
	case d.serve && (d.connect != "" || d.autopilot):
		return usage(errors.New("--serve only runs the tenant: it goes with neither --connect nor --autopilot"))
	case d.serve:
		return d.wait(cmd)
	}
	return d.on(func(s world, c graph.Cloud) error { return f.onboard(cmd, c, s) })
}

// stage is where the rehearsal takes place.
func (d rehearsing) stage() (*rehearsal.Stage, error) {
	o, err := d.tenant()
	switch {
	case err != nil:
		return nil, err
	case d.connect != "" && (d.fault != "" || d.without != "" || d.newer):
		return nil, usage(errors.New("--fault, --without and --newer go with a tenant of this process: give them to demo --serve instead of --connect"))
	case d.connect != "":
		return rehearsal.Visit(d.connect)
	}
	return rehearsal.Open(o)
}

// on opens the stage of a rehearsal for as long as play takes.
func (d rehearsing) on(play func(world, graph.Cloud) error) error {
	stage, err := d.stage()
	if errors.Is(err, rehearsal.ErrUnusable) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	defer stage.Close() //nolint:errcheck // a rehearsal that is over has nothing to lose
	s := world{
		journal: stage.Journal, tenant: stage.Tenant, transport: stage.Transport, roots: stage.Roots, patience: stage.Patience,
		keyRing: stage.KeyRing, person: stage.Person, address: stage.BrowserURL, autopilot: d.autopilot, pace: d.pace, caption: rehearsal.Caption,
	}
	if d.autopilot {
		s.open = func(context.Context, string, bool) (string, error) { return "", steps.ErrNoBrowser }
	}
	return play(s, stage.Cloud)
}

// wait runs a tenant, prints where it is and returns when the program is stopped.
func (d rehearsing) wait(cmd *cobra.Command) error {
	o, err := d.tenant()
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
	out := json.NewEncoder(stdoutJSON)
	if !d.json {
		out.SetIndent("", "  ")
	}
	if err := out.Encode(server.Endpoints()); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), signals...)
	defer stop()
	<-ctx.Done()
	return nil
}
