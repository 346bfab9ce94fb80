package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
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
// open is counted up to now. The clock on the wall may be set back in a window: what the run that opened it measured by another counts as well.
func windowsOf(entries []journal.Entry, now time.Time) []Window {
	out := []Window{}
	open, run := false, ""
	var late []Event // put back while none was open: of the window before, or of one that was found open, which is noted once it is closed
	for _, e := range entries {
		if e.Untimed() {
			continue // it has no place among those that have a time
		}
		if e.Found() && e.Kind == journal.KindWindowStuck {
			if !open {
				belated(out, late)
				open, run, late = true, e.Run, nil
				out = append(out, Window{OpenedAt: second(e.OpenedAt()), Events: []Event{}})
			}
			continue
		}
		if e.Kind == journal.KindWindowOpened && !open {
			open, run = true, e.Run
			w := Window{OpenedAt: second(e.OpenedAt()), CapSeconds: e.CapSeconds, Events: []Event{}}
			if at := slices.IndexFunc(late, func(e Event) bool { return e.At.After(w.OpenedAt) }); at >= 0 && w.OpenedAt.Before(second(e.At)) {
				w.Events, late = append(w.Events, late[at:]...), late[:at]
			}
			belated(out, late)
			out, late = append(out, w), nil
		}
		event := Event{At: second(e.At), What: eventOf(e), Object: objectOf(e), Line: e.Seq}
		if !open {
			if event.What == EventRestored {
				late = append(late, event)
			}
			continue
		}
		w := &out[len(out)-1]
		if event.What != "" {
			w.Events = append(w.Events, event)
		}
		if e.Kind == journal.KindWindowClosed {
			open = false
			w.ClosedAt, w.ClosedBy, w.Unexposed = second(e.At), string(e.By), e.Unexposed
			if e.Run == run {
				w.AtMostSeconds = e.OpenFor
			}
		}
	}
	belated(out, late)
	for i := range out {
		w := &out[i]
		end := w.ClosedAt
		if end.IsZero() {
			end = second(now)
		}
		if w.found() {
			w.CapSeconds = 0 // an earlier version wrote down what this computer allows
		}
		byWall := int(end.Sub(w.OpenedAt).Seconds())
		w.Unmeasured = byWall < 0 && w.AtMostSeconds == 0
		w.stretch(max(byWall, 0))
	}
	return out
}

// belated gives the last window what was put back after it was closed.
func belated(all []Window, late []Event) {
	if n := len(all); n > 0 {
		all[n-1].Events = append(all[n-1].Events, late...)
	}
}

// stretch makes a window at least so long.
func (w *Window) stretch(seconds int) {
	w.AtMostSeconds = max(w.AtMostSeconds, seconds)
	w.OverCap = w.overCap()
}

// setBack reports that the times of a window are by a clock that was set back in it.
func (w Window) setBack() bool {
	return w.Unmeasured || !w.ClosedAt.IsZero() && w.AtMostSeconds > int(w.ClosedAt.Sub(w.OpenedAt).Seconds())
}

// end is when a window was closed, or now, and not before it may have been.
func (w Window) end(now time.Time) time.Time {
	end := w.ClosedAt
	if end.IsZero() {
		end = now
	}
	if least := w.OpenedAt.Add(time.Duration(w.AtMostSeconds) * time.Second); end.Before(least) {
		return least
	}
	return end
}

// exposed are the windows in which MFA was off, or may have been. One that was open beyond its cap, or for nobody knows how long, is never
// left out.
func exposed(all []Window) []Window {
	return slices.DeleteFunc(slices.Clone(all), func(w Window) bool { return w.Unexposed && !w.late() && !w.Unmeasured })
}

// overCap is whether a window was open for longer than allowed; nil where nobody here knows what was.
func (w Window) overCap() *bool {
	if w.CapSeconds == 0 {
		return nil
	}
	over := w.AtMostSeconds > w.CapSeconds
	return &over
}

// late reports a window of which it is known that it was open for longer than allowed.
func (w Window) late() bool { return w.OverCap != nil && *w.OverCap }

