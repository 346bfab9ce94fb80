package report

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What a report says is held against the tenant weeks later, by whoever may read it: the best of all by the customer.

// reachAfter is how long after a report was made an entry of Microsoft's log still belongs to its onboarding.
const reachAfter = 10 * time.Minute

// Reread is the report with what Microsoft's log shows now, and nothing else changed. It is never written over the report.
func (r Report) Reread(l Reading) (Report, error) {
	all, err := chain(r.Journal.Lines)
	if err != nil {
		return r, err
	}
	entries := onboarding(all)
	until := r.MadeAt.Add(reachAfter)
	l.Entries = slices.DeleteFunc(slices.Clone(l.Entries), func(e Entry) bool { return e.At.After(until) })
	l.Operator = r.Operator.ID
	r.Changes, r.Entries, r.Unexplained, r.OthersWork, r.Others = changesOf(entries), nil, nil, nil, nil
	r.Windows = slices.Clone(r.Windows)
	r.readLog(l, entries)
	r.whole()
	return r, nil
}

// From is when the first change was made; zero where there was none.
func (r *Report) From() time.Time {
	if len(r.Changes) == 0 {
		return time.Time{}
	}
	return r.Changes[0].At
}

// Tenant adds what the tenant with this id, its log and its present state say of a report that was found sound.
func (v *Verification) Tenant(r Report, id string, l Reading, now *Snapshot) {
	v.Checks = slices.DeleteFunc(v.Checks, func(c Check) bool { return c.About == "tenant" })
	if !objectid.Same(id, r.Tenant.ID) {
		v.say("tenant", Fails, phrase.T("This report is about another tenant: %s (%s).", bare(r.Tenant.DefaultDomain), bare(r.Tenant.ID)))
		return
	}
	v.log(&r, l)
	v.today(&r, l, now)
}

// log holds the changes against Microsoft's entries.
func (v *Verification) log(r *Report, l Reading) {
	if l.Err != "" {
		v.say("log", Unchecked, phrase.T("The log could not be read: %s. You need Reports Reader.", strings.TrimSuffix(reason(phrase.Spoken(), l.Err), ".")))
		return
	}
	fresh, err := r.Reread(l)
	if err != nil {
		return // the journal's check says so
	}
	a := fresh.Audit
	if !a.KeptUntil.IsZero() && a.ReadAt.After(a.KeptUntil) {
		v.say("log", Unchecked, phrase.T("The log is kept until %s only; the %s was on %s.", stamp(phrase.Spoken(), a.KeptUntil), phrase.T(r.Work()), phrase.Day(r.MadeAt)))
		return
	}
	v.contradictions(r, l)
	v.longer(r.Windows, fresh.Windows)
	n, found := fresh.Made(Change.InLog)
	said := phrase.T("Microsoft's log has an entry for %d of %s. It was read %s after the end.", found, phrase.Count(n, "change", "changes"), roughly(phrase.Spoken(), a.ReadAt.Sub(lastOf(r.Windows, r.Changes))))
	switch {
	case found == n:
		v.say("log", Holds, said)
	case a.Settled:
		v.say("log", Unchecked, said+" "+phrase.T("That it has none for the others does not mean that they were not made."))
	default:
		v.say("log", Unchecked, said+" "+phrase.T("Entries may still arrive."))
	}
	if n := len(fresh.Unexplained); n > 0 {
		v.say("unexplained", Fails, phrase.T("%s not explained by this %s: %s.", phrase.Count(n, "entry of it is", "entries of it are"), phrase.T(r.Work()), phrase.JoinFew(fresh.Unexplained)))
	} else {
		v.say("unexplained", Holds, phrase.T("No entry of it is unexplained. %s somebody else's.", phrase.Count(len(fresh.OthersWork), "sensitive one is", "sensitive ones are")))
	}
}

// contradictions are entries that the report has, and the log in another way.
func (v *Verification) contradictions(r *Report, l Reading) {
	now := map[string]Entry{}
	oldest := l.At
	for _, e := range l.Entries {
		now[e.ID] = e
		if e.At.Before(oldest) {
			oldest = e.At
		}
	}
	var other []string
	for _, e := range r.Entries {
		n, there := now[e.ID]
		if !there && !e.At.Before(oldest) || there && (n.Activity != e.Activity || !n.At.Equal(e.At) || n.By != e.By || n.Result != e.Result) {
			other = append(other, e.ID)
		}
	}
	if len(other) > 0 {
		v.say("entries", Fails, phrase.T("The log does not have these entries as the report has them: %s.", phrase.JoinFew(phrase.Names(other))))
	}
}

