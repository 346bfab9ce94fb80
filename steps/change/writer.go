// Package change is the one path of a write: say what is about to be done and how to take it back, send it, read what became
// of it, and write that down. It knows what a write is and nothing of what any of them is for.
package change

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// How the one path for every write goes: write down what is about to be done and how to take it back; send it; where the
// answer says that it was refused, stop; where it was applied, was already so, or is unknown, read until the tenant agrees
// several times in a row. A lost answer is never sent again blindly: the tenant says what became of it.

// Write is one announced change.
type Write struct {
	Step   finding.ID
	Change finding.Change
	Send   func(context.Context) error
	Shows  Read   // does the tenant show the change?
	Until  Policy // when that is believed
	Taken  string // what to do about something else in the way; empty is the hint for a name
	Named  bool   // after a conflict, what is in the way may be something else of this name

	Inverse  *journal.Inverse // how to take it back; nil where that is not possible, as with a password
	Restores *journal.Inverse // of a write that takes something back: what. One that takes out what an onboarding put in has both
	Target   *journal.Target  // what it is about, where neither says so
}

// Entry is one write of this run: what was announced, what became of it, and how that is known.
type Entry struct {
	At        time.Time
	Step      finding.ID
	Change    finding.Change
	Outcome   graph.Outcome
	Unsent    bool      // of one that was refused: it was not even sent
	Verified  bool      // the tenant was read to show it
	ReadBack  time.Time // when it first did; zero where it did not
	Reads     int       // how often it was read
	RequestID string    // of the answer to the write; empty when none arrived
	ClientID  string    // client-request-id of the write
}

// Suspensions is told of each write that suspends a demand for MFA.
type Suspensions interface {
	// Register is called before anything is written down or sent. After an error nothing is.
	Register(ctx context.Context, report func(finding.Event), i journal.Inverse) error
	// Sending is called when it is about to be sent.
	Sending(i journal.Inverse)
	// Settled is called when it can't reach the tenant later than now.
	Settled(i journal.Inverse)
	// Lost is called when nobody knows whether the tenant will show it.
	Lost(i journal.Inverse)
}

// Options are what a Writer works with.
type Options struct {
	Recorder *Recorder
	Requests *Requests
	Log      *slog.Logger
	// StepUp asks the operator for the stronger sign-in that Microsoft wants; nil when there is nobody to ask.
	StepUp func(ctx context.Context, report func(finding.Event)) error
}

// Writer carries out the writes of one run. Its methods may be called from any goroutine.
type Writer struct {
	opts        Options
	suspensions Suspensions

	mu   sync.Mutex
	made []Entry
}

// NewWriter makes a writer. What is told of suspensions may be nil where none is ever written.
func NewWriter(o Options, suspensions Suspensions) *Writer {
	return &Writer{opts: o, suspensions: suspensions}
}

// Made are the writes so far, oldest first, whatever became of them.
func (w *Writer) Made() []Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.made)
}

// Forget begins anew, for a run that works on something else now.
func (w *Writer) Forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made = nil
}

// Apply carries out one write and returns when the tenant shows it.
func (w *Writer) Apply(ctx context.Context, report func(finding.Event), c Write) error {
	if err := w.register(ctx, report, c); err != nil {
		return &RefusedError{err}
	}
	intent, err := w.opts.Recorder.journalIntent(c)
	if err != nil {
		w.settled(c)
		return &RefusedError{err}
	}
	begin := time.Now()
	err = w.send(ctx, report, c)
	entry := w.entry(c, begin, err)
	shows := func(ctx context.Context) (bool, error) { entry.Reads++; return c.Shows(ctx) }
	taken := errors.Is(err, graph.ErrConflict)
	if entry.Outcome == graph.Refused && !taken {
		w.settled(c)
		w.keep(entry, c, intent)
		return &RefusedError{c.failed(err)}
	}
	if err != nil && ctx.Err() != nil {
		w.lost(c)
		w.keep(entry, c, intent)
		return c.failed(ctx.Err())
	}
	if entry.Outcome == graph.Unknown {
		report(finding.Event{Text: phrase.T("The answer was lost. Reading what became of the change")})
	}
	until := c.Until
	if taken && c.Named {
		until = until.afterConflict()
	}
	if back := Settle(ctx, report, shows, until); back != nil {
		w.lost(c)
		w.keep(entry, c, intent)
		return c.failed(errors.Join(back, err))
	}
	w.settled(c)
	entry.Outcome, entry.Verified, entry.ReadBack = graph.Applied, true, time.Now()
	w.keep(entry, c, intent)
	report(finding.Event{Applied: &c.Change})
	return nil
}

// ApplyAtOnce carries out a write that puts something back: it waits for no disk, is sent once, and read back as back says.
// Any other order of these would keep the window open for longer.
func (w *Writer) ApplyAtOnce(ctx context.Context, report func(finding.Event), c Write, back func(context.Context) error) error {
	intent, err := w.opts.Recorder.journalIntent(c)
	if err != nil {
		return err
	}
	begin := time.Now()
	err = c.Send(ctx)
	entry, shown := w.entry(c, begin, err), ErrNotShown
	if entry.Outcome != graph.Refused {
		shown = back(ctx)
	}
	if shown != nil {
		w.keep(entry, c, intent)
		if err == nil {
			err = shown
		}
		return c.failed(err)
	}
	entry.Outcome, entry.Verified, entry.ReadBack = graph.Applied, true, time.Now()
	w.keep(entry, c, intent)
	report(finding.Event{Applied: &c.Change})
	return nil
}

