package steps

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// The exposure window is open while the service account holds Global Administrator and nothing demands a second
// factor of it. It is opened in memory before the write that opens it in the tenant, and closed in memory only after
// the tenant was read and demands MFA again, so that an error on the way leaves it open here.

// DefaultCap is how long the exposure window may stay open when nothing else was asked for.
const DefaultCap = 30 * time.Minute

// The shortest and longest cap.
const (
	minCap = 5 * time.Minute
	maxCap = 120 * time.Minute
)

// Exposure is the exposure window while it is open.
type Exposure struct {
	Account string // user principal name
	Opened  time.Time
	Cap     time.Duration // the longest it may stay open
	Closed  time.Time     // zero while it is open
	By      string        // what closed it

	Found     bool   // left open by an earlier run: the cap is past, and Opened is zero where nobody knows it
	Unguarded bool   // no guard stands by just now
	NoGuard   string // why no guard can be had; the window has to be closed then
	Demanded  bool   // per-user MFA was set and read back; something else is still to be put back

	id       string // of the account
	presumed bool   // nobody has read yet whether anything demands MFA
	sent     bool   // per-user MFA was set, or may have been, and no read has shown it
	lapse    *lapse // nil in one that was found open
}

// Due reports a window that has to be closed: it has reached its cap, or no guard can be had for it. One that was found open
// is closed by the operator's next key instead.
func (e Exposure) Due(now time.Time) bool {
	return !e.Found && (e.NoGuard != "" || e.Past(now) >= e.Cap)
}

// Past is for how long the window has been open. It never runs backwards, whatever is done to the clock on the wall.
func (e Exposure) Past(now time.Time) time.Duration {
	if e.lapse == nil {
		return now.Sub(e.Opened)
	}
	return e.lapse.at(now)
}

// Unknown reports that nobody can say whether MFA is off: no read has shown it.
func (e Exposure) Unknown() bool { return !e.Demanded && (e.presumed || e.sent) }

// Standing is how it stands with MFA, as far as it was read: a sentence without its full stop.
func (e Exposure) Standing() string {
	switch {
	case e.Demanded:
		return "Per-user MFA is on for " + e.Account + ", but not everything is put back"
	case e.sent:
		return "Whether MFA is back for " + e.Account + " is not known: it was set, and no read has shown it"
	case e.presumed:
		return "Whether MFA is off for " + e.Account + " is not known yet"
	}
	return "MFA is still off for " + e.Account
}

func checkCap(d time.Duration) error {
	if d < minCap || d > maxCap {
		return &Error{
			Op:   "use a window of " + d.String(),
			Hint: "Choose between 5 and 120 minutes, for instance --window 30m.",
		}
	}
	return nil
}

// Exposure reports the open exposure window, if there is one. It reads memory only and may be called on every frame.
func (r *Run) Exposure() (Exposure, bool) {
	m := r.see()
	if m.exposure == nil {
		return Exposure{}, false
	}
	e := *m.exposure
	e.Unguarded = r.opts.Guard != nil && !e.Found && r.onWatch() == nil
	if e.Unguarded {
		e.NoGuard = m.noGuard
	}
	return e, true
}

// presumeExposure starts the clock before a write that may open the window, unless it runs already. A window that
// opens again in the same run goes on with its first clock.
// It fails, and opens nothing, when the window could not surely be closed again: without a guard, without a journal, or
// with a sign-in that ends too soon.
func (r *Run) presumeExposure(ctx context.Context, report func(Event)) error {
	if err := r.ready(ctx, report); err != nil {
		return err
	}
	if _, open := r.Exposure(); open {
		return nil
	}
	if err := r.recorder.Line(r.windowOpened()); err != nil {
		r.dismiss()
		return err
	}
	r.set(func(m *memory) { m.open(true) })
	if open, _ := r.Exposure(); open.Unguarded { // it has ended since
		r.replaceGuard(nil)
	}
	return nil
}

