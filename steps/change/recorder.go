package change

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// What a run does is kept twice: in memory for the last screen, and, before it is done, in the tenant's journal on
// disk. A change is not begun when its line can't be written; one that puts MFA back is made all the same.

// Recorder writes the journal of one run. Without a folder it keeps none. Its methods may be called from any goroutine.
type Recorder struct {
	folder  string
	by      journal.By
	account func() journal.Account // what a line is about that does not say so itself
	disk    Disk
	log     *slog.Logger
	Proof   keyring.Proof // the key that tells the journal's lines from forged ones

	mu         sync.Mutex
	file       *journal.Journal // nil before the sign-in, or when none is kept
	queue      *queue           // who writes it
	identity   graph.Identity   // whose run it records
	unusable   error            // why no journal can be used; nil when one is, or none is kept
	altered    int              // the first line of the journal that somebody changed; 0 when none is known
	beside     error            // names the other wizard that restore works beside; nil when there is none
	unwritten  int              // lines of the journal that could not be written
	notWritten error            // why not, of the last one; nil where the disk said nothing
}

// Disk stands between a recorder and its journal, where a test has the disk hang. Nil is the disk itself.
type Disk func(appends func(journal.Entry) (journal.Entry, error)) func(journal.Entry) (journal.Entry, error)

// RecorderOptions are what a recorder works with.
type RecorderOptions struct {
	Folder  string                 // of the journals; empty keeps none
	By      journal.By             // who writes
	Account func() journal.Account // what a line is about that does not say so itself
	Disk    Disk
	Log     *slog.Logger
}

// NewRecorder makes a recorder that has no journal open yet.
func NewRecorder(o RecorderOptions) *Recorder {
	if o.Disk == nil {
		o.Disk = func(appends func(journal.Entry) (journal.Entry, error)) func(journal.Entry) (journal.Entry, error) {
			return appends
		}
	}
	return &Recorder{folder: o.Folder, by: o.By, account: o.Account, disk: o.Disk, log: o.Log}
}

// Open opens the journal of the tenant that was signed in to. Another wizard at work on it on this machine is refused. A
// journal that can't be used is remembered: closing does without it, and nothing is opened. Restore works beside another
// wizard, because putting MFA back waits for nobody.
func (r *Recorder) Open(identity graph.Identity) error {
	r.update(func() {
		if r.identity != identity {
			r.altered, r.beside, r.unwritten, r.notWritten = 0, nil, 0, nil
		}
		r.identity = identity
	})
	if r.folder == "" {
		return nil
	}
	redact.Own(identity.TenantID, identity.ObjectID, identity.UserPrincipalName, graph.GlobalAdministrator, journal.BeforeFirst) // lines have them
	r.Proof.Wait()
	author := journal.Author{By: r.by, Operator: identity.UserPrincipalName, Screen: screened, Prove: r.Proof.Prove}
	j, err := r.begin(journal.Open, author)
	other, isHeld := errors.AsType[*journal.HeldError](err)
	if isHeld && r.by != journal.ByRestore {
		return &problem.Error{Op: "work on this tenant", Hint: phrase.T("Another wizard is at work on it on this machine (process %d). Finish or leave that one first. If it does not answer any more, restore puts MFA back beside it.", other.PID), Err: err}
	}
	if isHeld { // it may have been stopped, or hang
		j, err = r.begin(journal.Attach, author)
		r.update(func() { r.beside = other })
	}
	if err != nil {
		r.log.Error("use the journal", "error", err)
		r.update(func() { r.unusable = journalError(err) })
		return nil
	}
	r.update(func() { r.unusable = nil })
	r.write(j)
	return nil
}

// Attach opens the journal beside the process that holds it, for a part of its run.
func (r *Recorder) Attach(identity graph.Identity, run string) error {
	r.update(func() { r.identity = identity })
	if r.folder == "" {
		return nil
	}
	j, err := journal.Attach(r.folder, identity.TenantID, journal.Author{By: r.by, Operator: identity.UserPrincipalName, Run: run, Screen: screened, Prove: r.Proof.Prove})
	if err != nil {
		return err
	}
	r.write(j)
	return r.Line(journal.Entry{Kind: journal.KindStarted})
}

