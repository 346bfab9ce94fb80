package report

import (
	"slices"
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

	WindowsClosed  = "closed"
	WindowsLate    = "late"
	WindowsOpen    = "open"
	WindowsNone    = "none"
	WindowsUnknown = "unknown" // closed, nobody knows after how long

	HalfWay = "half-way"
	Nothing = "nothing"
)

func verdictOf(r *Report, f *Facts) Verdict {
	v := Verdict{Windows: windowsVerdict(exposed(r.Windows)), Onboarding: onboardingVerdict(r.Ended.How), Unexplained: len(r.Unexplained)}
	if lacksWindow(r) && (v.Windows == WindowsNone || v.Windows == WindowsClosed) {
		v.Windows = WindowsUnknown
	}
	state, read := f.After.Of(WhatPerUserMFA, r.Account.ID)
	_, admin := f.After.Of(WhatRole, globalAdministrator)
	noRole := !admin && f.After.Unreadable(WhatRole) == "" && r.mayHaveAssigned() == 0
	switch {
	case v.Onboarding == Nothing:
		v.MFA = MFAUntouched
	case demands(state.Value):
		v.MFA = MFAOn
	case noRole && (len(r.Windows) == 0 || v.Onboarding == Offboarded && !read):
		v.MFA = MFAUntouched
	default:
		v.MFA = mfaOf(f.After, r.Account.ID, f.Around.Demanded)
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
	for _, a := range alarms(r, v, f) {
		v.Alarms, v.named = append(v.Alarms, a.whole()), append(v.named, a.said)
	}
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
		case w.late():
			said = WindowsLate
		case w.Unmeasured && said != WindowsLate:
			said = WindowsUnknown
		case said == WindowsNone:
			said = WindowsClosed
		}
	}
	return said
}

// alarm is something that has to be looked at: what it is, in a sentence, and what there is to know of it besides.
type alarm struct{ said, more string }

// whole is an alarm as the report has it.
func (a alarm) whole() string { return strings.TrimSpace(a.said + " " + a.more) }

// alarms are what has to be looked at.
func alarms(r *Report, v Verdict, f *Facts) (out []alarm) {
	add := func(said string) { out = append(out, alarm{said: said}) }
	switch {
	case v.MFA == MFAOff:
		add(phrase.T("MFA is not on for the account."))
	case v.MFA == MFAUnknown && gone(r, f.After):
		add(phrase.T("The account is gone."))
	case v.MFA == MFAUnknown, v.Windows == WindowsOpen && v.MFA != MFAOn:
		add(phrase.T("MFA is not known to be on for the account."))
	}
	out = append(out, factorAlarm(r, f))
	if n := len(r.Unexplained); n > 0 {
		add(phrase.T("Not explained by this %[2]s: %[1]s in Microsoft's audit log.", phrase.Count(n, "entry", "entries"), phrase.T(r.Work())))
	}
	if names := excludedNow(f); len(names) > 0 {
		said := phrase.Format("The account is excluded from %s, and was not before.")
		if f.Before.Unreadable(WhatExclusion) != "" {
			said = "The account is excluded from %s. Whether it was before is not known."
		}
		add(phrase.T(said, phrase.JoinFew(names)))
	}
	if slices.ContainsFunc(r.Windows, Window.found) || f.Around.Untimed {
		add(phrase.T("An exposure window was found open."))
	}
	if slices.ContainsFunc(r.Windows, func(w Window) bool { return w.late() && !w.ClosedAt.IsZero() }) && v.Windows == WindowsLate {
		add(phrase.T("An exposure window was open for longer than allowed."))
	}
	if v.Windows == WindowsUnknown {
		add(phrase.T("For how long an exposure window was open is not known."))
	}
	out = append(out, testAlarm(r), defaultsOff(r, f), withoutAlarm(r))
	for _, d := range r.Difference {
		if d.ExplainedBy == byNobody {
			add(phrase.T("Not explained: %s, %s.", ours(phrase.Spoken(), d.What), d.Object))
		}
	}
	return slices.DeleteFunc(out, func(a alarm) bool { return a.said == "" })
}

// excludedNow are the policies that leave the account out now and did not before.
func excludedNow(f *Facts) []string {
	var out []string
	for _, i := range f.After.All(WhatExclusion) {
		if _, before := f.Before.Of(WhatExclusion, i.ID); !before {
			out = append(out, i.Object)
		}
	}
	return out
}

const (
	putBack      phrase.Format = "Do now: run delegate365-onboard restore --tenant %s, or enforce MFA for it in the Entra admin center, Users, Per-user MFA."
	startAgain   phrase.Format = "Start the program again, or take the role away in the Entra admin center, Roles and admins."
	takeOut      phrase.Format = "Take it out in the Entra admin center, Conditional Access, Exclude."
	nothingSaid  phrase.Format = "By this computer's journal, nothing was changed in this tenant."
	dayAndTime                 = "2 Jan 2006, 15:04:05 UTC"
	hourAndClock               = "15:04:05 UTC"
)

// sentence is the first thing that is said, in the order of how bad it is.
func sentence(r *Report, v Verdict, f *Facts) string {
	a := r.Account.UserPrincipalName
	if _, admin := f.After.Of(WhatRole, globalAdministrator); !admin && (v.Onboarding == Offboarded || v.MFA == MFAUntouched && r.offboards()) {
		return offboardedSentence(r, f)
	}
	switch v.MFA {
	case MFAUntouched:
		if v.Onboarding == Nothing {
			return phrase.T(nothingSaid)
		}
		return phrase.T("MFA was never suspended for %s, and it is not a Global Administrator.", a) + " " + r.unfinished(f.Around.Place)
	case MFAOff:
		return phrase.T("MFA IS NOT ON for %s. %sLast read %s.", a, exposedSince(r, v), stamp(phrase.Spoken(), f.After.At)) + " " + phrase.T(putBack, r.Tenant.DefaultDomain) + defaultsAfter(r, f) + halfOffboarded(r)
	case MFAUnknown:
		return unknown(r, f) + defaultsAfter(r, f) + halfOffboarded(r)
	}
	said := onSentence(r, v, f)
	if n := v.Unexplained; n > 0 {
		return phrase.T("%s in Microsoft's log NOT EXPLAINED by this %s: section 5.", phrase.Count(n, "entry", "entries"), phrase.T(r.Work())) + " " + said
	}
	return said
}

