package steps

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// Options are what the command line, or a test, decides before the first step.
type Options struct {
	Cloud      graph.Cloud
	Tenant     string                    // domain or id the operator named; empty means: asked for
	ClientID   string                    // application to sign in with; empty means Microsoft Graph Command Line Tools
	DeviceCode bool                      // offer the device code first
	Account    string                    // user name of the service account, with or without a domain; empty means the suggested one
	Portal     string                    // Delegate365 portal or setup URL; empty means: asked for
	Cap        time.Duration             // longest exposure window; 0 means DefaultCap
	Transport  http.RoundTripper         // nil means the system's: its roots, its proxy
	Open       OpenPage                  // nil when there is no browser
	Person     Person                    // plays the human parts in a rehearsal; nil on a real tenant
	Journal    string                    // folder of the journals; empty keeps none
	By         journal.By                // who writes them; empty means the wizard
	Guard      window.StartGuard         // closes the exposure window when this process can't; nil guards nothing
	Around     func() guard.Surroundings // what may end the guard together with this process; nil looks at nothing
	KeyRing    keyring.Ring              // tells lines of this user's journal from forged ones; nil proves none
	Seams      Seams                     // where tests stand in for the computer
	Log        *slog.Logger              // nil discards
	Platform   string                    // of the browser that Delegate365's setup runs in, as Conditional Access calls it; empty means this computer's
	Reports    Reports
	Bodies     bool // log Graph's bodies, with most values left out
}

// Reports are the reports for the customer.
type Reports struct {
	Folder    string                // empty writes none
	Program   func() report.Program // the running one; nil names none
	Rehearsal bool                  // they are of one, also where nobody plays a part in this process
	Ends      bool                  // its tenant ends with this process
}

// Seams are what tests take the place of.
type Seams struct {
	Wall window.WallClock // what the clock on the wall shows; nil is the system's
	Disk change.Disk      // stands before the journal's; nil is the disk itself
}

// platforms are the systems that a browser on this computer may run on, as Conditional Access calls them.
var platforms = map[string]string{"windows": "windows", "darwin": "macOS", "linux": "linux"}

// platform is what the browser that the setup runs in says of itself; empty where nobody knows it.
func (o Options) platform() string { return cmp.Or(o.Platform, platforms[runtime.GOOS]) }

func (o Options) rehearses() bool { return o.Reports.Rehearsal || o.Person != nil }

func (o Options) program() report.Program {
	if o.Reports.Program == nil {
		return report.Program{}
	}
	return o.Reports.Program()
}

// OpenPage opens an address for a person: in a private window for the service account, or else in the operator's own
// browser. It doesn't wait for the page, and says in a sentence how it was opened. ErrNoBrowser says that nothing can be
// opened from here.
type OpenPage func(ctx context.Context, address string, private bool) (said string, err error)

// Run is one onboarding: the tenant, what the operator chose, what this run did, and the secrets it holds in memory.
// What is done is never decided from it; that is read from the tenant. Its methods may be called from any goroutine.
type Run struct {
	opts Options
	log  *slog.Logger

	began    time.Time
	requests *change.Requests
	recorder *change.Recorder
	window   *window.Window
	advisor  mfa.Advisor

	mu        sync.Mutex
	client    *graph.Client
	listeners []*func(Event) // the newest last
	mem       memory
	first     memory            // as it was before the first sign-in
	lead      lead              // of the sign-in
	untyped   map[string]string // flags
	earlier   report.Outlined   // the onboarding before this run, as the journal has it
	asked     []string          // parts that a screen has asked a person to play, written down
}

