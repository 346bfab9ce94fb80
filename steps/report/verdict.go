package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What a verdict says of MFA, of the windows and of the onboarding.
const (
	MFAOn        = "on"
	MFAOff       = "off"
	MFAUnknown   = "unknown"
	MFAUntouched = "untouched"

	WindowsClosed = "closed"
	WindowsLate   = "late"
	WindowsOpen   = "open"
	WindowsNone   = "none"

	HalfWay = "half-way"
	Nothing = "nothing"
)

func verdictOf(r Report, f Facts) Verdict {
	v := Verdict{Windows: windowsVerdict(exposed(r.Windows)), Onboarding: onboardingVerdict(r.Ended.How), Unexplained: len(r.Unexplained)}
	state, read := f.After.Of(WhatPerUserMFA, r.Account.ID)
	_, admin := f.After.Of(WhatRole, globalAdministrator)
	noRole := !admin && f.After.Unreadable(WhatRole) == "" && r.mayHaveAssigned() == 0
	switch {
	case v.Onboarding == Nothing:
		v.MFA = MFAUntouched
	case read && (state.Value == "enforced" || state.Value == "enabled"):
		v.MFA = MFAOn
	case noRole && (len(r.Windows) == 0 || v.Onboarding == Offboarded && !read):
		v.MFA = MFAUntouched
	case read && state.Value == "disabled":
		v.MFA = MFAOff
	default:
		v.MFA = MFAUnknown
	}
	if f.After != nil && v.Onboarding != Nothing {
		v.Proof = append(v.Proof, Claim{Layer: LayerTenant, At: second(f.After.At)})
	}
	if n := len(r.Windows); n > 0 {
		last := r.Windows[n-1]
		v.Since = last.ClosedAt
		if v.MFA != MFAOn {
			v.Since = last.OpenedAt
		}
		v.Proof = append(v.Proof, Claim{Layer: LayerJournal, At: v.Since, Line: last.Events[len(last.Events)-1].Line})
	}
	v.Alarms = alarms(r, v, f)
	v.Sentence = sentence(r, v, f)
	return v
}

func onboardingVerdict(how string) string {
	switch how {
	case Finished, Offboarded:
		return how
	case NotBegun:
		return Nothing
	}
	return HalfWay
}

func windowsVerdict(all []Window) string {
	said := WindowsNone
	for _, w := range all {
		switch {
		case w.ClosedAt.IsZero():
			return WindowsOpen
		case w.OverCap:
			said = WindowsLate
		case said == WindowsNone:
			said = WindowsClosed
		}
	}
	return said
}

// alarms are what has to be looked at.
func alarms(r Report, v Verdict, f Facts) []string {
	var out []string
	if v.MFA == MFAOff || v.MFA == MFAUnknown || v.Windows == WindowsOpen && v.MFA != MFAOn {
		out = append(out, "MFA is not known to be on for the account.")
	}
	if n := len(r.Unexplained); n > 0 {
		out = append(out, phrase.English.Count(n, "entry", "entries")+" in Microsoft's audit log are not explained by this "+r.work()+".")
	}
	if names := excludedNow(f); len(names) > 0 {
		out = append(out, "The account is excluded from "+phrase.English.JoinFew(names)+", and was not before.")
	}
	if v.Windows == WindowsLate {
		out = append(out, "An exposure window was open for longer than allowed.")
	}
	for _, d := range r.Difference {
		if d.ExplainedBy == byNobody {
			out = append(out, "Not explained: "+d.What+", "+d.Object+".")
		}
	}
	return out
}

// excludedNow are the policies that leave the account out now and did not before.
func excludedNow(f Facts) []string {
	var out []string
	for _, i := range f.After.All(WhatExclusion) {
		if _, before := f.Before.Of(WhatExclusion, i.ID); !before {
			out = append(out, i.Object)
		}
	}
	return out
}

const (
	putBack      = "Do now: run restore --tenant %s, or enforce MFA for it in the Entra admin center, Users, Per-user MFA."
	startAgain   = "Start the program again, or take the role away in the Entra admin center, Roles and admins."
	takeOut      = "Take it out in the Entra admin center, Conditional Access, Exclude."
	nothingSaid  = "By this computer's journal, nothing was changed in this tenant."
	dayAndTime   = "2 Jan 2006, 15:04:05 UTC"
	hourAndClock = "15:04:05 UTC"
)

// sentence is the first thing that is said, in the order of how bad it is.
func sentence(r Report, v Verdict, f Facts) string {
	a := r.Account.UserPrincipalName
	if _, admin := f.After.Of(WhatRole, globalAdministrator); !admin && (v.Onboarding == Offboarded || v.MFA == MFAUntouched && r.offboards()) {
		return offboardedSentence(r, f)
	}
	switch v.MFA {
	case MFAUntouched:
		if v.Onboarding == Nothing {
			return nothingSaid
		}
		return fmt.Sprintf("MFA was never suspended for %s, and it is not a Global Administrator. ", a) + r.unfinished(f.Around.Place)
	case MFAOff:
		return fmt.Sprintf("MFA IS NOT ON for %s. %sLast read %s. "+putBack, a, exposedSince(r, v), stamp(f.After.At), r.Tenant.DefaultDomain) + halfOffboarded(r)
	case MFAUnknown:
		return fmt.Sprintf("IT IS NOT KNOWN whether MFA is on for %s: the tenant could not be read. Treat it as off. "+putBack, a, r.Tenant.DefaultDomain) + halfOffboarded(r)
	}
	said := onSentence(r, v, f)
	if n := v.Unexplained; n > 0 {
		return phrase.English.Count(n, "entry", "entries") + " in Microsoft's log NOT EXPLAINED by this " + r.work() + ": section 5. " + said
	}
	return said
}

