package steps

import (
	"slices"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What a run has done, for the screens and for the journal.

// made is one change of this run, however often it was sent.
type made struct {
	change.Entry      // the last try
	tries, reads int  // how often it was sent, and read
	shown        bool // a read has shown it
}

// ReadBack says of changes that were made what shows them: a read, or for a password Microsoft's answer alone.
func ReadBack(all ...Change) string {
	unreadable := 0
	for _, c := range all {
		if lineOf(c).Unreadable() {
			unreadable++
		}
	}
	switch unreadable {
	case 0:
		return phrase.T("read back")
	case len(all):
		return phrase.T("accepted; no password can be read back")
	}
	return phrase.T("read back; the password accepted")
}

// changes are what this run has changed in a step, each once: what is sent again before anything else was done to its object is
// the same change. Any step, where none is named; re-enabling MFA has what was put back before its turn. A change whose answer was lost counts; one that was refused does not.
func (m *memory) changes(step ID) []made {
	var all []made
	for _, e := range m.record {
		if e.Outcome == graph.Refused {
			continue
		}
		again := lineOf(e.Change).Again(len(all), func(i int) journal.Change { return lineOf(all[i].Change) })
		if again >= 0 {
			c := &all[again]
			c.Entry, c.tries, c.reads, c.shown = e, c.tries+1, c.reads+e.Reads, c.shown || e.Verified
			continue
		}
		all = append(all, made{e, 1, e.Reads, e.Verified})
	}
	if step == "" {
		return all
	}
	return slices.DeleteFunc(all, func(c made) bool { return c.Step != step && (c.Step != CloseWindow || step != ReenableMFA) })
}

func sameChange(a, b Change) bool { return lineOf(a).Same(lineOf(b)) }

// lineOf is a change as the journal has it.
func lineOf(c Change) journal.Change {
	return journal.Change{Op: string(c.Op), Object: c.Object, From: c.From, To: c.To}
}

// Tally is how many changes a run has made: those that a read has shown, and those that were sent and that no read shows, of which
// nobody knows.
type Tally struct{ Shown, Unshown int }

// String counts them in words.
func (t Tally) String() string {
	switch {
	case t.Unshown == 0:
		return phrase.Count(t.Shown, "change", "changes")
	case t.Shown == 0:
		return phrase.T("%s that no read shows", phrase.Count(t.Unshown, "change", "changes"))
	}
	return phrase.T("%s, and %s that no read shows", phrase.Count(t.Shown, "change", "changes"), phrase.Count(t.Unshown, "other", "others"))
}

// claim is what it says of the run.
func (t Tally) claim() finding.Claim {
	return finding.Written.Of("", strconv.Itoa(t.Shown)+"+"+strconv.Itoa(t.Unshown))
}

// tally counts what the whole run has made.
func (m *memory) tally() Tally { return tallyOf(m.changes("")) }

func tallyOf(all []made) (t Tally) {
	for _, c := range all {
		if c.shown {
			t.Shown++
		} else {
			t.Unshown++
		}
	}
	return t
}

// writtenSoFar says whether this run has changed anything yet.
func (m *memory) writtenSoFar() Sentence {
	t := m.tally()
	if t == (Tally{}) {
		return t.claim().In("This run has written nothing yet.")
	}
	return t.claim().In("This run has written %s so far.", t)
}

// keep opens the journal of the tenant that was signed in to.
func (r *Run) keep(identity graph.Identity) error {
	if r.recorder.Recording() {
		if r.snapshot().signedIn.who == identity {
			return nil
		}
		r.Close()
	}
	readEarlier(r, identity.TenantID)
	return r.recorder.Open(identity)
}

// Unwritten says that lines of the journal are missing on the disk, or all that the run has changed, where no journal could be used; nil when
// all are there, or none is kept.
func (r *Run) Unwritten() error {
	if missing := r.recorder.Unwritten(); missing != nil || r.snapshot().tally() == (Tally{}) {
		return missing
	}
	return r.recorder.Unkept()
}

// Close says in the journal that the run was left, and lets another wizard in. It waits no longer than a few seconds for a disk.
func (r *Run) Close() { r.end(journal.KindLeft) }

// Finish is Close for a run whose onboarding is finished, or put back. One that only makes a report finishes nothing.
func (r *Run) Finish() {
	if r.opts.By == journal.ByReport {
		r.Close()
		return
	}
	r.end(journal.KindFinished)
}

func (r *Run) end(kind journal.Kind) {
	written := r.recorder.End(kind, r.snapshot().handed.at)
	r.window.Abandon()
	written()
	r.recorder.Close()
}

// askKeyRing begins to ask for the journal's key, once.
func askKeyRing(r *Run) {
	if r.opts.KeyRing == nil || r.opts.Journal == "" {
		return
	}
	r.recorder.Proof.Ask(r.opts.KeyRing, r.opts.Journal, func(err error) { r.log.Info("the journal's lines are not proven", "error", err) })
}
