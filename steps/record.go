package steps

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

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

// unreadable reports a change of which Microsoft's answer is all that shows it: a password.
func (c made) unreadable() bool { return strings.HasPrefix(c.Change.Object, "password of ") }

// changes are what this run has changed in a step, each once: what is sent again before anything else was done to its object is
// the same change. Any step, where none is named; re-enabling MFA has what was put back before its turn. A change whose answer was lost counts; one that was refused does not.
func (m memory) changes(step ID) []made {
	var all []made
	for _, e := range m.record {
		if e.Outcome == graph.Refused {
			continue
		}
		last := slices.IndexFunc(all, func(c made) bool { return c.Change.Object == e.Change.Object })
		for i := last + 1; last >= 0 && i < len(all); i++ {
			if all[i].Change.Object == e.Change.Object {
				last = i
			}
		}
		if last >= 0 && sameChange(all[last].Change, e.Change) {
			c := &all[last]
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

// sameChange reports the same change of the same object. How many users a policy excludes may be others by now: what counts is
// whether they become more or less.
func sameChange(a, b Change) bool {
	return a.Op == b.Op && a.Object == b.Object && (a.To == b.To || grows(a) != 0 && grows(a) == grows(b))
}

// grows is 1 where a number becomes larger, -1 where it becomes smaller, and 0 of anything else.
func grows(c Change) int {
	from, err := strconv.Atoi(c.From)
	to, bad := strconv.Atoi(c.To)
	if err != nil || bad != nil {
		return 0
	}
	return cmp.Compare(to, from)
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

func (m memory) tally() (t Tally) {
	for _, c := range m.changes("") {
		if c.shown {
			t.Shown++
		} else {
			t.Unshown++
		}
	}
	return t
}

// writtenSoFar says whether this run has changed anything yet.
func (m memory) writtenSoFar() Sentence {
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

// Unwritten says that lines of the journal are missing on the disk; nil when all are there, or none is kept.
func (r *Run) Unwritten() error { return r.recorder.Unwritten() }

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
