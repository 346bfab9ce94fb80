package journal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// WindowState is an exposure window that the journal does not know to be closed.
type WindowState struct {
	Account   Account
	Opened    time.Time     // when it was first opened and not closed since; UTC
	Run       string        // the run that opened it last
	PID       int           // its process, on the machine it ran on
	Cap       time.Duration // as that run was asked for
	Inverses  []Inverse     // what demanded MFA of the account and may still be suspended, oldest first
	Suspended time.Time     // when the newest of them was announced; UTC
	Unseen    []Inverse     // those that no read has shown
	Proven    bool          // every line that opened it is; of what is owed without a window, every intent
	Proves    []Inverse     // those of Inverses that a proven line announced
}

// OpenWindow is the exposure window that has been open longest, if there is one. Its inverses come from the whole
// journal, because what was suspended before the account became an administrator counts as well. A line that is not proven
// closes no window that is: whoever wrote it, the tenant has to be read.
func (l Log) OpenWindow() (WindowState, bool) {
	var open []WindowState
	for _, e := range l.Entries {
		i := slices.IndexFunc(open, func(w WindowState) bool { return w.Account.ID == e.Account.ID })
		switch {
		case e.Kind == KindWindowClosed && i >= 0:
			if open[i].Proven && !e.Proven {
				continue
			}
			open = slices.Delete(open, i, i+1)
		case e.Kind == KindWindowOpened:
			if i < 0 {
				i, open = len(open), append(open, WindowState{Opened: e.At, Proven: true})
			}
			w := &open[i]
			w.Account, w.Run, w.PID, w.Cap = e.Account, e.Run, e.PID, time.Duration(e.CapSeconds)*time.Second
			w.Proven = w.Proven && e.Proven
		}
	}
	if len(open) == 0 {
		return WindowState{}, false
	}
	w := open[0]
	for _, p := range l.outstanding() {
		i := p.inverse
		ours := i.Kind == InversePerUserMFA && i.TargetID == w.Account.ID ||
			(i.Kind == InversePolicyExclusion || i.Kind == InverseCampaignExclusion) && i.Value == w.Account.ID ||
			i.Kind == InverseSecurityDefaults
		if ours {
			w.owe(p)
		}
	}
	return w, true
}

// Owed is what demanded MFA of an account and may still be suspended, although no window is known to be open: the change was
// announced, and nobody read what became of it.
func (l Log) Owed() (WindowState, bool) {
	var w WindowState
	for _, p := range l.outstanding() {
		i := p.inverse
		if i.Kind != InversePolicyExclusion || w.Account.ID != "" && w.Account.ID != i.Value {
			continue
		}
		w.Account.ID = i.Value
		w.owe(p)
	}
	w.Proven = len(w.Proves) == len(w.Inverses)
	for _, e := range l.Entries {
		if e.Account.ID == w.Account.ID {
			w.Account = e.Account
		}
	}
	return w, w.Account.ID != ""
}

// Outstanding are the inverses that are not known to be carried out, oldest first, one for each thing changed. One
// counts from its intent on, whether an outcome followed or not, unless the write was refused and the tenant does not
// show it; it is carried out when a later write that restores it was verified. Of several for one thing the oldest
// stays, because it says how things were before the first.
func (l Log) Outstanding() []Inverse {
	var out []Inverse
	for _, p := range l.outstanding() {
		out = append(out, p.inverse)
	}
	return out
}

// pending is an inverse that is not known to be carried out.
type pending struct {
	seq     int
	at      time.Time // of several for one thing, of the last
	inverse Inverse
	proven  bool
	seen    bool // in the tenant, after the last was announced
}

func (w *WindowState) owe(p pending) {
	w.Inverses = append(w.Inverses, p.inverse)
	if !p.seen {
		w.Unseen = append(w.Unseen, p.inverse)
	}
	if p.at.After(w.Suspended) {
		w.Suspended = p.at
	}
	if p.proven {
		w.Proves = append(w.Proves, p.inverse)
	}
}

