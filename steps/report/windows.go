package report

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// What an Event is.
const (
	EventOpened    = "opened"
	EventSuspended = "suspended"
	EventRestored  = "restored"
	EventAssigned  = "assigned"
	EventRemoved   = "removed"
	EventStuck     = "stuck"
	EventClosed    = "closed"
)

// windowsOf are the exposure windows of an onboarding. One that is opened again before it was closed is one. One that is still
// open is counted up to now.
func windowsOf(entries []journal.Entry, now time.Time) []Window {
	out := []Window{}
	open := false
	for _, e := range entries {
		if e.Kind == journal.KindWindowOpened && !open {
			open = true
			out = append(out, Window{OpenedAt: second(e.OpenedAt()), CapSeconds: e.CapSeconds, Events: []Event{}})
		}
		if len(out) == 0 {
			continue
		}
		w := &out[len(out)-1]
		if what := eventOf(e); what != "" && (open || what == EventRestored) {
			w.Events = append(w.Events, Event{At: second(e.At), What: what, Object: objectOf(e), Line: e.Seq})
		}
		if e.Kind == journal.KindWindowClosed && open {
			open = false
			w.ClosedAt, w.ClosedBy, w.Unexposed = second(e.At), string(e.By), e.Unexposed
		}
	}
	for i := range out {
		w := &out[i]
		end := w.ClosedAt
		if end.IsZero() {
			end = second(now)
		}
		w.AtMostSeconds = int(end.Sub(w.OpenedAt).Seconds())
		w.OverCap = w.CapSeconds > 0 && w.AtMostSeconds > w.CapSeconds
	}
	return out
}

// exposed are the windows in which MFA was off, or may have been. One that was open beyond its cap is never left out.
func exposed(all []Window) []Window {
	return slices.DeleteFunc(slices.Clone(all), func(w Window) bool { return w.Unexposed && !w.OverCap })
}

func objectOf(e journal.Entry) string {
	if e.Change.Object != "" {
		return e.Change.Object
	}
	return e.Account.UserPrincipalName
}

// eventOf is what a line means for a window; empty where it means nothing. A suspension counts from the moment before it was
// sent, and a demand that was put back from the moment after it was read.
func eventOf(e journal.Entry) string {
	switch e.Kind {
	case journal.KindWindowOpened:
		return EventOpened
	case journal.KindWindowClosed:
		return EventClosed
	case journal.KindWindowStuck:
		return EventStuck
	case journal.KindIntent:
		switch {
		case e.Inverse == nil:
			return ""
		case e.Inverse.Kind == journal.InverseRoleAssignment:
			return EventAssigned
		case suspends[e.Inverse.Kind] && e.Restores == nil:
			return EventSuspended
		}
	case journal.KindOutcome:
		if e.Restores == nil || !e.Verified {
			return ""
		}
		if e.Restores.Kind == journal.InverseRoleAssignment {
			return EventRemoved
		}
		if suspends[e.Restores.Kind] {
			return EventRestored
		}
	}
	return ""
}

// suspends are the kinds of changes that take a demand for MFA away.
var suspends = map[journal.InverseKind]bool{
	journal.InversePerUserMFA: true, journal.InversePolicyExclusion: true, journal.InverseSecurityDefaults: true, journal.InverseCampaignExclusion: true,
}
