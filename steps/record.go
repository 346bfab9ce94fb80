package steps

import (
	"time"

	"delegate365-onboard/graph"
)

// Entry is one write of this run: what was announced, what became of it, and how that is known.
type Entry struct {
	At        time.Time
	Step      ID
	Change    Change
	Outcome   graph.Outcome
	Verified  bool   // the tenant was read to show it
	RequestID string // of the answer to the write; empty when none arrived
}

// recorded notes one write. The details a report needs are in it; no secret ever is.
func (r *Run) recorded(e Entry) {
	r.set(func(m *memory) { m.record = append(m.record, e) })
	r.log.Info("change", "step", e.Step, "op", string(e.Change.Op), "object", e.Change.Object, "from", e.Change.From,
		"to", e.Change.To, "outcome", e.Outcome.String(), "verified", e.Verified, "request-id", e.RequestID)
}
