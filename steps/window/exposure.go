package window

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// The exposure window is open while the service account holds Global Administrator and nothing demands a second
// factor of it. It is opened in memory before the write that opens it in the tenant, and closed in memory only after
// the tenant was read and demands MFA again, so that an error on the way leaves it open here.

// DefaultCap is how long the exposure window may stay open when nothing else was asked for.
const DefaultCap = 30 * time.Minute

// The shortest and longest cap.
const (
	LeastCap = 5 * time.Minute
	MostCap  = 120 * time.Minute
)

// Exposure is the exposure window while it is open.
type Exposure struct {
	Account string // user principal name
	Opened  time.Time
	Cap     time.Duration // the longest it may stay open
	Closed  time.Time     // zero while it is open
	By      phrase.Pair   // what closed it

	Lasted    time.Duration // of a closed one, by the longer of both clocks; zero where that was not watched
	Unexposed bool          // of a closed one: MFA was demanded when it was first read, a moment later, or the role was refused, so that nothing was ever exposed

	Everybody string // the tenant's domain, where security defaults are off, or may be: nobody in it is asked by them

	RoleEnds time.Time // when the account's role ends by itself, where that is before the cap; zero otherwise

	Found     bool   // it was open before this run: the cap is past, and Opened is zero where nobody knows it
	Unclaimed bool   // found, and no journal here says who opened it: Opened is the earliest that it can be
	Unguarded bool   // no guard stands by just now
	NoGuard   string // why no guard can be had; the window has to be closed then
	Together  bool   // the guard ends with this process, as the operator knows
	While     string // as long as what the guard is sure to go on; empty where nothing is known that ends both
	Demanded  bool   // per-user MFA was set and read back; something else is still to be put back

	id       string // of the account
	presumed bool   // nobody has read yet whether anything demands MFA
	sent     bool   // per-user MFA was set, or may have been, and no read has shown it
	lapse    *lapse // nil in one that was found open
}

// Due reports a window that has to be closed: it has reached its cap, or no guard can be had for it. One that was found open
// is closed by the operator's next key instead.
func (e *Exposure) Due(now time.Time) bool {
	return !e.Found && (e.NoGuard != "" || e.Past(now) >= e.Cap)
}

// Past is for how long the window has been open. It never runs backwards, whatever is done to the clock on the wall.
func (e *Exposure) Past(now time.Time) time.Duration {
	if e.lapse == nil {
		return now.Sub(e.Opened)
	}
	return e.lapse.at(now)
}

// Was is for how long a closed window was open. It is not known where the clock on the wall was set back, and nobody watched another.
func (e *Exposure) Was() (lasted time.Duration, known bool) {
	byWall := e.Closed.Truncate(time.Second).Sub(e.Opened.Truncate(time.Second)) // as its two times have it
	return max(byWall, e.Lasted), byWall >= 0 || e.Lasted > 0
}

// Unknown reports that nobody can say whether MFA is off: no read has shown it.
func (e *Exposure) Unknown() bool { return !e.Demanded && (e.presumed || e.sent) }

// Standing is how it stands with MFA, as far as it was read: a sentence without its full stop.
func (e *Exposure) Standing() string {
	switch {
	case e.Everybody != "" && e.Demanded:
		return phrase.T("Per-user MFA is on for %s, but security defaults are still off for everybody in %s", e.Account, e.Everybody)
	case e.Everybody != "":
		return phrase.T("Security defaults are off for everybody in %s, and MFA is off for %s", e.Everybody, e.Account)
	case e.Demanded:
		return phrase.T("Per-user MFA is on for %s, but not everything is put back", e.Account)
	case e.sent:
		return phrase.T("Whether MFA is back for %s is not known: it was set, and no read has shown it", e.Account)
	case e.presumed:
		return phrase.T("Whether MFA is off for %s is not known yet", e.Account)
	}
	return phrase.T("MFA is still off for %s", e.Account)
}

// User is the account as far as the window knows it.
func (e *Exposure) User() graph.User { return graph.User{ID: e.id, UserPrincipalName: e.Account} }