func exposedSince(r Report, v Verdict) string {
	if v.Windows != WindowsOpen {
		return ""
	}
	return "It is Global Administrator, and nothing asks it for a second factor, since " + stamp(r.Windows[len(r.Windows)-1].OpenedAt) + ". "
}

func onSentence(r Report, v Verdict, f Facts) string {
	a := r.Account.UserPrincipalName
	state, _ := f.After.Of(WhatPerUserMFA, r.Account.ID)
	read := fmt.Sprintf("per-user MFA is %s, read from the tenant on %s.", state.Value, stamp(f.After.At))
	var out []string
	switch {
	case len(r.Windows) > 0 && r.Windows[len(r.Windows)-1].ClosedBy == string(journal.ByGuard) && r.Ended.How != Finished:
		out = append(out, fmt.Sprintf("MFA is on for %s: %s %s at %s%s, and read it.", a, read, guarded(r), v.Since.Format(hourAndClock), afterKill(r.Ended, v.Since)))
	case v.Windows == WindowsLate:
		out = append(out, fmt.Sprintf("MFA is on for %s again: %s", a, read))
	default:
		out = append(out, fmt.Sprintf("MFA is on for %s: %s", a, read))
	}
	out = append(out, windowSentences(exposed(r.Windows))...)
	if names := excludedNow(f); len(names) > 0 {
		out = append(out, fmt.Sprintf("But it is still excluded from %s. %s", phrase.English.JoinFew(names), takeOut))
	}
	if v.Onboarding == HalfWay {
		said := r.unfinished(f.Around.Place)
		if _, admin := f.After.Of(WhatRole, globalAdministrator); admin {
			said += " " + a + " is still Global Administrator. " + startAgain
		}
		out = append(out, said)
	}
	return strings.Join(append(out, logSentence(r)...), " ")
}

// guarded begins what is said of a window that the guard closed.
func guarded(r Report) string {
	switch {
	case r.Ended.How != Killed:
		return "The guard put MFA back"
	case r.Ended.By != string(journal.ByGuard):
		return "The program was killed; the guard put MFA back"
	}
	return "The program was killed at " + r.Ended.At.Format(hourAndClock) + "; the guard put MFA back"
}

// afterKill is how long after the kill, where the guard saw when that was.
func afterKill(end Ended, back time.Time) string {
	if end.How != Killed || end.By != string(journal.ByGuard) || back.Before(end.At) {
		return ""
	}
	return ", " + length(int(back.Sub(end.At).Seconds())) + " later"
}

func windowSentences(all []Window) []string {
	if spans, limit := kept(all); len(spans) > 1 {
		return []string{"It was off in " + phrase.English.Count(len(spans), "window", "windows") + ", for at most " + phrase.English.JoinAnd(spans) + " of the " + limit + " allowed for each."}
	}
	var out []string
	for _, w := range all {
		span, limit := length(w.AtMostSeconds), length(w.CapSeconds)
		switch {
		case w.ClosedAt.IsZero():
			out = append(out, "The journal does not say that the window that was opened on "+stamp(w.OpenedAt)+" was closed.")
		case w.OverCap:
			out = append(out, fmt.Sprintf("It was off for at most %s, %s longer than allowed.", span, length(w.AtMostSeconds-w.CapSeconds)))
		default:
			out = append(out, fmt.Sprintf("It was off for at most %s of the %s allowed.", span, limit))
		}
	}
	return out
}

// kept are the lengths of windows that were all closed within the same time allowed; none where one was not.
func kept(all []Window) (spans []string, limit string) {
	for _, w := range all {
		if w.ClosedAt.IsZero() || w.OverCap || w.CapSeconds != all[0].CapSeconds {
			return nil, ""
		}
		spans, limit = append(spans, length(w.AtMostSeconds)), length(w.CapSeconds)
	}
	return spans, limit
}

func logSentence(r Report) []string {
	if r.Audit.ReadAt.IsZero() || r.Audit.Settled || r.Audit.Error != "" || len(r.Changes) == 0 {
		return nil
	}
	found := 0
	for _, c := range r.Changes {
		if c.Audit != nil && c.Audit.State == Found {
			found++
		}
	}
	said := fmt.Sprintf("Microsoft's log shows %d of %s so far", found, phrase.English.Count(len(r.Changes), "change", "changes"))
	if len(r.Unexplained) == 0 && !r.Audit.Newest.IsZero() {
		said += ", and nothing unexplained up to " + r.Audit.Newest.Format(hourAndClock)
	}
	return []string{said + "; it was read at " + r.Audit.ReadAt.Format(hourAndClock) + "."}
}

func stamp(t time.Time) string { return t.UTC().Format(dayAndTime) }

// length is a number of seconds as a sentence has it: 23 min 41 s.
func length(seconds int) string {
	d := time.Duration(seconds) * time.Second
	minutes, rest := int(d.Minutes()), seconds%60
	switch {
	case minutes == 0:
		return fmt.Sprintf("%d s", rest)
	case rest == 0:
		return fmt.Sprintf("%d min", minutes)
	}
	return fmt.Sprintf("%d min %d s", minutes, rest)
}
