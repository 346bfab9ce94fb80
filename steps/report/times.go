package report

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
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
	whole, after := !w.ClosedAt.IsZero(), false
	for i := range w.Events {
		e := &w.Events[i]
		after = after || e.What == EventClosed && i < len(w.Events)-1
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
		if w.ByAuditSeconds = int(to.Sub(from).Seconds()); !after { // what was put back later is counted as well then
			w.lengthen(w.ByAuditSeconds)
		}
	}
}

// apart is how far the two times of one thing may be apart, in seconds, by Microsoft's entries and by the journal's.
const apart = 5

// lengthen makes a window as long as Microsoft's entries say, where the journal, by a clock that was set back, has it shorter.
func (w *Window) lengthen(byAudit int) {
	if w.Unmeasured && byAudit > 0 || byAudit > w.AtMostSeconds+apart {
		w.Unmeasured = false
		w.stretch(byAudit)
	}
}

// mfas are parts of the names of activities that may take a demand for MFA away, or give the role.
var mfas = []string{
	"conditional access", "named location", "security defaults", "authentication methods policy", "mfa service policy", "strength",
	"strong authentication", "per-user multifactor", "member to role",
}

// doubtExposure counts a window as exposed in which, by the journal, nothing was, where Microsoft's log has somebody change what demands MFA
// of the account meanwhile: what was read before or after that says nothing of it.
func doubtExposure(r *Report) {
	about := func(e Entry) bool {
		name := strings.ToLower(e.Activity)
		return slices.Contains(r.Unexplained, e.ID) && slices.ContainsFunc(mfas, func(part string) bool { return strings.Contains(name, part) })
	}
	for i := range r.Windows {
		w := &r.Windows[i]
		from, to := w.OpenedAt.Add(-apart*time.Second), w.end(r.MadeAt).Add(apart*time.Second)
		if slices.ContainsFunc(r.Entries, func(e Entry) bool { return about(e) && !e.At.Before(from) && !e.At.After(to) }) {
			w.Unexposed = false
		}
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

// against is the first member of a window in which the journal has another, empty where there is none.
func (w Window) against(journals Window) string {
	if w.AtMostSeconds == w.ByAuditSeconds { // Microsoft's entries may say that it was longer
		journals.lengthen(w.ByAuditSeconds)
	}
	journals.Unexposed = journals.Unexposed && w.Unexposed // and that there is doubt about it
	w.ByAuditSeconds, w.Events = 0, slices.Clone(w.Events)
	for i := range w.Events {
		w.Events[i].Audit = ""
	}
	return differs(journals, w)
}

// window checks the arithmetic.
func (v *Verification) window(r *Report) {
	for _, w := range r.Windows {
		switch span := int(w.ClosedAt.Sub(w.OpenedAt).Seconds()); {
		case w.ClosedAt.IsZero():
			v.say("window", Remark, phrase.T("The journal does not say that the window that was opened at %s was closed.", stamp(phrase.Spoken(), w.OpenedAt)))
		case w.Unmeasured:
			v.say("window", Unchecked, phrase.T("For how long the window was open is not known: by a clock that was set back it was opened at %s and closed at %s.", w.OpenedAt.Format("15:04:05"), w.ClosedAt.Format(hourAndClock)))
		case w.AtMostSeconds < max(span, 0) || differs(Window{OverCap: w.overCap()}, Window{OverCap: w.OverCap}) != "":
			v.say("window", Fails, phrase.T("The window does not add up: %s to %s is %s.", w.OpenedAt.Format("15:04:05"), w.ClosedAt.Format(hourAndClock), spoken(span)))
		case w.setBack():
			v.say("window", Remark, phrase.T("The window was open for %s, cap %s: its times, %s to %s, are by a clock that was set back meanwhile.", spoken(w.AtMostSeconds), spoken(w.CapSeconds), w.OpenedAt.Format("15:04:05"), w.ClosedAt.Format(hourAndClock)))
		case w.found():
			v.say("window", Holds, phrase.T("The window that was found open adds up, says the report: %s to %s is %s.", stamp(phrase.Spoken(), w.OpenedAt), stamp(phrase.Spoken(), w.ClosedAt), spoken(span)))
		default:
			v.say("window", Holds, phrase.T("The window adds up, says the report: %s to %s is %s, cap %s.", w.OpenedAt.Format("15:04:05"), w.ClosedAt.Format(hourAndClock), spoken(span), spoken(w.CapSeconds)))
		}
	}
}
