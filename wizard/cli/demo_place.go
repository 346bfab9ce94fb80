package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/rehearsal"
)

// simulatedTenant is a place of its own, in this process or in another one.
type simulatedTenant struct {
	profile, connect, fault, without string
	autopilot, newer                 bool
	pace                             time.Duration
	seed                             int64
}

func (t *simulatedTenant) define(p *pflag.FlagSet) {
	p.StringVar(&t.profile, "profile", t.profile, helpText("`NAME` of the tenant to rehearse on"))
	p.BoolVar(&t.autopilot, "autopilot", false, helpText("play every part by itself"))
	p.DurationVar(&t.pace, "pace", 1500*time.Millisecond, helpText("`TIME` between the autopilot's keys; 0 for none"))
	p.StringVar(&t.connect, "connect", "", helpText("rehearse on the tenant whose addresses are in this `FILE`, as demo --serve --json prints them"))
	p.StringVar(&t.fault, "fault", "", helpText("`FAULTS` that happen, joined by commas, or all"))
	p.StringVar(&t.without, "without", "", helpText("`READS` that the tenant always refuses, joined by commas, each with =400, =403 or =404 (the default)"))
	p.BoolVar(&t.newer, "newer", false, helpText("with a newer Delegate365, which needs no app password"))
	p.Int64Var(&t.seed, "seed", 0, helpText("`NUMBER` that makes another tenant of the same kind, with other bad luck"))
	list(p, "profile", simtenant.Profiles())
	list(p, "fault", faultNames())
	list(p, "without", simtenant.LackingNames())
	choose(p, "profile", simtenant.Profiles())
	choose(p, "fault", append(faultNames(), "all"), several)
	choose(p, "without", simtenant.LackingNames(), several)
	suggest(p, "pace", "0", "500ms", "1500ms", "3s")
	_ = cobra.MarkFlagFilename(p, "connect", "json")
	annotate(p, once, "connect")
}

func faultNames() []string {
	var names []string
	for _, k := range simtenant.FaultKinds() {
		names = append(names, string(k))
	}
	return names
}

// options are those of a tenant in this process.
func (t *simulatedTenant) options() (simtenant.Options, error) {
	weather, err := simtenant.ParseFaults(t.fault, t.seed)
	if err != nil {
		return simtenant.Options{}, usage(err)
	}
	without, err := simtenant.ParseWithout(t.without)
	if err != nil { // of names that are known
		return simtenant.Options{}, usage(&misuse{phrase.T("--without knows no status of %q", t.without), phrase.T("A read is refused with =400, =403 or =404, and with 404 where nothing is said: audit=403.")})
	}
	return simtenant.Options{Profile: t.profile, Seed: t.seed, Weather: weather, Without: without, NewerDelegate365: t.newer, German: phrase.Spoken() == phrase.German}, nil
}

// stage is where the rehearsal takes place.
func (t *simulatedTenant) stage() (*rehearsal.Stage, error) {
	o, err := t.options()
	switch {
	case err != nil:
		return nil, err
	case t.pace < 0:
		return nil, usage(&misuse{phrase.T("--pace takes no time before nothing: not %s", shortTime(t.pace)), phrase.T("0 goes at full speed, 1500ms is the default.")})
	case t.connect != "" && (t.fault != "" || t.without != "" || t.newer):
		return nil, usage(&misuse{phrase.T("--fault, --without and --newer go with a tenant of this process: give them to demo --serve instead of --connect"), ""})
	case t.connect != "":
		return rehearsal.Visit(t.connect)
	}
	return rehearsal.Open(o)
}

// in opens the stage of a rehearsal for as long as act takes.
func (t *simulatedTenant) in(act func(world) error) error {
	stage, err := t.stage()
	if errors.Is(err, rehearsal.ErrUnusable) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	defer stage.Close() //nolint:errcheck // a rehearsal that is over has nothing to lose
	w := world{
		cloud: stage.Cloud, journal: stage.Journal, tenant: stage.Tenant, transport: stage.Transport, roots: stage.Roots, retryFor: stage.RetryFor,
		keyRing: stage.KeyRing, person: stage.Person, address: stage.BrowserURL, autopilot: t.autopilot, pace: t.pace, caption: rehearsal.Caption, made: t.connect == "",
	}
	if t.autopilot {
		w.open = func(context.Context, string, bool) (string, error) { return "", steps.ErrNoBrowser }
	}
	return act(w)
}
