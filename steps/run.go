package steps

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
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
	Guard      StartGuard                // closes the exposure window when this process can't; nil guards nothing
	Around     func() guard.Surroundings // what may end the guard together with this process; nil looks at nothing
	KeyRing    keyring.Ring              // tells lines of this user's journal from forged ones; nil proves none
	Wall       WallClock                 // what the clock on the wall shows, for tests; nil is the system's
	Disk       change.Disk               // stands before the journal's, for tests; nil is the disk itself
	Log        *slog.Logger              // nil discards
	Platform   string                    // of the browser that Delegate365's setup runs in, as Conditional Access calls it; empty means this computer's
	Bodies     bool                      // log Graph's bodies, with most values left out
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

	mu        sync.Mutex
	client    *graph.Client
	listeners []*func(Event) // the newest last
	requests  change.Requests
	recorder  *change.Recorder
	writer    *change.Writer
	watch     *watch        // nil when no guard is on duty
	last      *watch        // the guard that was started last
	hiring    sync.Mutex    // one guard is started at a time
	over      chan struct{} // closed when nobody needs to be guarded any more
	mem       memory
	first     memory // as it was before the first sign-in
}

// memory is what a run knows besides the tenant. It is copied out and changed under the run's lock.
type memory struct {
	// Sign-in.
	method   graph.Method
	tenant   string                // the customer's, as it was named
	refused  [2]*graph.SignInError // by method
	blocked  *graph.SignInError    // the refusal before the sign-in that succeeded; nil where there was none
	identity graph.Identity
	who      graph.Identity // of the last sign-in, also after it was given up
	org      graph.Organization
	cloud    string // its name

	// The operator's choices.
	account     accountName
	cap         time.Duration
	planShown   bool
	stale       bool   // the check is to be done again, with a new token
	plan        *Plan  // as it was accepted
	adopt       string // id of an account that is not ours and that the operator took over
	unfit       string // user name that the account can't have as it stands, so that another is chosen
	ignoreBin   bool   // create the account although a deleted one has its name
	portal      welcome.Portal
	foreign     welcome.Portal // a portal on another host that waits for the operator's yes
	offer       *offer         // a welcome mail that leaves a choice
	setup       setupChoice
	setupSeen   bool // the operator says that setup completed
	portalWay   bool // allow app passwords in the portal instead of by the undocumented call
	appWord     bool // the operator says that app passwords are allowed
	factorWord  bool // the operator said that a second factor is registered, where that can't be read
	appSkipped  bool // Delegate365 has its app password already
	tested      bool // the operator saw "Test credentials" succeed
	failedTests int  // how often they saw it fail
	untested    bool // they finish although it failed
	office      office
	skipped     string         // why there is no app password, where it was not simply chosen
	moved       []movedSetting // of the MFA service settings, when this run allowed app passwords
	defaults    defaultsChoice
	tenantTyped bool // the tenant's domain was typed, for turning security defaults off

	// What was read or made in this run.
	posture        *posture   // the tenant as the check read it
	found          *foundUser // what has the account's name
	user           graph.User // the service account as last read
	setupFrom      *setupStart
	record         []change.Entry // what was written; filled in by see
	setupRefusal   *setupRefusal  // what the operator says that the setup page says; nil when it says nothing
	counsel        *counsel       // what Microsoft's what-if said of the account
	platform       string         // of the browser that the setup runs in
	announced      []string       // the demands that suspend-mfa showed
	undoing        []exclusion    // exclusions this run made, or found left, to be taken back
	defaultsOff    bool           // this run turned security defaults off, or found that an earlier one did
	campaignLeft   bool           // this run excluded the account from the registration campaign, or found that an earlier one did
	keepExclusions bool           // exclusions that were found are somebody's intention
	keepDefaults   bool           // so are security defaults that are off
	defaultsSince  time.Time      // when an earlier run turned them off; zero where that is not known
	bound          bool           // these are all there is to take back
	perUser        graph.MFAState // the account's per-user MFA as last read; empty before
	stateSuspended bool           // this run set it to disabled
	demanded       bool           // closing has set it and read it back, and nothing was suspended since
	unsure         time.Time      // when the answer to a suspension was lost; zero when none was
	left           bool           // user is the account of an earlier run that left it open
	restored       string         // user name of the account whose window restore closed
	created        string         // id of the account this run created
	assigned       string         // id of the account that this run has seen as Global Administrator
	exposure       *Exposure
	wall           WallClock
	together       bool              // the operator knows that the guard would end with this process
	believed       []string          // what only the journal says and the operator confirmed
	declined       []string          // and what they did not
	foreignLeft    bool              // the account that was left does not carry this program's mark
	noGuard        string            // why no guard could be started for the open window
	pending        []journal.Inverse // suspensions of which nobody has read yet what became of them
	closed         []Exposure        // earlier exposure windows of this run

	password      graph.Secret // of the service account
	configuration graph.Secret // from the welcome mail
	appPassword   graph.Secret
}

