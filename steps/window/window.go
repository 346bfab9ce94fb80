// Package window is the exposure window: it opens it, has it guarded, closes it, and finds one that an earlier run left open.
// The wizard, restore and the guard's worker all close it through the same lines.
package window

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
)

// Options are what a window works with.
type Options struct {
	Client   func() (*graph.Client, error) // who is signed in now
	Tenant   func() mfa.Tenant
	Require  mfa.Require
	StepUp   func(context.Context, func(finding.Event)) error // nil when there is nobody to ask
	Context  func() string                                    // authentication context that changing a policy takes; empty where none is known to
	Recorder *change.Recorder
	Requests *change.Requests
	Marker   string        // job title of the accounts that this program makes
	Cap      time.Duration // longest time that the window may stay open
	Reach    mfa.Reach     // what closing takes back
	Guard    StartGuard    // nil guards nothing
	Around   func() guard.Surroundings
	Wall     WallClock                                      // nil is the system's
	Lasts    func(ctx context.Context, due time.Time) error // whether what the operator may do outlasts an instant; nil asks nobody
	Ends     func() time.Time                               // when that ends, as far as it was read; nil is never
	Log      *slog.Logger
}

// Window is the exposure window of one run. Its methods may be called from any goroutine.
type Window struct {
	opts   Options
	writer *change.Writer
	owed   mfa.Ledger
	guard  *keeper

	mu    sync.Mutex
	state state
}

// state is what a window knows besides the tenant.
type state struct {
	open     *Exposure // nil while it is closed
	closed   []Exposure
	shut     reading    // the last that showed it shut
	looked   time.Time  // when no account of this program was found open
	since    time.Time  // of the open one, where somebody else opened it: until when it was surely shut
	user     graph.User // whose window it was last
	cap      time.Duration
	pending  []suspension // of which nobody has read yet what became of them
	noGuard  string       // why no guard could be started for the open window
	while    string       // as long as what the guard is sure to go on
	together bool         // the operator knows that the guard would end with this process
	job      guard.Job    // that the guard was in which was started last
	left     *Leftover    // what an earlier run left, while this one works on it
	answers  answers
	missed   []miss // why the last look could not look at everything
}

// New makes a window that is closed, and the writer whose suspensions it hears of. It refuses a cap that is too short or too long.
func New(o Options) (*Window, error) {
	if err := checkCap(o.Cap); err != nil {
		return nil, err
	}
	w := &Window{opts: o, state: state{cap: o.Cap}}
	w.guard = &keeper{window: w, over: make(chan struct{})}
	w.writer = change.NewWriter(change.Options{Recorder: o.Recorder, Requests: o.Requests, Log: o.Log, StepUp: o.StepUp}, suspensions{w})
	return w, nil
}

// Forget begins anew, for a run that works on something else now.
func (w *Window) Forget() {
	w.mu.Lock()
	w.state = state{cap: w.opts.Cap}
	w.mu.Unlock()
	w.owed.Update(func(o *mfa.Owed) { *o = mfa.Owed{} })
	w.writer.Forget()
}

// Writer carries out the writes of the run.
func (w *Window) Writer() *change.Writer { return w.writer }

// Snapshot is a window as it stands.
type Snapshot struct {
	Open     *Exposure  // nil while it is closed
	Closed   []Exposure // earlier ones of this run
	Cap      time.Duration
	Owed     mfa.Owed
	Leftover *Leftover // what an earlier run left, while this one works on it
	Missed   []error   // why the last look for a leftover could not look at everything
	Declined bool      // something that only the journal says was left as it is
}

// Exposed are the closed windows in which MFA was off, or may have been.
func (s Snapshot) Exposed() []Exposure {
	return slices.DeleteFunc(slices.Clone(s.Closed), func(e Exposure) bool { return e.Unexposed })
}

// Snapshot is the window as it stands now.
func (w *Window) Snapshot() Snapshot {
	out := Snapshot{Owed: w.owed.Owed()}
	if open, yes := w.Exposure(); yes {
		out.Open = &open
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	out.Closed, out.Cap, out.Leftover = slices.Clone(w.state.closed), w.state.cap, w.state.left
	for _, m := range w.state.missed {
		out.Missed = append(out.Missed, m.err)
	}
	out.Declined = len(w.state.answers.declined) > 0
	return out
}

// Account is the account with what lifts and restores the demands on it, for one step.
func (w *Window) Account(client *graph.Client, user graph.User, step finding.ID, report func(finding.Event)) mfa.Account {
	return mfa.Account{
		Client: client, Writer: w.writer, Require: w.opts.Require, Owed: &w.owed, Tenant: w.opts.Tenant(), User: user, Step: step, Report: report,
	}
}

// current is what the window knows.
func (w *Window) current() state {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

// update changes what the window knows. The function must not call the window.
func (w *Window) update(f func(*state)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(&w.state)
}
