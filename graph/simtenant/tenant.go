// Package simtenant is a Microsoft 365 tenant that exists only in memory: its directory and policies, the Entra
// sign-in endpoints, Microsoft Graph as far as the onboarding needs it, and the web pages a person would click. It is
// strict where Microsoft is strict, because a lenient simulator proves nothing, and it shares no code with the client
// it is there to test. Its rooms are the folders below; this package puts them together, and serves them.
package simtenant

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/graphapi"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
)

// Options say which tenant to build. The zero value is the profile "fresh" without lag, at full speed.
type Options struct {
	// NewerDelegate365 is a Delegate365 that reaches Exchange as an app with a certificate: it has no Administration /
	// Office 365 account, and needs no app password.
	NewerDelegate365 bool

	Platform string // that the browser of Delegate365's setup runs on; empty is windows

	Profile string        // one of Profiles; empty is "fresh"
	Seed    int64         // every generated id follows from it; 0 is a fixed default
	Pace    time.Duration // how long a second of slow work (Delegate365's setup) really takes; 0 is at once
	German  bool          // the web pages speak German
	Lag     time.Duration // how long role assignments and policies take to be seen by readers; 0 is the profile's own
	Weather fault.Weather // what goes wrong; of the profile hostile, what goes wrong instead of everything
	Without []Lack        // the reads that this tenant always refuses

	DeviceInterval time.Duration // least time between two polls for a device code; 0 is Microsoft's
}

// Tenant is one simulated tenant, the rooms of which share one state and its lock. Its methods may be called from several
// goroutines.
type Tenant struct {
	State  *state.Tenant
	Entra  *entra.Service
	Graph  *graphapi.API
	Web    *web.Site
	Faults *fault.Injector

	setUp *Account // by whom Delegate365 was, before the tenant opened; nil is nobody
}

// builder furnishes the state of a tenant that is about to open, as one of the profiles has it.
type builder struct {
	*state.Tenant
	entra *entra.Service
	setUp *state.User // has run Delegate365's setup; nil is nobody
}

// profiles are the tenants worth rehearsing, by name.
var profiles = map[string]func(*builder){
	"fresh":                buildFresh,
	"business":             buildBusiness,
	"branch-office":        buildBranchOffice,
	"lapsed":               buildLapsed,
	"half-done":            buildHalfDone,
	"onboarded":            buildOnboarded,
	"drifted":              buildDrifted,
	"security-defaults":    buildSecurityDefaults,
	"security-defaults-p1": buildSecurityDefaultsP1,
	"federated":            buildFederated,
	"no-licence":           buildNoLicence,
	"phishing-resistant":   buildPhishingResistant,
	"migrated":             buildMigrated,
	"eligible-only":        buildEligibleOnly,
	"taken":                buildTaken,
	"privileged":           buildPrivileged,
	"privileged-alone":     buildPrivilegedAlone,
	"protected-actions":    buildProtected,
	"big":                  buildBig,
	hostile:                buildBusiness,
}

// Profiles lists the names that Options.Profile takes, sorted.
func Profiles() []string { return slices.Sorted(maps.Keys(profiles)) }

// New builds the tenant that o describes. An unknown profile is an error that lists the known ones.
func New(o Options) (*Tenant, error) {
	if o.Profile == "" {
		o.Profile = "fresh"
	}
	build, ok := profiles[o.Profile]
	if !ok {
		return nil, fmt.Errorf("unknown profile %q: known are %s", o.Profile, strings.Join(Profiles(), ", "))
	}
	seed := uint64(o.Seed)
	if seed == 0 {
		seed = 365
	}
	t := &Tenant{State: state.New(seed)}
	t.State.Lag = o.Lag
	t.Entra = entra.New(t.State)
	t.Entra.DeviceInterval = cmp.Or(o.DeviceInterval, t.Entra.DeviceInterval)
	t.settleIn(weatherOf(o))
	b := &builder{Tenant: t.State, entra: t.Entra}
	build(b)
	if u := b.setUp; u != nil {
		t.setUp = &Account{u.UPN, u.Credentials.Password}
	}
	t.State.Newer = t.State.Newer || o.NewerDelegate365
	t.Graph = graphapi.New(t.State, t.Entra.Tokens, t.Faults, o.Without)
	t.Web = web.New(t.State, t.Entra, web.Options{Seed: o.Seed, SetUp: b.setUp, Platform: o.Platform, Pace: o.Pace, German: o.German})
	return t, nil
}