// NewRun starts an onboarding. Nothing is read yet. It refuses options that can't be used, before anything is read.
func NewRun(o Options) (*Run, error) {
	r := &Run{opts: o, log: o.Log, began: time.Now(), requests: &change.Requests{}}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if o.DeviceCode {
		r.mem.signedIn.method = graph.DeviceCode
	}
	if o.Tenant != "" {
		tenant, err := parseTenant(o.Tenant)
		if err != nil {
			return nil, err
		}
		r.mem.signedIn.tenant = tenant
	}
	r.mem.signedIn.cloud = o.Cloud
	r.mem.signedIn.cloud.Name = cmp.Or(o.Cloud.Name, "global")
	r.mem.platform = o.platform()
	r.mem.handed.kept = o.Reports.Folder != "" && o.Journal != ""
	if o.Account != "" {
		name, err := parseAccountName(o.Account)
		if err != nil {
			return nil, err
		}
		r.mem.account = name
	} else {
		r.mem.account = accountName{local: suggestedName}
	}
	if o.Portal != "" {
		p, err := parsePortal(o.Portal, o.Cloud)
		if err != nil {
			return nil, err
		}
		r.mem.takePortal(p)
	}
	r.first = r.mem
	r.recorder = change.NewRecorder(change.RecorderOptions{
		Folder: o.Journal, By: cmp.Or(o.By, journal.ByWizard), Account: r.journalAccount, Disk: o.Seams.Disk, Log: r.log,
	})
	var err error
	r.window, err = window.New(window.Options{
		Client: r.tenant, Tenant: r.owner, Require: r.require, StepUp: r.stepUpNow, Context: r.policyContext,
		Recorder: r.recorder, Requests: r.requests, Marker: Marker, Cap: cmp.Or(o.Cap, DefaultCap),
		Guard: o.guard(), Around: o.Around, Wall: o.Seams.Wall, Log: r.log,
		Lasts: func(ctx context.Context, due time.Time) error { return rolesLast(ctx, r, due) },
		Ends:  func() time.Time { return rolesEnd(r) },
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Identity is who is signed in, for the header: the operator's user name and the tenant's default domain. Both are
// empty before sign-in.
func (r *Run) Identity() (operator, tenant string) {
	m := r.snapshot()
	return m.identity.UserPrincipalName, m.org.DefaultDomain
}

// Exchanges are the requests made so far, oldest first: at most the newest 200. For the details screen.
func (r *Run) Exchanges() []graph.Exchange { return r.requests.All() }

// Person plays the human parts, or is nil on a real tenant.
func (r *Run) Person() Person { return r.opts.Person }

// Rehearses reports that the tenant is a simulated one.
func Rehearses(r *Run) bool { return r.opts.rehearses() }

// Open opens a page as OpenPage says.
func (r *Run) Open(ctx context.Context, address string, private bool) (said string, err error) {
	if r.opts.Open == nil {
		return "", ErrNoBrowser
	}
	said, err = r.opts.Open(ctx, toOpen(r, address), private)
	if err == nil {
		r.Opened(address)
	}
	return said, err
}

// PerUserMFAURL is the page where an administrator turns per-user MFA on by hand.
func PerUserMFAURL(r *Run) string { return r.opts.Cloud.PerUserMFAURL() }

// tenant is the signed-in client. Every step but the first needs one.
func (r *Run) tenant() (*graph.Client, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client == nil {
		return nil, &Error{Op: "read the tenant", Err: problem.ErrNotSignedIn}
	}
	return r.client, nil
}

// observe keeps one request for the details screen and the log.
func (r *Run) observe(x graph.Exchange) {
	r.requests.Keep(x)
	attrs := []any{
		"method", x.Method, "path", x.Path, "status", x.Status, "took", x.Took, "attempt", x.Attempt,
		"request-id", x.RequestID, "client-request-id", x.ClientRequestID, "code", x.Code, "error", x.Err,
	}
	if x.Request+x.Response != "" {
		attrs = append(attrs, "request", x.Request, "response", x.Response)
	}
	r.log.Debug("request", attrs...)
}

// waited passes a wait of the client on to whoever listens now.
func (r *Run) waited(w graph.Wait) {
	text := phrase.T("Microsoft is busy; trying again")
	if w.Asked || w.Status == http.StatusTooManyRequests {
		text = phrase.T("Microsoft asked us to wait")
	}
	switch w.Status {
	case 0:
		text = phrase.T("No connection; trying again")
	case http.StatusNotFound:
		text = phrase.T(change.NotEverywhere)
	}
	r.mu.Lock()
	var listen func(Event)
	if n := len(r.listeners); n > 0 {
		listen = *r.listeners[n-1]
	}
	r.mu.Unlock()
	if listen != nil {
		listen(Event{Wait: &Wait{Text: text, Until: time.Now().Add(w.Delay)}})
	}
}

// listen sends the client's waits to report until the returned function is called.
func (r *Run) listen(report func(Event)) (stop func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	mine := &report
	r.listeners = append(r.listeners, mine)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.listeners = slices.DeleteFunc(r.listeners, func(l *func(Event)) bool { return l == mine })
	}
}

// journalAccount is what a line of the journal is about.
func (r *Run) journalAccount() journal.Account {
	r.mu.Lock()
	defer r.mu.Unlock()
	user := r.mem.user
	return journal.Account{ID: user.ID, UserPrincipalName: user.UserPrincipalName}
}

// owner is the tenant that was signed in to.
func (r *Run) owner() mfa.Tenant {
	r.mu.Lock()
	defer r.mu.Unlock()
	return mfa.Tenant{ID: r.mem.identity.TenantID, Domain: r.mem.org.DefaultDomain, Cloud: r.opts.Cloud}
}

// known is what the check read about the tenant, for reading what demands MFA of an account.
func (r *Run) known() mfa.Known {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := mfa.Known{Facts: func(f analysis.Facts) analysis.Facts { return f }, Platform: r.mem.platform, Assigned: r.mem.role.assigned}
	if p := r.mem.posture; p != nil {
		k.Facts, k.NoPolicies, k.WhatIf = p.known, p.conditionalAccess() == unlicensed, p.whatIf.Err()
	}
	return k
}

// instrumented is a step whose waits inside the client reach the screen, and whose panics are errors.
type instrumented struct{ Step }

func (h instrumented) Apply(ctx context.Context, r *Run, report func(Event)) error {
	defer r.listen(report)()
	return r.logged(panics.Do(func() error { return h.Step.Apply(ctx, r, report) }))
}
