// Package simtenant is a Microsoft 365 tenant that exists only in memory: its directory and policies, the Entra
// sign-in endpoints, Microsoft Graph as far as the onboarding needs it, and the web pages a person would click. It is
// strict where Microsoft is strict, because a lenient simulator proves nothing, and it shares no code with the client
// it is there to test.
package simtenant

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/replication"
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
	Lag     time.Duration // how long role assignments and policies take to be seen by readers; 0 is the profile's own
	Weather fault.Weather // what goes wrong; of the profile hostile, what goes wrong instead of everything
	Without []Lack        // the reads that this tenant always refuses
}

// Tenant is one simulated tenant. Its methods may be called from several goroutines.
type Tenant struct {
	mu    sync.Mutex
	now   func() time.Time
	opts  Options
	rng   *rand.Rand // ids of directory objects
	noise *rand.Rand // ids of requests and tokens, kept apart so that traffic does not change object ids

	id          string
	displayName string
	created     time.Time
	domains     []*domain
	skus        []*sku
	scores      []*secureScore
	campaign    replication.Value[campaign]

	users     []*user
	crowd     *crowd // further users, of the profile big
	deleted   []*user
	groups    []*group
	locations []conditionalaccess.Location
	sps       []*servicePrincipal
	grants    []*permissionGrant
	appRole   []*appRoleAssignment
	taken     map[string]bool // ids handed out, so that none is handed out twice

	assignments      replication.Value[[]roleAssignment]
	policies         replication.Value[[]*conditionalaccess.Policy]
	securityDefaults replication.Value[bool]
	mfaService       replication.Value[mfaServicePolicy]
	appManagement    appManagementPolicy
	authorization    authorizationPolicy
	strengths        []*conditionalaccess.AuthenticationStrength

	mfaServiceReplaces bool // a PATCH of its settings replaces them
	newer              bool // its Delegate365 needs no app password

	migrationState string
	methodStates   map[string]bool // of the authentication methods policy, by the method's id
	eligible       []roleEligibility
	protected      map[string]string // authentication contexts, by the protected action

	audits  []*auditEntry
	signIns []*signInEntry

	codes         map[string]*authorizationCode
	devices       map[string]*deviceCode // by device code
	refreshTokens map[string]*refreshToken

	routes            []*graphRoute
	conditionalAccess callLimit
	reports           callLimit
	faults            *fault.Injector
	refusedScopes     map[string]bool
	blockDeviceCode   bool
	blockBrowser      bool

	flapping               bool // what is written from now on reaches the replicas one after another
	flaps                  int  // writes that flapped
	auditDelay             time.Duration
	tokensIssued           int
	tokenNumbers           map[string]int // by the token's own id
	consentRefusals        int            // consents that are going to be refused
	refreshesToConsentLoss int            // the renewal that finds its consent gone, counted down; 0 is none

	issued     *issued
	pagesState // what the pages keep: browser sessions and the Delegate365 portal
}

// profiles are the tenants worth rehearsing, by name.
var profiles = map[string]func(*Tenant){
	"fresh":                buildFresh,
	"business":             buildBusiness,
	"branch-office":        buildBranchOffice,
	"lapsed":               buildLapsed,
	"half-done":            buildHalfDone,
	"security-defaults":    buildSecurityDefaults,
	"security-defaults-p1": buildSecurityDefaultsP1,
	"federated":            buildFederated,
	"no-licence":           buildNoLicence,
	"phishing-resistant":   buildPhishingResistant,
	"migrated":             buildMigrated,
	"eligible-only":        buildEligibleOnly,
	"taken":                buildTaken,
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
	t := &Tenant{
		now:           time.Now,
		opts:          o,
		rng:           rand.New(rand.NewPCG(seed, 1)),
		noise:         rand.New(rand.NewPCG(seed, 2)),
		taken:         map[string]bool{},
		codes:         map[string]*authorizationCode{},
		devices:       map[string]*deviceCode{},
		refreshTokens: map[string]*refreshToken{},
		refusedScopes: map[string]bool{},
		tokenNumbers:  map[string]int{},
		methodStates:  map[string]bool{"MicrosoftAuthenticator": true, "SoftwareOath": true, "Sms": true},

		routes:            graphRoutes(),
		conditionalAccess: callLimit{span: time.Second, most: 1},
		reports:           callLimit{span: 10 * time.Second, most: 5},
	}
	t.settleIn(weatherOf(o))
	build(t)
	t.newer = t.newer || o.NewerDelegate365
	return t, nil
}

// instant is the tenant's time, in UTC.
func (t *Tenant) instant() time.Time { return t.now().UTC() }

// newIDLocked makes a directory object id that this tenant has not used.
func (t *Tenant) newIDLocked() string {
	for {
		id := guid(t.rng)
		if !t.taken[id] {
			t.taken[id] = true
			return id
		}
	}
}

// guid formats 16 bytes from r as a version 4 UUID.
func guid(r *rand.Rand) string {
	return formatGUID(r.Uint64(), r.Uint64())
}

// newTraceIDLocked makes an id for a request, a token or a log entry.
func (t *Tenant) newTraceIDLocked() string { return guid(t.noise) }

const secretLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// newSecretLocked makes an opaque token of n characters.
func (t *Tenant) newSecretLocked(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = secretLetters[t.noise.IntN(len(secretLetters))]
	}
	return string(b)
}
