package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Facts are what a report is made from. Whoever gathers them says in Doubts what could not be had.
type Facts struct {
	ID        string
	MadeAt    time.Time
	MadeBy    journal.By
	Rehearsal bool

	Tenant   Tenant
	Operator Operator
	Program  Program

	How  string // Left or PutBack, of a run that ends now; empty has the journal say how it ended, as it alone says Finished
	Step string // where the onboarding stands

	Lines      []string // the journal's, whole
	Before     *Snapshot
	BeforeHash string // as the journal has it
	After      *Snapshot
	Log        Reading
	SignIns    SignIns
	Apps       []App // of Delegate365's, as they are now
	Score      *Score
	Doubts     []Doubt
	Witness    bool // the tenant will name the report
	Around     Around
}

// Around is what a report needs to know beside the onboarding.
type Around struct {
	Previous string        // hash of an earlier report on this tenant
	Between  []*Snapshot   // by later runs of the onboarding, before their first changes
	Pages    Pages         // of the tenant's portal
	Place    string        // of Step among all: step 6 of 10; empty where it is not known
	Demanded Demanded      // beside the account's own state
	Accepted []Accepted    // for the application that the operator signed in with, as it is now; of an offboarding
	Refused  *Claim        // the answer by which the account's sign-ins could not be read
	Factor   string        // what a read shows of the account's second factors
	Way      phrase.Format // to one, where the account can't register any by itself; empty where it can
	Exposed  bool          // this run knows of a window that exposed the account
	Untimed  bool          // it knows of one of which nobody knows since when it was open, or the journal does
}

// Make makes the report. It fails where the journal's lines are no chain: then nothing that they say is worth a report.
func Make(f Facts) (Report, error) {
	all, err := chain(f.Lines)
	if err != nil {
		return Report{}, fmt.Errorf("make the report from the journal: %w", err)
	}
	entries := onboarding(all)
	f.Around.Untimed = f.Around.Untimed || slices.ContainsFunc(entries, journal.Entry.Untimed)
	r := Report{
		Schema: Schema, Rehearsal: f.Rehearsal, ID: f.ID, Language: string(phrase.Spoken()), MadeAt: second(f.MadeAt), MadeBy: string(f.MadeBy),
		Tenant: f.Tenant, Operator: f.Operator, Program: f.Program, SignIns: f.SignIns, Score: f.Score, Clock: f.Log.Clock,
		Windows: windowsOf(entries, f.MadeAt), Changes: changesOf(entries),
		Doubts: slices.Clone(f.Doubts), Journal: journalOf(f.Lines, all),
	}
	if f.Around.Previous != "" {
		r.Seal.Previous = &Previous{f.Around.Previous}
	}
	for i, c := range r.Changes {
		if c.Undo != "" {
			r.Changes[i].UndoPage = f.Around.Pages.of(journal.InverseKind(c.Object.Kind))
		}
	}
	r.Account = accountOf(entries, r.Changes, f.After)
	r.Account.SecondFactor = f.Around.Factor
	r.Ended = r.endedOf(entries, &f)
	if f.Before != nil {
		r.Before = &Before{f.BeforeHash, second(f.Before.At)}
	}
	readBefore := time.Time{}
	if i, there := f.Before.Of(WhatLog, ""); there && i.Value == "on" && madeBefore(r.Changes, f.Before.At) == 0 {
		readBefore = second(f.Before.At)
	}
	if f.After != nil {
		r.ReadAt = second(f.After.At)
	}
	r.Account.Adopted = !r.Account.Created && r.Account.ID != "" && !r.offboards()
	r.Vendor, r.Test, r.RoleKept, r.Without = vendorOf(&f), testOf(entries), keptOf(entries), withoutOf(entries)
	r.markSignIns(entries)
	r.readLog(f.Log, entries)
	r.Audit.FirstRead = readBefore
	r.Difference = r.explain(compare(f.Before, f.After))
	r.Doubts = slices.Concat(r.Doubts, doubtsOf(&f), foundMethods(r.Account, f.Before), notShown(r.Changes), foundOpen(r.Windows), untimed(&r, &f))
	r.Leftovers = append(leftoversOf(&r, f.After, f.Around.Pages, changesOf(all)), accepted(&r, f.Around.Accepted)...)
	if f.Witness {
		r.Leftovers = append(r.Leftovers, announced(r.Account))
	}
	r.Next = nextOf(&r, &f)
	r.Verdict = verdictOf(&r, &f)
	r.whole()
	return r, nil
}

// madeBefore is how many changes were sent before a time.
func madeBefore(all []Change, t time.Time) (n int) {
	for i := range all {
		if all[i].At.Before(second(t)) {
			n++
		}
	}
	return n
}

