package report

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Each change gets Microsoft's own entry, where it has arrived. No entry serves two changes, and no entry is never read as
// "it did not happen": the log is late, and incomplete by design.

// Reading is Microsoft's audit log as it was read.
type Reading struct {
	At       time.Time // zero where it was not read
	From     time.Time
	Kept     time.Duration // for how long Microsoft keeps it, by the tenant's licence
	Entries  []Entry       // newest first
	Err      string        // why it was not read
	Refused  *Claim        // the answer that says so; nil where none came
	Operator string        // object id of who is signed in
	Clock    *Clock        // this computer's, while the onboarding ran; nil where nothing is known of it
}

// settles is how long after the last change an entry that has not come is called absent.
const settles = 24 * time.Hour

// activities are those that are Microsoft's entry for a change, by what it is about
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities).
var activities = map[string][]string{
	string(journal.InverseUser):           {"Add user", "Delete user", "Restore user"},
	string(journal.InverseRoleAssignment): {"Add member to role", "Remove member from role", "Add member to role in PIM completed (timebound)", "Add member to role in PIM completed (permanent)", "Add member to role in PIM requested (timebound)", "Add member to role in PIM requested (permanent)", "Remove member from role in PIM completed (timebound)"},
	string(journal.InverseRoleEnd):        {"Update role assignment in PIM completed", "Add member to role in PIM completed (permanent)", "Add member to role in PIM completed (timebound)"},
	string(journal.InversePolicyExclusion): {
		"Update Conditional Access policy", "Update policy",
	},
	string(journal.InverseSecurityDefaults):   {"Update security defaults", "Update policy"},
	string(journal.InversePerUserMFA):         {"Update per-user multifactor authentication state", "Enable Strong Authentication", "Disable Strong Authentication", "Update user"},
	string(journal.InverseAppPasswordSetting): {serviceUpdated},
	journal.TargetServiceSettings:             {serviceUpdated},
	journal.TargetPolicyState:                 {"Update Conditional Access policy", "Update policy"},
	string(journal.InverseCampaignExclusion):  {"Authentication Methods Policy Update"},
	string(journal.InverseSignIn):             {"Enable account", "Disable account", "Update user"},
	string(journal.InverseDeletedApp):         {"Remove service principal", "Delete application"},
	string(journal.InverseConsent):            {grantRemoved},
	string(journal.InverseUserExtension):      {"Update user"},
	"account":                                 {"Reset user password", "Reset password", "Update PasswordProfile", "Update user", "Restore user", "Update StsRefreshTokenValidFrom Timestamp"},
}

// readLog fills in what Microsoft's log says of the changes, and what it says besides.
func (r *Report) readLog(l Reading, entries []journal.Entry) {
	r.Audit = Audit{Error: l.Err, Entries: len(l.Entries)}
	if l.At.IsZero() {
		if r.Audit.Error == "" {
			r.Audit.Error = "the audit log was not read"
		}
	} else {
		r.Audit.ReadAt, r.Audit.From, r.Audit.To = second(l.At), second(l.From), second(l.At)
	}
	end := lastOf(r.Windows, r.Changes)
	if l.Kept > 0 && !end.IsZero() {
		r.Audit.KeptUntil = end.Add(l.Kept)
	}
	r.Audit.Settled = l.Err == "" && !l.At.IsZero() && l.At.Sub(end) >= settles
	for _, e := range l.Entries {
		if e.At.After(r.Audit.Newest) {
			r.Audit.Newest = second(e.At)
		}
	}
	operators := operatorsOf(entries, l.Operator)
	ours := r.byOurClock(l.Entries)
	taken := match(r.Changes, ours, operators, r.Account.ID)
	for i := range r.Changes {
		c := &r.Changes[i]
		c.Audit.State = stateOf(*c, r.Audit)
	}
	by := classifying{
		operators: operators, account: r.Account, changes: r.Changes, windows: exposed(r.Windows), vendor: r.Vendor, asks: askedOf(entries), setups: setupsOf(entries),
		client: Actor{ID: r.Operator.ClientID, Name: r.Operator.ClientName}, earlier: earlierOf(r.Journal.Lines, len(entries)),
	}
	by.clients, by.names = by.clientsIn(ours), namesIn(ours)
	r.Vendor.Removed = append(slices.Clone(r.Vendor.Removed), by.replaced(ours)...)
	slices.Sort(r.Vendor.Removed)
	r.Vendor.Removed = slices.Compact(r.Vendor.Removed)
	by.vendor = r.Vendor
	r.classify(ours, taken, by)
	doubtExposure(r)
	for i := range r.Entries {
		r.Entries[i].At = second(r.Entries[i].At.Add(-r.Clock.ahead()))
	}
	for i := range r.Windows {
		r.byAudit(&r.Windows[i])
	}
}