func (r *Run) windowOpened() journal.Entry {
	return journal.Entry{Kind: journal.KindWindowOpened, CapSeconds: int(r.see().cap.Seconds())}
}

// now is the time by the clock on the wall, which goes on while the computer sleeps.
func now() time.Time { return time.Now().Round(0) }

func (m *memory) open(presumed bool) {
	e := Exposure{Account: m.user.UserPrincipalName, id: m.user.ID, Opened: now(), Cap: m.cap, presumed: presumed, lapse: newLapse(m.wall)}
	if m.exposure != nil {
		e.lapse = m.exposure.lapse
		e.Opened, e.Cap, e.Found, e.presumed = m.exposure.Opened, m.exposure.Cap, m.exposure.Found, m.exposure.presumed && presumed
		e.Demanded = m.exposure.Demanded && m.demanded
		e.sent = m.exposure.sent && presumed
	}
	m.exposure = &e
}

// closedExposure stops the clock: the tenant was read and demands MFA, or the account is surely no administrator.
func (r *Run) closedExposure(by string) {
	r.turn(func(m *memory) { m.close(by) })
}

// turn changes the clock, and has the journal say so where it opened or closed the window.
func (r *Run) turn(change func(*memory)) {
	var was, is *Exposure
	var by string
	r.set(func(m *memory) {
		was = m.exposure
		change(m)
		is = m.exposure
		if n := len(m.closed); n > 0 {
			by = m.closed[n-1].By
		}
	})
	switch {
	case was != nil && is == nil:
		r.recorder.NoteClosed(journal.Account{ID: was.id, UserPrincipalName: was.Account}, by)
		r.dismiss()
	case is != nil && was == nil:
		r.recorder.Note(r.windowOpened())
		r.replaceGuard(nil)
	}
}

// journalOwes is the window that the journal knows to be open, or what is owed to an account without one.
func (r *Run) journalOwes() (journal.WindowState, bool) {
	l := r.recorder.Read()
	if w, open := l.OpenWindow(); open {
		return w, true
	}
	return l.Owed()
}

func (m *memory) close(by string) {
	if m.exposure == nil {
		return
	}
	e := *m.exposure
	m.exposure, m.noGuard, m.pending = nil, "", nil
	if e.presumed {
		return // the tenant never was without a demand
	}
	e.Closed, e.By = now(), by
	m.closed = append(m.closed, e)
}

// judgeExposure sets the clock by what the tenant was just read to say. It runs on while this run still owes the
// tenant an exclusion, and no read that lags can stop it: only a demand that holds everywhere does.
func (r *Run) judgeExposure(f mfaFacts, demands []analysis.Demand) {
	r.turn(func(m *memory) {
		if state := f.state(); state != "" && objectid.Same(f.user.ID, m.user.ID) {
			m.perUser = state
		}
		d, always := everywhere(demands)
		switch {
		case always && len(m.undoing) == 0 && !m.defaultsOff:
			m.close(d.Named() + " demands MFA")
		case !always && f.administrator:
			m.open(false)
		}
	})
}

// CloseExposure puts MFA back for the service account, takes every exclusion of this run back, and reads that. It
// returns nil when no window is open. When it fails the window is still open and it may be called again.
func (r *Run) CloseExposure(ctx context.Context, report func(Event)) error {
	open, yes := r.Exposure()
	if !yes {
		return nil
	}
	r.set(func(m *memory) {
		if m.user.ID == "" { // a look-up that lagged must not keep the window open
			m.user = graph.User{ID: open.id, UserPrincipalName: open.Account}
		}
	})
	defer r.listen(report)()
	return restoreMFA(ctx, r, report, ReenableMFA)
}

// claimWait is how long whoever closes the window already is waited for. One that was stopped in the middle must not
// keep the window open.
const claimWait = 15 * time.Second

// claim makes this process the only one on the machine that closes the window, as far as that can be had in time.
func (r *Run) claim(ctx context.Context) (release func()) {
	return r.recorder.Claim(ctx, claimWait)
}