// NewRun starts an onboarding. Nothing is read yet. It refuses options that can't be used, before anything is read.
func NewRun(o Options) (*Run, error) {
	r := &Run{opts: o, log: o.Log, over: make(chan struct{})}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if o.DeviceCode {
		r.mem.method = graph.DeviceCode
	}
	r.mem.tenant = o.Tenant
	r.mem.cloud = cmp.Or(o.Cloud.Name, "global")
	r.mem.platform = o.platform()
	r.mem.wall = o.Wall
	r.mem.cap = o.Cap
	if o.Cap == 0 {
		r.mem.cap = DefaultCap
	}
	if err := checkCap(r.mem.cap); err != nil {
		return nil, err
	}
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
		Folder: o.Journal, By: cmp.Or(o.By, journal.ByWizard), Account: r.journalAccount, Disk: o.Disk, Log: r.log,
	})
	r.writer = change.NewWriter(change.Options{
		Recorder: r.recorder, Requests: &r.requests, Log: r.log, StepUp: func(ctx context.Context, report func(Event)) error {
			if r.see().bound {
				return &Error{Op: "ask you for a stronger sign-in", Err: graph.ErrStepUp} // the guard has nobody to ask
			}
			return r.stepUp(ctx, report, nil)
		},
	}, suspensions{r})
	return r, nil
}

// Identity is who is signed in, for the header: the operator's user name and the tenant's default domain. Both are
// empty before sign-in.
func (r *Run) Identity() (operator, tenant string) {
	m := r.see()
	return m.identity.UserPrincipalName, m.org.DefaultDomain
}

// Exchanges are the requests made so far, oldest first: at most the newest 200. For the details screen.
func (r *Run) Exchanges() []graph.Exchange { return r.requests.All() }

// Person plays the human parts, or is nil on a real tenant.
func (r *Run) Person() Person { return r.opts.Person }

// Open opens a page as OpenPage says.
func (r *Run) Open(ctx context.Context, address string, private bool) (said string, err error) {
	if r.opts.Open == nil {
		return "", ErrNoBrowser
	}
	return r.opts.Open(ctx, address, private)
}

// PerUserMFAURL is the page where an administrator turns per-user MFA on by hand.
func (r *Run) PerUserMFAURL() string { return r.opts.Cloud.PerUserMFAURL() }

// Wipe overwrites every secret the run holds. What was handed to a clipboard is not its to clear.
func (r *Run) Wipe() {
	r.set((*memory).wipe)
	r.recorder.Proof.Wipe()
}

func (m *memory) wipe() {
	m.password.Wipe()
	m.configuration.Wipe()
	m.appPassword.Wipe()
	m.dropOffer()
}

// see is a copy of what the run knows.
func (r *Run) see() memory {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.mem
	m.record = r.writer.Made()
	return m
}

// set changes what the run knows. The function must not call the run.
func (r *Run) set(change func(*memory)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.mem)
}

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
	text := "Microsoft is busy; trying again"
	if w.Asked || w.Status == http.StatusTooManyRequests {
		text = "Microsoft asked us to wait"
	}
	switch w.Status {
	case 0:
		text = "No connection; trying again"
	case http.StatusNotFound:
		text = change.NotEverywhere
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
	user := r.see().user
	return journal.Account{ID: user.ID, UserPrincipalName: user.UserPrincipalName}
}

// instrumented is a step whose waits inside the client reach the screen, and whose panics are errors.
type instrumented struct{ Step }

func (h instrumented) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	defer r.listen(report)()
	f, err := panics.Call(func() (Finding, error) { return h.Step.Inspect(ctx, r, report) })
	return f, r.logged(err)
}

func (h instrumented) Apply(ctx context.Context, r *Run, report func(Event)) error {
	defer r.listen(report)()
	return r.logged(panics.Do(func() error { return h.Step.Apply(ctx, r, report) }))
}

func (h instrumented) Undo(ctx context.Context, r *Run, report func(Event)) error {
	defer r.listen(report)()
	return r.logged(panics.Do(func() error { return h.Step.Undo(ctx, r, report) }))
}