func (e *Exposure) journaled() journal.Account {
	return journal.Account{ID: e.id, UserPrincipalName: e.Account}
}

func checkCap(d time.Duration) error {
	if d < LeastCap || d > MostCap {
		return &problem.Error{
			Op: "allow %s without MFA", Of: []any{phrase.Roughly(d)},
			Hint: phrase.T("It can be between 5 and 120 minutes."),
		}
	}
	return nil
}

// SetCap changes the longest time that the window may stay open. An open one keeps its own.
func (w *Window) SetCap(d time.Duration) error {
	if err := checkCap(d); err != nil {
		return err
	}
	if open, yes := w.Exposure(); yes && d != open.Cap {
		return &problem.Error{Op: "change the window", Hint: phrase.T("It is open, and closes after %s. Re-enable MFA first.", phrase.Roughly(open.Cap))}
	}
	w.update(func(s *state) { s.cap = d })
	return nil
}

// Exposure reports the open exposure window, if there is one. It reads memory only and may be called on every frame.
func (w *Window) Exposure() (Exposure, bool) {
	s := w.current()
	if s.open == nil {
		return Exposure{}, false
	}
	e := *s.open
	owed := w.owed.Owed()
	e.Demanded, e.sent = owed.Demanded, owed.Sent
	e.Together, e.While = s.together, s.while
	if owed.Defaults {
		e.Everybody = w.opts.Tenant().Domain
	}
	e.Unguarded = !e.Found && w.Unguarded()
	if e.Unguarded {
		e.NoGuard = s.noGuard
	}
	return e, true
}

// Now is the time by the clock on the wall, which goes on while the computer sleeps.
func Now() time.Time { return time.Now().Round(0) }

// evidence is why a window counts as open.
type evidence int

const (
	presumed evidence = iota // it is about to be opened, or a read that may lag shows it: nobody knows yet whether anything demands MFA
	seen                     // the tenant was read
	refused                  // Microsoft refused the role
)

// Lagging is for how long after one read another may come from a server that lags.
const Lagging = mfa.Lagging

// shows is what a read is worth that shows no demand. Where this run has nothing suspended, and a read has shown a demand a moment ago, it
// may be an older state.
func (s *state) shows(owed mfa.Owed) evidence {
	n := len(s.closed)
	again := n > 1 && s.closed[n-1].presumed && Now().Sub(s.closed[n-2].Closed) < Lagging // as a moment ago
	if n > 0 && (owed.Demanded || !owed.StateSuspended || again) && !owed.Any() && Now().Sub(s.closed[n-1].Closed) < Lagging {
		return presumed
	}
	return seen
}

// openFor opens the window. One that is open goes on with its first clock.
func (w *Window) openFor(s *state, user graph.User, why evidence) {
	e := Exposure{Account: user.UserPrincipalName, id: user.ID, Opened: Now(), Cap: w.opts.closable(s.cap), presumed: why == presumed}
	if s.open == nil {
		e.lapse, s.since = newLapse(w.opts.Wall), time.Time{}
		if why == seen {
			s.since = s.shutUntil(user, w.opts.Marker)
		}
		w.owed.Update(func(o *mfa.Owed) { o.Demanded, o.Sent = false, false })
	} else {
		w.owed.Update(func(o *mfa.Owed) { o.Sent = o.Sent && why == presumed })
		e.lapse, e.Opened, e.Cap, e.Found, e.Unclaimed = s.open.lapse, s.open.Opened, s.open.Cap, s.open.Found, s.open.Unclaimed
		e.presumed = s.open.presumed && why == presumed
	}
	s.open, s.user = &e, user
}

// closable is the cap of a window that nobody could close past the end of what the operator may do.
func (o Options) closable(longest time.Duration) time.Duration {
	if o.Ends == nil {
		return longest
	}
	return max(min(longest, time.Until(o.Ends()).Truncate(time.Minute)), time.Minute)
}