// begin opens the journal and writes the first line of this run.
func (r *Recorder) begin(open func(string, string, journal.Author) (*journal.Journal, error), author journal.Author) (*journal.Journal, error) {
	tenant := r.Identity().TenantID
	return Within(lineWithin, func() (*journal.Journal, error) {
		j, err := open(r.folder, tenant, author)
		if err != nil {
			return nil, err
		}
		if _, err = j.Append(journal.Entry{Kind: journal.KindStarted}); err != nil {
			return nil, errors.Join(err, j.Close())
		}
		return j, nil
	}, func(j *journal.Journal) { _ = j.Close() })
}

// write makes j the journal of this run.
func (r *Recorder) write(j *journal.Journal) {
	q := &queue{append: r.disk(j.Append), failed: func(err error) {
		r.log.Error("write the journal", "error", err)
		r.update(func() { r.unwritten, r.notWritten = r.unwritten+1, err })
	}}
	r.update(func() { r.file, r.queue = j, q })
}

// End writes the last line of the run, with the step in which it ends. The returned function waits for it, no longer than a few seconds.
func (r *Recorder) End(kind journal.Kind, step finding.ID) (wait func()) {
	r.mu.Lock()
	q := r.queue
	r.mu.Unlock()
	if q == nil {
		return func() {}
	}
	last := q.write(r.about(journal.Entry{Kind: kind, Step: string(step)}))
	return func() { _ = last.wait(ReadWithin) }
}

// Close lets another wizard in. It waits no longer than a few seconds for a disk.
func (r *Recorder) Close() {
	r.mu.Lock()
	j := r.file
	r.file = nil
	r.mu.Unlock()
	if j == nil {
		return
	}
	if _, err := Within(ReadWithin, func() (struct{}, error) { return struct{}{}, j.Close() }, nil); err != nil {
		r.log.Error("close the journal", "error", err)
	}
}

// Identity is whose run is recorded; zero before the journal was opened.
func (r *Recorder) Identity() graph.Identity {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.identity
}

// Recording reports an open journal.
func (r *Recorder) Recording() bool { return r.journal() != nil }

// By is who writes.
func (r *Recorder) By() journal.By { return r.by }

// Folder is where the journals are; empty when none is kept.
func (r *Recorder) Folder() string { return r.folder }

// Run is this run's name in the journal; empty when none is kept.
func (r *Recorder) Run() string {
	if j := r.journal(); j != nil {
		return j.Run()
	}
	return ""
}

func (r *Recorder) journal() *journal.Journal {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.file
}

// Unusable is why no journal can be used, as an error for an operator; nil when one is, or none is kept.
func (r *Recorder) Unusable() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unusable
}

// Beside names the other wizard beside which restore works; nil when there is none.
func (r *Recorder) Beside() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.beside
}

// screened is a line of the journal without the secrets that are in it, as none should be.
func screened(line string) string { return redact.Values(redact.Journal, line) }

// Read reads the journal of the tenant, as far as that can be done in a few seconds, and remembers where somebody changed it.
func (r *Recorder) Read() journal.Log {
	if r.folder == "" {
		return journal.Log{}
	}
	l, err := Within(ReadWithin, r.read, nil)
	if err != nil {
		r.log.Error("read the journal", "error", err)
	}
	return l
}

func (r *Recorder) read() (journal.Log, error) {
	l, err := journal.Read(r.folder, r.Identity().TenantID, r.Proof.Prove)
	if l.Altered != 0 {
		r.log.Error("somebody changed the journal", "line", l.Altered)
		r.update(func() { r.altered = l.Altered })
	}
	return l, err
}

// Claim makes this process the only one on the machine that closes the window, as far as that can be had in d: one that was
// stopped in the middle must not keep the window open.
func (r *Recorder) Claim(ctx context.Context, d time.Duration) (release func()) {
	j := r.journal()
	if j == nil {
		return func() {}
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	release, err := Within(d, func() (func(), error) { return j.ClaimWindow(ctx) }, func(release func()) { release() })
	if err != nil {
		r.log.Warn("close the window beside another process", "error", err)
		return func() {}
	}
	return release
}

// update changes what the recorder knows. The function must not call the recorder.
func (r *Recorder) update(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}