func lastOf(windows []Window, changes []Change) time.Time {
	var end time.Time
	for _, c := range changes {
		if c.Answered.After(end) {
			end = c.Answered
		}
	}
	for _, w := range windows {
		if w.ClosedAt.After(end) {
			end = w.ClosedAt
		}
	}
	return end
}

func stateOf(c Change, a Audit) string {
	switch {
	case len(c.Audit.Entries) > 0:
		return Found
	case a.Error != "":
		return Unreadable
	case !a.KeptUntil.IsZero() && a.ReadAt.After(a.KeptUntil):
		return Beyond
	case a.Settled:
		return Absent
	}
	return Pending
}

// operatorsOf are the names, and the one id, of whoever signed in to this onboarding, in small letters.
func operatorsOf(entries []journal.Entry, id string) []string {
	out := []string{strings.ToLower(id)}
	for _, e := range entries {
		if e.Operator != "" {
			out = append(out, strings.ToLower(e.Operator))
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(s string) bool { return s == "" })
}

func (a Actor) is(names []string) bool {
	return a.Kind == "user" && (a.ID != "" && slices.Contains(names, strings.ToLower(a.ID)) || a.Name != "" && slices.Contains(names, strings.ToLower(a.Name)))
}

// match gives each change its entries and returns which change each entry belongs to, by the entry's id.
func match(changes []Change, entries []Entry, operators []string, account string) map[string]int {
	taken := map[string]int{}
	for i := range changes {
		c := &changes[i]
		c.Audit = &ChangeAudit{Entries: []string{}, Expected: slices.Clone(activities[c.Object.Kind])}
		list(&c.Audit.Expected)
		for _, e := range entries {
			if taken[e.ID] == 0 && e.CorrelationID != "" && (strings.EqualFold(e.CorrelationID, c.RequestID) || strings.EqualFold(e.CorrelationID, c.ClientID)) && c.sent(e, operators) {
				c.take(e, "id", taken)
			}
		}
	}
	for i := range changes {
		c := &changes[i]
		if c.Audit.Match == "" {
			c.likely(entries, taken, operators, func(e Entry) bool { return c.fits(e, operators) && c.shown(e, account) })
		}
	}
	return taken
}

// sent reports an entry that may be of this program's request. Whoever sends one chooses the id that stands in the log, and can read there
// what this program chose: an id alone makes nobody's work this program's.
func (c *Change) sent(e Entry, operators []string) bool {
	return e.By.is(operators) || e.By.Kind != "user" && (!sensitive(e) || anyOf(c.Audit.Expected, e.Activity) && c.targeted(e))
}

func (c *Change) take(e Entry, how string, taken map[string]int) {
	taken[e.ID] = c.N
	c.Audit.Entries = append(c.Audit.Entries, e.ID)
	c.Audit.Match = how
}

// likely takes the entries by the operator, of an activity that the change makes, about its object and in its time: the oldest
// of each activity, and what Microsoft wrote beside it for the same request.
func (c *Change) likely(entries []Entry, taken map[string]int, operators []string, fits func(Entry) bool) {
	seen := map[string]bool{}
	for _, e := range slices.Backward(entries) {
		if taken[e.ID] != 0 || !fits(e) || seen[strings.ToLower(e.Activity)] {
			continue
		}
		seen[strings.ToLower(e.Activity)] = true
		c.take(e, "likely", taken)
		for _, beside := range entries {
			if taken[beside.ID] == 0 && e.CorrelationID != "" && beside.CorrelationID == e.CorrelationID && c.sent(beside, operators) {
				c.take(beside, "likely", taken)
			}
		}
	}
}

// The times around a change in which its entry may lie.
const (
	earliest = 5 * time.Second
	latest   = 5 * time.Minute
)

func (c *Change) fits(e Entry, operators []string) bool {
	until := c.Answered
	if until.IsZero() {
		until = c.At
	}
	if e.At.Before(c.At.Add(-earliest)) || e.At.After(until.Add(latest)) || !e.By.is(operators) {
		return false
	}
	if e.Result == "failure" && !c.undone() || c.undone() && e.Result != "failure" {
		return false
	}
	return slices.ContainsFunc(c.Audit.Expected, func(a string) bool { return strings.EqualFold(a, e.Activity) }) && c.targeted(e)
}

// targeted reports an entry about the change's object. Tenant-wide settings have no id in the log, nor has a grant, but its API's.
func (c *Change) targeted(e Entry) bool {
	switch journal.InverseKind(c.Object.Kind) {
	case journal.TargetServiceSettings, journal.InverseSecurityDefaults, journal.InverseAppPasswordSetting, journal.InverseCampaignExclusion, journal.InverseConsent:
		return true
	}
	return slices.ContainsFunc(e.Targets, func(t Target) bool {
		return t.ID != "" && strings.EqualFold(t.ID, c.Object.ID) || t.Name != "" && strings.EqualFold(t.Name, c.Object.ID) || c.registered(t.Name)
	})
}

// registered reports the name of the application whose service principal was deleted: its registration, which has an id of its own, went
// with it.
func (c *Change) registered(name string) bool {
	return c.Object.Kind == string(journal.InverseDeletedApp) && name != "" && strings.Contains(c.Object.Name, phrase.Name(name))
}

// shown reports that no value of the entry contradicts the change.
func (c *Change) shown(e Entry, account string) bool {
	switch journal.InverseKind(c.Object.Kind) {
	case journal.InversePerUserMFA:
		return c.showsState(e)
	case journal.InversePolicyExclusion:
		return c.showsExclusion(e, account)
	case journal.InverseConsent:
		return !grows(e)
	case journal.InverseRoleAssignment:
		return strings.HasPrefix(strings.ToLower(e.Activity), "remove") == c.Restores
	}
	return true
}

// showsState: a demand that was set to enforced is not the entry of one that was set to disabled.
func (c *Change) showsState(e Entry) bool {
	off := strings.EqualFold(c.To, "disabled")
	switch {
	case strings.EqualFold(e.Activity, "Disable Strong Authentication"):
		return off
	case strings.EqualFold(e.Activity, "Enable Strong Authentication"):
		return !off
	}
	for _, t := range e.Targets {
		for _, p := range t.Changes {
			if v := strings.ToLower(strings.Trim(p.New, `"[] `)); v == "disabled" || v == "enabled" || v == "enforced" {
				return (v == "disabled") == off
			}
		}
	}
	return true
}

// showsExclusion: an entry with the policy's new value has the account in it, or not. A write that was sent again changes nothing, and
// its entry has the account before and after, or neither.
func (c *Change) showsExclusion(e Entry, account string) bool {
	told, is := false, false
	has := func(value string) bool { return strings.Contains(strings.ToLower(value), strings.ToLower(account)) }
	for _, t := range e.Targets {
		for _, p := range t.Changes {
			if !has(p.New) && wasCut(p.New) {
				continue // it may be in what was cut
			}
			told = told || strings.Contains(p.Old+p.New, "xclude") || strings.Contains(strings.ToLower(p.Name), "exclude")
			is = is || has(p.New)
		}
	}
	return !told || is == !c.Restores
}
