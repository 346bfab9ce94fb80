package steps

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What a run has done, for the screens and for the journal.

// writtenSoFar says whether this run has changed anything yet. A change whose answer was lost counts.
func (m memory) writtenSoFar() Sentence {
	n := 0
	for _, e := range m.record {
		if e.Outcome != graph.Refused {
			n++
		}
	}
	if n == 0 {
		return finding.Written.Of("", "0").In("Nothing has been written yet.")
	}
	return finding.Written.Of("", strconv.Itoa(n)).In("This run has written %s so far.", phrase.Count(n, "change", "changes"))
}

// keep opens the journal of the tenant that was signed in to.
func (r *Run) keep(identity graph.Identity) error {
	if r.recorder.Recording() {
		if r.snapshot().signedIn.who == identity {
			return nil
		}
		r.Close()
	}
	return r.recorder.Open(identity)
}

// Unwritten says that lines of the journal are missing on the disk; nil when all are there, or none is kept.
func (r *Run) Unwritten() error { return r.recorder.Unwritten() }

// Close says in the journal that the run was left, and lets another wizard in. It waits no longer than a few seconds for a disk.
func (r *Run) Close() { r.end(journal.KindLeft) }

// Finish is Close for a run whose onboarding is finished.
func (r *Run) Finish() { r.end(journal.KindFinished) }

func (r *Run) end(kind journal.Kind) {
	written := r.recorder.End(kind)
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