func exposedSince(r *Report, v Verdict) string {
	if v.Windows != WindowsOpen {
		return ""
	}
	return phrase.T("It is Global Administrator, and nothing asks it for a second factor, since %s.", stamp(phrase.Spoken(), r.Windows[len(r.Windows)-1].OpenedAt)) + " "
}

func onSentence(r *Report, v Verdict, f *Facts) string {
	a := r.Account.UserPrincipalName
	read := demanding(r, f)
	var out []string
	switch {
	case len(r.Windows) > 0 && r.Windows[len(r.Windows)-1].ClosedBy == string(journal.ByGuard) && r.Ended.How != Finished:
		out = append(out, phrase.T("MFA is on for %s: %s %s at %s%s, and read it.", a, read, guarded(r), v.Since.Format(hourAndClock), afterKill(r.Ended, v.Since)))
	case v.Windows == WindowsLate:
		out = append(out, phrase.T("MFA is on for %s again: %s", a, read))
	default:
		out = append(out, phrase.T("MFA is on for %s: %s", a, read))
	}
	out = append(out, windowSentences(r.Windows)...)
	if said := defaultsSaid(r, f); said != "" {
		out = append(out, said)
	}
	if names := excludedNow(f); len(names) > 0 {
		out = append(out, phrase.T("But it is still excluded from %s. %s", phrase.JoinFew(names), phrase.T(takeOut)))
	}
	out = append(out, looked(r, f)...)
	if v.Onboarding == HalfWay {
		said := r.unfinished(f.Around.Place)
		if onlyPutBack(r) {
			said = phrase.T("Delegate365 was set up here before this run, which only put MFA back.")
		} else if setUpBefore(r) {
			said = phrase.T("Delegate365 was set up here before this run, which did not come to its end: start the program again to go on.")
			if replacedPassword(r) {
				said += " " + phrase.T("It replaced the password of %s.", a) + " " + phrase.T(GiveNewPassword)
			}
		} else if _, admin := f.After.Of(WhatRole, globalAdministrator); admin {
			said += " " + phrase.T("%s is still Global Administrator.", a) + " " + phrase.T(startAgain)
		}
		out = append(out, said)
	}
	return strings.Join(append(out, logSentence(r)...), " ")
}

// looked names what else has to be looked at, in a word each: the alarms beneath say it whole.
func looked(r *Report, f *Facts) (out []string) {
	if isBare(r, f) {
		out = append(out, phrase.T("But it has no second factor."))
	}
	if r.Test.failed() && !r.offboards() {
		out = append(out, phrase.T("But Delegate365's test of the app password failed %s.", Times(r.Test.Failed)))
	}
	if lacksPassword(r) {
		out = append(out, phrase.T("But Delegate365 has no app password to work with."))
	}
	if slices.ContainsFunc(r.Difference, func(d Difference) bool { return d.ExplainedBy == byNobody }) {
		out = append(out, phrase.T("But not all that differs from before is explained: section 6."))
	}
	return out
}

// guarded begins what is said of a window that the guard closed.
func guarded(r *Report) string {
	switch {
	case r.Ended.How != Killed:
		return phrase.T("The guard put MFA back")
	case r.Ended.By != string(journal.ByGuard):
		return phrase.T("The program was killed; the guard put MFA back")
	}
	return phrase.T("The program was killed at %s; the guard put MFA back", r.Ended.At.Format(hourAndClock))
}

// afterKill is how long after the kill, where the guard saw when that was.
func afterKill(end Ended, back time.Time) string {
	if end.How != Killed || end.By != string(journal.ByGuard) || back.Before(end.At) {
		return ""
	}
	return ", " + phrase.T("%s later", spoken(int(back.Sub(end.At).Seconds())))
}

func logSentence(r *Report) []string {
	if r.Audit.ReadAt.IsZero() || r.Audit.Settled || r.Audit.Error != "" || len(r.Changes) == 0 {
		return nil
	}
	made, found := r.Made(Change.InLog)
	said := phrase.T("Microsoft's log shows %d of %s so far", found, phrase.Count(made, "change", "changes"))
	if len(r.Unexplained) == 0 && !r.Audit.Newest.IsZero() {
		said += ", " + phrase.T("and nothing unexplained up to %s", r.Audit.Newest.Format(hourAndClock))
	}
	if opensUnread(r) {
		said += "; " + phrase.T(unreadBefore, r.Audit.From.Format(hourAndClock))
	}
	return []string{said + "; " + phrase.T("it was read at %s.", r.Audit.ReadAt.Format(hourAndClock))}
}

const unreadBefore phrase.Format = "entries before %s were not read"

// opensUnread reports a window that was found open, and was opened before what was read of Microsoft's log.
func opensUnread(r *Report) bool {
	return slices.ContainsFunc(r.Windows, func(w Window) bool { return w.found() && w.OpenedAt.Before(r.Audit.From) })
}

func stamp(l phrase.Language, t time.Time) string {
	return l.Day(t.UTC()) + t.UTC().Format(", "+hourAndClock)
}