// whole makes lists of what is nil: an empty list is a statement.
func (r *Report) whole() {
	list(&r.Operator.Roles)
	list(&r.Operator.Scopes)
	list(&r.Account.Roles)
	list(&r.Entries)
	list(&r.Unexplained)
	list(&r.OthersWork)
	list(&r.Others)
	list(&r.SignIns.Items)
	list(&r.Vendor.Apps)
	list(&r.Vendor.Removed)
	list(&r.Difference)
	list(&r.Leftovers)
	list(&r.Next)
	list(&r.Doubts)
	list(&r.Verdict.Proof)
	list(&r.Verdict.Alarms)
	for i := range r.Vendor.Apps {
		list(&r.Vendor.Apps[i].Permissions)
		list(&r.Vendor.Apps[i].Credentials)
	}
}

func list[T any](l *[]T) {
	if *l == nil {
		*l = []T{}
	}
}

func accountOf(entries []journal.Entry, changes []Change, after *Snapshot) Account {
	var a Account
	for _, e := range entries {
		if e.Account.ID != "" {
			a.ID, a.UserPrincipalName = e.Account.ID, e.Account.UserPrincipalName
		}
		if a.ID == "" && e.Inverse != nil && e.Inverse.Kind == journal.InverseUser { // made, and its id not known yet
			a.UserPrincipalName = e.Inverse.TargetID
		}
	}
	var since time.Time
	if now := after.All(WhatAccount); a.ID == "" && len(now) > 0 {
		a.ID, a.UserPrincipalName = now[0].ID, now[0].Object
	}
	for _, c := range changes {
		applied := c.Outcome == string(journal.Applied) && c.Op == "+"
		a.Created = a.Created || applied && c.Object.Kind == string(journal.InverseUser)
		if applied && c.Object.Kind == string(journal.InverseRoleAssignment) && c.RestoredBy == 0 {
			since = c.At
		}
	}
	for _, i := range after.All(WhatRole) {
		role := Role{Name: i.Object, TemplateID: i.ID, Scope: "/"}
		if i.ID == globalAdministrator {
			role.Since = since
		}
		a.Roles = append(a.Roles, role)
	}
	return a
}

// globalAdministrator is the role's template id (https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference).
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"

func vendorOf(f *Facts) Vendor {
	v := Vendor{Apps: slices.Clone(f.Apps)}
	for i := range v.Apps {
		_, there := f.Before.Of(WhatApp, v.Apps[i].ID)
		v.Apps[i].New = f.Before != nil && f.Before.Unreadable(WhatApp) == "" && !there
	}
	for _, s := range append([]*Snapshot{f.Before}, f.Around.Between...) {
		for _, old := range s.All(WhatApp) {
			if _, there := f.After.Of(WhatApp, old.ID); !there && f.After.Unreadable(WhatApp) == "" && !slices.Contains(v.Removed, old.Object) {
				v.Removed = append(v.Removed, old.Object)
			}
		}
	}
	return v
}

func doubtsOf(f *Facts) []Doubt {
	var out []Doubt
	if f.Before == nil {
		out = append(out, Doubt{About: english("the tenant before"), Why: english("no reading from before the first change was found, so before and after can't be compared")})
	}
	if f.After == nil {
		return append(out, Doubt{About: english("the tenant now"), Why: english("it was not read when this report was made")})
	}
	for _, d := range f.After.Unread {
		out = append(out, Doubt{d.About + ", at the end", d.Why, d.Claim})
	}
	if f.Before != nil {
		for _, d := range f.Before.Unread {
			out = append(out, Doubt{d.About + ", before", d.Why, d.Claim})
		}
	}
	if !f.SignIns.Read {
		out = append(out, Doubt{english("sign-ins of the account"), f.SignIns.Why, f.Around.Refused})
	}
	if f.Log.Err != "" {
		out = append(out, Doubt{english("Microsoft's audit log"), f.Log.Err, f.Log.Refused})
	}
	return out
}

// notShown are changes of which nobody knows whether they were made.
func notShown(changes []Change) (out []Doubt) {
	for _, c := range changes {
		why := english("its answer was lost")
		switch {
		case c.Verified != nil || c.undone():
			continue
		case c.Outcome == string(journal.Applied):
			why = english("Microsoft accepted it")
		}
		out = append(out, Doubt{
			"change " + strconv.Itoa(c.N), english("%s, and no read has shown it: it may have been made, or come later", why),
			&Claim{Layer: LayerJournal, At: cmp.Or(c.Answered, c.At), RequestID: c.RequestID, Line: c.Line},
		})
	}
	return out
}
