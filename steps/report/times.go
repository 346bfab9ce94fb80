package report

import (
	"slices"
	"time"
)

// The journal has this computer's times, and Microsoft's log Microsoft's. They are held against each other by what the Date of
// Graph's answers said of this computer's clock.

// byOurClock are entries with the times that this computer's clock showed then, to be held against the journal's.
func (r *Report) byOurClock(entries []Entry) []Entry {
	out := slices.Clone(entries)
	for i := range out {
		out[i].At = out[i].At.Add(r.Clock.ahead())
	}
	return out
}

func (c *Clock) ahead() time.Duration {
	if c == nil {
		return 0
	}
	return time.Duration(c.OffsetSeconds) * time.Second
}

// byAudit gives the window's events the entries of their changes, and measures it by Microsoft's own times, where all have come.
func (r *Report) byAudit(w *Window) {
	var from, to time.Time
	whole := !w.ClosedAt.IsZero()
	for i := range w.Events {
		e := &w.Events[i]
		if e.What != EventAssigned && e.What != EventSuspended && e.What != EventRestored && e.What != EventRemoved {
			continue
		}
		at := r.entryOf(e)
		switch opens := e.What == EventAssigned || e.What == EventSuspended; {
		case at.IsZero():
			whole = false
		case opens && (from.IsZero() || at.Before(from)):
			from = at
		case !opens && at.After(to):
			to = at
		}
	}
	if w.ByAuditSeconds = 0; whole && !from.IsZero() && to.After(from) {
		w.ByAuditSeconds = int(to.Sub(from).Seconds())
	}
}

// entryOf is the time of Microsoft's first entry of the change behind an event, whose id it notes; zero where none has come.
func (r *Report) entryOf(e *Event) time.Time {
	for _, c := range r.Changes {
		if c.Line != e.Line && (c.Verified == nil || c.Verified.Line != e.Line) || len(c.Audit.Entries) == 0 {
			continue
		}
		e.Audit = c.Audit.Entries[0]
		if i := slices.IndexFunc(r.Entries, func(entry Entry) bool { return entry.ID == e.Audit }); i >= 0 {
			return r.Entries[i].At
		}
	}
	return time.Time{}
}