// found reports a window that was found open, and noted when it was closed: no line says who opened it, or for how long it might be open.
func (w Window) found() bool {
	return w.CapSeconds == 0 || len(w.Events) > 0 && w.Events[0].At.After(w.OpenedAt)
}

// foundOpen is the doubt that a window which was found open leaves.
func foundOpen(all []Window) []Doubt {
	if !slices.ContainsFunc(all, Window.found) {
		return nil
	}
	return []Doubt{{About: english("the exposure window"), Why: english(foundUnknown)}}
}

// untimedWindow is said of a window that has no time.
const untimedWindow phrase.Format = "MFA was off for the account in this run, or may have been, and the journal does not say since when: nobody knows for how long."

// untimed is the doubt that such a window leaves.
func untimed(r *Report, f *Facts) []Doubt {
	if !f.Around.Untimed && (!f.Around.Exposed || len(exposed(r.Windows)) > 0) {
		return nil
	}
	return []Doubt{{About: english("the exposure window"), Why: english(untimedWindow)}}
}

// lacksWindow reports that doubt.
func lacksWindow(r *Report) bool {
	return slices.ContainsFunc(r.Doubts, func(d Doubt) bool { return d.Why == english(untimedWindow) })
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

func windowSentences(every []Window) []string {
	all := exposed(every)
	if spans, limit := kept(all); len(spans) > 1 {
		return []string{phrase.T("The account was Global Administrator without MFA in %s, for at most %s of the %s allowed for each.", phrase.Count(len(spans), "window", "windows"), phrase.JoinAnd(spans), limit)}
	}
	var out []string
	for _, w := range all {
		span, limit := spoken(w.AtMostSeconds), spoken(w.CapSeconds)
		if len(all) > 1 && !w.found() && !w.ClosedAt.IsZero() {
			out = append(out, phrase.T("A window was opened on %s.", stamp(phrase.Spoken(), w.OpenedAt)))
		}
		switch {
		case w.Unmeasured:
			out = append(out, phrase.T("The account was Global Administrator without MFA for nobody knows how long: this computer's clock was set back meanwhile."))
		case w.found():
			out = append(out, phrase.T("Found open, and the journal does not say by whom: the account was Global Administrator without MFA for at most %s.", span))
		case w.ClosedAt.IsZero():
			out = append(out, phrase.T("The journal does not say that the window that was opened on %s was closed.", stamp(phrase.Spoken(), w.OpenedAt)))
		case w.late():
			out = append(out, phrase.T("The account was Global Administrator without MFA for at most %s, %s longer than allowed.", span, spoken(w.AtMostSeconds-w.CapSeconds)))
		default:
			out = append(out, phrase.T("The account was Global Administrator without MFA for at most %s of the %s allowed.", span, limit))
		}
	}
	return out
}

// kept are the lengths of windows that were all closed within the same time allowed; none where one was not.
func kept(all []Window) (spans []string, limit string) {
	for _, w := range all {
		if w.ClosedAt.IsZero() || w.late() || w.Unmeasured || w.found() || w.CapSeconds != all[0].CapSeconds {
			return nil, ""
		}
		spans, limit = append(spans, spoken(w.AtMostSeconds)), spoken(w.CapSeconds)
	}
	return spans, limit
}

// spoken is a number of seconds in the language that is spoken.
//
//go:noinline // every copy would be carried
func spoken(seconds int) string { return length(phrase.Spoken(), seconds) }

// length is a number of seconds as a sentence has it: 23 min 41 s. From two days on it is in days and hours, rounded up: it was that at most.
func length(l phrase.Language, seconds int) string {
	d := time.Duration(seconds) * time.Second
	if days := l.DaysUp(d); days != "" {
		return days
	}
	minutes, rest := int(d.Minutes()), seconds%60
	switch {
	case minutes == 0:
		return fmt.Sprintf("%d s", rest)
	case rest == 0:
		return fmt.Sprintf("%d min", minutes)
	}
	return fmt.Sprintf("%d min %d s", minutes, rest)
}