func (l Log) outstanding() []pending {
	var open []pending
	restores := map[int]Inverse{}
	for _, e := range l.Entries {
		switch {
		case e.Kind == KindIntent:
			if e.Inverse != nil {
				open = append(open, pending{seq: e.Seq, at: e.At, inverse: *e.Inverse, proven: e.Proven})
			}
			if e.Restores != nil {
				restores[e.Seq] = *e.Restores
			}
		case e.Kind == KindOutcome && e.Verified:
			done, before := restores[e.Intent], e.Intent
			if e.Restores != nil {
				done = *e.Restores
			}
			if before == 0 {
				before = e.Seq
			}
			// A change announced after the restoring write was may have been made after it as well.
			open = slices.DeleteFunc(open, func(p pending) bool { return p.seq < before && p.inverse.same(done) })
			for i := range open {
				open[i].seen = open[i].seen || open[i].seq == e.Intent
			}
		case e.Kind == KindOutcome && e.Outcome.Undone():
			open = slices.DeleteFunc(open, func(p pending) bool { return p.seq == e.Intent })
		}
	}
	var out []pending
	for _, p := range open {
		i := slices.IndexFunc(out, func(o pending) bool { return p.inverse.same(o.inverse) })
		if i < 0 {
			out = append(out, p)
		} else {
			out[i].at, out[i].seen = p.at, p.seen
		}
	}
	return out
}

// ClaimWindow makes the caller the only one on this machine that closes the tenant's exposure window, until release is
// called or the process ends. Whoever waited for it has to read the journal and the tenant again: the other may have
// closed it. It waits as long as ctx lets it; when ctx ends first, the other may be stopped in the middle, and closing
// without the claim is better than not closing.
func (j *Journal) ClaimWindow(ctx context.Context) (release func(), err error) {
	lock, err := lockOf(j.files.window)
	if err != nil {
		return nil, fmt.Errorf("claim the closing of the window: %w", err)
	}
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		return nil, fmt.Errorf("claim the closing of the window: %w", err)
	}
	return func() { _ = lock.Unlock() }, nil
}

// foundOpen begins the note of a window that another computer's run had opened, and that was found open: it ends with since when. untimed is
// the note where nobody knows that.
const (
	foundOpen = "found open since "
	untimed   = "found open, since when is not known"
)

// FoundOpen is the line of such a window, written when it is closed. For how long it was allowed to be open nobody here knows, and of a zero
// time not since when it was.
func FoundOpen(account Account, since time.Time) Entry {
	if since.IsZero() {
		return Entry{Kind: KindWindowOpened, Account: account, Note: untimed}
	}
	return Entry{Kind: KindWindowOpened, Account: account, Note: foundOpen + since.UTC().Format(time.RFC3339)}
}

// FoundStuck is the line of such a window from when it is begun to be closed. Nothing is done by it: it says since when the window was open
// where the closing does not come to its end.
func FoundStuck(account Account, since time.Time) Entry {
	e := FoundOpen(account, since)
	e.Kind = KindWindowStuck
	return e
}

// Found reports a line of a window that was found open.
func (e Entry) Found() bool {
	return (e.Kind == KindWindowOpened || e.Kind == KindWindowStuck) && (strings.HasPrefix(e.Note, foundOpen) || e.Untimed())
}

// Untimed reports the line of a window of which nobody knows since when it was open.
func (e Entry) Untimed() bool {
	return (e.Kind == KindWindowOpened || e.Kind == KindWindowStuck) && e.Note == untimed
}

// FoundOf reports that the account's window was found open, and that no line closed it since.
func (l Log) FoundOf(account string) bool {
	for _, e := range slices.Backward(l.Entries) {
		if e.Account.ID == account && (e.Kind == KindWindowClosed || e.Found()) {
			return e.Found()
		}
	}
	return false
}

// OpenedAt is when a window was opened by its line.
func (e Entry) OpenedAt() time.Time {
	text, found := strings.CutPrefix(e.Note, foundOpen)
	if since, err := time.Parse(time.RFC3339, text); found && err == nil && since.Before(e.At) {
		return since
	}
	return e.At
}