// NoteRestored writes down that something needs no taking back any more: the tenant was read, and somebody else did it.
func (w *Writer) NoteRestored(step finding.ID, i journal.Inverse) {
	w.opts.Recorder.Note(journal.Entry{Kind: journal.KindOutcome, Step: string(step), Restores: &i, Outcome: journal.Applied, Verified: true})
}

// lingers is how long a suspension that is on its way may go on after somebody gave up waiting: what became of it has to
// be known before MFA is put back.
const lingers = 8 * time.Second

// send sends a write. Where Microsoft asks for a stronger sign-in first, which it does before it carries anything out, the
// operator is asked, and it is sent once more.
func (w *Writer) send(ctx context.Context, report func(finding.Event), c Write) error {
	if c.suspends() {
		w.suspensions.Sending(*c.Inverse)
		var stop context.CancelFunc
		ctx, stop = graph.Linger(ctx, lingers)
		defer stop()
	}
	err := c.Send(ctx)
	if !errors.Is(err, graph.ErrStepUp) || w.opts.StepUp == nil {
		return err
	}
	if asked := w.opts.StepUp(ctx, report); asked != nil {
		return errors.Join(err, asked)
	}
	return c.Send(ctx)
}

func (w *Writer) entry(c Write, begin time.Time, err error) Entry {
	answer, sent := w.opts.Requests.writeIDs(begin)
	return Entry{At: begin, Step: c.Step, Change: c.Change, Outcome: graph.OutcomeOf(err), Unsent: graph.Unsent(err), RequestID: answer, ClientID: sent}
}

// keep notes what became of a write. No secret is ever in it.
func (w *Writer) keep(e Entry, c Write, intent *line) {
	w.mu.Lock()
	w.made = append(w.made, e)
	w.mu.Unlock()
	w.opts.Log.Info("change", "step", e.Step, "op", string(e.Change.Op), "object", e.Change.Object, "from", e.Change.From,
		"to", e.Change.To, "outcome", e.Outcome.String(), "verified", e.Verified, "request-id", e.RequestID)
	w.opts.Recorder.journalOutcome(e, c, intent)
}

func (w *Writer) register(ctx context.Context, report func(finding.Event), c Write) error {
	if !c.suspends() {
		return nil
	}
	return w.suspensions.Register(ctx, report, *c.Inverse)
}

func (w *Writer) settled(c Write) {
	if c.suspends() {
		w.suspensions.Settled(*c.Inverse)
	}
}

func (w *Writer) lost(c Write) {
	if c.suspends() {
		w.suspensions.Lost(*c.Inverse)
	}
}

// suspends reports a write after which less may demand MFA of the account.
func (c Write) suspends() bool {
	return c.Inverse != nil && slices.Contains([]journal.InverseKind{
		journal.InversePerUserMFA, journal.InversePolicyExclusion, journal.InverseSecurityDefaults, journal.InverseCampaignExclusion,
	}, c.Inverse.Kind)
}

// RefusedError is a write that was surely not carried out. Any other error leaves that open.
type RefusedError struct{ error }

// Unwrap is why it was refused.
func (e *RefusedError) Unwrap() error { return e.error }

// Refused reports a write that was surely not carried out.
func Refused(err error) bool {
	_, ok := errors.AsType[*RefusedError](err)
	return ok
}

// outcome is what became of a write, as the journal has it.
func (e Entry) outcome() journal.Outcome {
	switch {
	case e.Outcome == graph.Refused && e.Unsent:
		return journal.Unsent
	case e.Outcome == graph.Refused:
		return journal.Refused
	case e.Outcome == graph.Applied:
		return journal.Applied
	}
	return journal.Unknown
}

func lineOf(c finding.Change) journal.Change {
	return journal.Change{Op: string(c.Op), Object: c.Object, From: c.From, To: c.To}
}

func (c Write) failed(err error) error {
	hint := ""
	switch {
	case errors.Is(err, errNotOurs) && c.Taken != "":
		hint = c.Taken
	case errors.Is(err, errNotOurs):
		hint = phrase.T("An account or address in the tenant has this name already. Go back to the check and choose another.")
	case errors.Is(err, ErrNotShown):
		hint = phrase.T("Microsoft accepted the change, and reading it back does not show it yet. It is sent and read again; or try again by hand.")
	case errors.Is(err, errNotYet):
		hint = phrase.T("The tenant did not show the change within two minutes. Try again: what is done is read first, and nothing is done twice.")
	}
	if own, ok := errors.AsType[*problem.Error](err); ok && hint == "" { // what sent it knows better
		hint = own.Hint
	}
	return &problem.Error{Op: "change %s", Of: []any{c.Change.Object}, Hint: hint, Err: err}
}