// longer are windows that were open for longer by the log than by the report.
func (v *Verification) longer(said, now []Window) {
	for i, w := range said {
		if n := now[i].AtMostSeconds; n > w.AtMostSeconds && !w.Unmeasured {
			v.say("window", Fails, phrase.T("By the log the window that was opened at %s was open for %s; the report has at most %s.", stamp(phrase.Spoken(), w.OpenedAt), spoken(n), spoken(w.AtMostSeconds)))
		}
	}
}

// today holds what the report said of the tenant at its end against the tenant now, and names who changed it since, where Microsoft's
// log says so.
func (v *Verification) today(r *Report, l Reading, now *Snapshot) {
	if now == nil {
		v.say("today", Unchecked, phrase.T("How it stands today was not read."))
		return
	}
	a := r.Account
	account, there := now.Of(WhatAccount, a.ID)
	if there && !strings.EqualFold(account.Object, a.UserPrincipalName) { // the sentences below are about whom the tenant knows by that id
		v.say("account", Unchecked, phrase.T("The account of the report's id is called %s in the tenant, and %s in the report: it was renamed, or the report is about somebody else.", phrase.Name(account.Object), phrase.Name(a.UserPrincipalName)))
		a.UserPrincipalName = account.Object
	}
	by := func(kind journal.InverseKind, objects ...string) string {
		return bySaid(r.changed(Today{Said: "then", Now: "today"}, l, kind, objects...))
	}
	state, read := now.Of(WhatPerUserMFA, a.ID)
	switch {
	case read && (state.Value == "enforced" || state.Value == "enabled"):
		v.say("mfa", Holds, phrase.T("Today: per-user MFA is %s for %s.", ours(phrase.Spoken(), state.Value), a.UserPrincipalName))
	case read:
		v.say("mfa", Fails, phrase.T("Today per-user MFA is %s for %s%s: enforce it.", ours(phrase.Spoken(), state.Value), a.UserPrincipalName, by(journal.InversePerUserMFA, a.ID)))
	case !there && now.Unreadable(WhatAccount) == "":
		v.say("mfa", Remark, phrase.T("The account %s is not there any more.", phrase.Name(a.UserPrincipalName)))
	default:
		v.say("mfa", Unchecked, phrase.T("Whether MFA is on today is not known: %s.", strings.TrimSuffix(reason(phrase.Spoken(), now.Unreadable(WhatPerUserMFA)), ".")))
	}
	was := slices.ContainsFunc(r.Account.Roles, func(role Role) bool { return role.TemplateID == globalAdministrator })
	_, admin := now.Of(WhatRole, globalAdministrator)
	if there && now.Unreadable(WhatRole) == "" && was != admin { // of a deleted account nobody took it
		v.say("role", Remark, phrase.T(map[bool]phrase.Format{true: "Changed since: Global Administrator was given to the account%s.", false: "Changed since: Global Administrator was taken from the account%s."}[admin], by(journal.InverseRoleAssignment, a.ID)))
	}
	for _, unknown := range []struct {
		what string
		said phrase.Format
	}{{WhatExclusion, "What the account is excluded from today is not known: %s."}, {WhatRole, "Whether the account is Global Administrator today is not known: %s."}} {
		if why := now.Unreadable(unknown.what); why != "" {
			v.say(unknown.what, Unchecked, phrase.T(unknown.said, strings.TrimSuffix(reason(phrase.Spoken(), why), ".")))
		}
	}
	for _, i := range now.All(WhatExclusion) {
		if !r.Excludes(i.ID) {
			v.say("exclusion", Fails, phrase.T("Changed since: the account is excluded from the policy %s%s.", shown(i.Object), by(journal.InversePolicyExclusion, i.ID)))
		}
	}
}

// bySaid is who changed something, when and by which entry of the log, to follow what was changed; empty where that is not known.
func bySaid(t Today) string {
	if t.ChangedBy == "" {
		return ""
	}
	return " " + phrase.T("by %s on %s (log entry %s)", t.ChangedBy, dayAt(t.At), shown(t.Entry))
}