// close closes the window in memory. What may still reach the tenant is kept. How far it was read is what counts: one that was never read
// was perhaps exposed, and so was one whose first read came so late that somebody else may have turned MFA off and on again before.
func (s *state) close(by phrase.Pair, how evidence) {
	if s.open == nil {
		return
	}
	e := *s.open
	s.open, s.noGuard = nil, ""
	s.pending = slices.DeleteFunc(slices.Clone(s.pending), func(p suspension) bool { return !p.lost })
	soon := e.Past(time.Now()) <= Lagging
	e.Closed, e.By, e.Unexposed = Now(), by, e.presumed && (how == refused || how == seen && soon)
	if e.lapse != nil {
		e.Lasted = e.lapse.lasted(time.Now())
	}
	if s.shut = (reading{e.id, e.Closed}); !e.Found && !s.since.IsZero() {
		e.Opened, e.Found, e.Unclaimed = s.since, true, true
	}
	s.closed = append(slices.Clone(s.closed), e)
}

// Stop stops the clock: MFA was put back, and read.
func (w *Window) Stop(by phrase.Pair) {
	w.updateWindow(func(s *state) { s.close(by, presumed) })
}

// NotAssigned stops the clock: Microsoft refused the role, so that the account is surely no administrator by this run.
func (w *Window) NotAssigned() {
	w.updateWindow(func(s *state) { s.close(phrase.Both("the role was not assigned"), refused) })
}

// updateWindow changes the clock, and has the journal say so where it opened or closed the window.
func (w *Window) updateWindow(f func(*state)) {
	var was, is *Exposure
	var closed Exposure
	w.update(func(s *state) {
		was = s.open
		f(s)
		is = s.open
		if n := len(s.closed); n > 0 {
			closed = s.closed[n-1]
		}
	})
	switch {
	case was != nil && is == nil:
		if was.Unclaimed {
			w.opts.Recorder.Note(journal.FoundOpen(was.journaled(), was.Opened)) // closing did not wait for it
		}
		w.opts.Recorder.NoteClosed(journal.Entry{Account: was.journaled(), Note: closed.By.English, OpenFor: int(closed.Lasted.Seconds()), Unexposed: closed.Unexposed})
		w.guard.release()
	case is != nil && was == nil:
		w.opts.Recorder.Note(seenLine(is, w.current().since))
		w.guard.replace(nil)
	}
}

func openedLine(account journal.Account, longest time.Duration) journal.Entry {
	return journal.Entry{Kind: journal.KindWindowOpened, Account: account, CapSeconds: int(longest.Seconds())}
}

// Judge sets the clock by what the tenant was just read to say. It runs on while this run still owes the
// tenant an exclusion, and no read that lags can stop it: only a demand that holds everywhere does, and per-user MFA that this run has lifted is
// none before it was set again.
func (w *Window) Judge(f *mfa.Facts, demands []analysis.Demand) {
	if state := f.State(); state != "" {
		w.owed.Update(func(o *mfa.Owed) { o.State = state })
	}
	w.updateWindow(func(s *state) {
		owed := w.owed.Owed()
		d, always := owed.Everywhere(demands)
		_, shown := mfa.Everywhere(demands)
		switch {
		case always && len(owed.Exclusions) == 0 && !owed.Defaults:
			how := seen
			if owed.Sent || owed.Demanded || owed.StateSuspended { // it is demanded because it was put back
				how = presumed
			}
			s.close(phrase.Both("MFA is demanded by %s", d.NamedBoth()), how)
		case !always && shown && f.Administrator:
			w.openFor(s, f.User, presumed)
		case !always && f.Administrator:
			w.openFor(s, f.User, s.shows(owed))
		}
		if s.open == nil && (always || f.Account.RolesKnown) {
			s.readShut(f.User.ID)
		}
	})
}

// JudgeClosing sets the clock by what closing sets. Only the state of per-user MFA stops it.
func (w *Window) JudgeClosing(f *mfa.Facts) {
	if f.State() == graph.MFAEnabled || f.State() == graph.MFAEnforced {
		w.Judge(f, f.Demands())
		return
	}
	w.owed.Update(func(o *mfa.Owed) { o.State = f.State() })
	w.updateWindow(func(s *state) {
		if _, always := mfa.Everywhere(f.Demands()); !always && f.Administrator {
			w.openFor(s, f.User, s.shows(w.owed.Owed()))
		}
	})
}
