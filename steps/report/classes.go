package report

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// The classes of an audit entry. Each gets the first that fits.
const (
	Ours        = "ours"        // Microsoft's entry for one of the changes
	Asked       = "asked"       // what a screen of the program asked somebody to do
	ByVendor    = "vendor"      // Delegate365's setup, in its time and on its objects
	ByMicrosoft = "microsoft"   // no person's doing, and nothing sensitive
	NoReason    = "unexplained" // nothing here explains it
	Somebody    = "others"      // somebody else's work: named, not alarming
	Counted     = "counted"     // concerns other things
)

// classifying is what the classes are decided by.
type classifying struct {
	operators []string
	account   Account
	changes   []Change
	windows   []Window
	vendor    Vendor
	client    Actor             // the application that the operator signed in with
	clients   []string          // ids of its service principal, as the log has them
	names     map[string]string // of what entries are about, by canonical id
	asks      map[string][]time.Time
	setups    []span // in which Delegate365's setup was under way
	earlier   []span // onboardings before this one, by the same journal

	passwords, registrations int // app passwords and second factors that were asked for and made, so far
}

// span is a time; it has no end where nothing ended it.
type span struct{ from, to time.Time }

func (s span) has(at time.Time) bool {
	return !at.Before(s.from.Add(-earliest)) && (s.to.IsZero() || !at.After(s.to.Add(setupAfter)))
}

// setupsOf are the times in which Delegate365's setup was under way: from when its page was offered until the onboarding went on.
func setupsOf(entries []journal.Entry) (out []span) {
	for _, e := range entries {
		n := len(out)
		switch {
		case e.Kind == journal.KindAsked && e.Note == AskSetup:
			out = append(out, span{from: e.At})
		case n > 0 && out[n-1].to.IsZero() && goesOn(e):
			out[n-1].to = e.At
		}
	}
	return out
}

// goesOn reports a line by which the setup is over.
func goesOn(e journal.Entry) bool {
	switch e.Kind {
	case journal.KindWindowClosed, journal.KindFinished, journal.KindLeft:
		return true
	case journal.KindAsked:
		return e.Note != AskSetup
	case journal.KindIntent:
		return e.Restores == nil && e.Step != "run-setup" && e.Step != "suspend-mfa"
	}
	return false
}

// The window in Microsoft's time, and how long the setup's entries may come after it.
const (
	before     = time.Minute
	after      = 10 * time.Minute
	setupAfter = 2 * time.Minute
)

// classify keeps every entry but the counted, with its class.
func (r *Report) classify(entries []Entry, taken map[string]int, by classifying) {
	type kind struct {
		activity string
		count    int
		actors   map[string]bool
	}
	var others []*kind
	for _, e := range slices.Backward(entries) {
		e.Class, e.Explains = by.class(e, taken), taken[e.ID]
		switch e.Class {
		case Counted:
			i := slices.IndexFunc(others, func(k *kind) bool { return k.activity == e.Activity })
			if i < 0 {
				i, others = len(others), append(others, &kind{activity: e.Activity, actors: map[string]bool{}})
			}
			others[i].count++
			others[i].actors[e.By.Kind+e.By.ID+e.By.Name] = true
			continue
		case NoReason:
			r.Unexplained = append(r.Unexplained, e.ID)
		case Somebody:
			r.OthersWork = append(r.OthersWork, e.ID)
		}
		r.Entries = append(r.Entries, e)
	}
	for _, k := range others {
		r.Others = append(r.Others, OtherWork{k.activity, len(k.actors), k.count})
	}
}

func (c *classifying) class(e Entry, taken map[string]int) string {
	account := e.By.is(c.accountNames())
	operator := e.By.is(c.operators)
	touches := c.touchesOurs(e)
	switch {
	case taken[e.ID] != 0:
		return Ours
	case operator && c.consented(e), (operator || account) && c.asked(e, account):
		return Asked
	case c.vendors(e, account):
		return ByVendor
	case c.carriedOut(e), c.succeeds(e):
		return ByMicrosoft
	case !c.began(e.At) && slices.ContainsFunc(c.earlier, func(s span) bool { return s.has(e.At) }):
		return Counted // its own report has it
	case e.By.Kind == "app" && !sensitive(e) && (c.onAccount(e) || !touches):
		return ByMicrosoft
	case account && c.began(e.At):
		return NoReason
	case touches && c.began(e.At) && (sensitive(e) || telling(e)):
		return NoReason
	case sensitive(e) && c.inWindow(e.At, before, after), touches:
		return Somebody
	}
	return Counted
}

func (c classifying) accountNames() []string {
	var out []string
	for _, name := range []string{c.account.ID, c.account.UserPrincipalName} {
		if name != "" {
			out = append(out, strings.ToLower(name))
		}
	}
	return out
}

// began reports a time from the first change on.
func (c classifying) began(at time.Time) bool {
	return len(c.changes) > 0 && !at.Before(c.changes[0].At.Add(-earliest))
}

func (c classifying) inWindow(at time.Time, before, after time.Duration) bool {
	return slices.ContainsFunc(c.windows, func(w Window) bool {
		return !at.Before(w.OpenedAt.Add(-before)) && (w.ClosedAt.IsZero() || !at.After(w.ClosedAt.Add(after)))
	})
}

// consented reports what Microsoft wrote when the operator signed in and let this program's application do something.
func (c classifying) consented(e Entry) bool {
	if !anyOf([]string{"Consent to application", "Add delegated permission grant", "Add service principal", "Add app role assignment grant to user"}, e.Activity) && !grows(e) {
		return false
	}
	return slices.ContainsFunc(e.Targets, func(t Target) bool {
		return c.isClient(t) || slices.ContainsFunc(c.clients, func(id string) bool { return objectid.Same(id, t.grantedTo()) })
	})
}

// setups are the activities of a setup that registers applications and has them granted.
var setups = []string{
	"Add application", "Update application", "Delete application", "Add service principal", "Remove service principal", "Update service principal",
	"Hard delete application", "Hard delete service principal", "Add service principal credentials", "Update application - Certificates and secrets management",
	"Add owner to application", "Add owner to service principal", "Add app role assignment to service principal", "Add delegated permission grant",
	"Consent to application", "Add app role assignment grant to user",
}

// vendors reports what Delegate365's setup did: in the time of the setup, and on applications that are new or went.
func (c classifying) vendors(e Entry, account bool) bool {
	own := func(id, name string) bool {
		return slices.ContainsFunc(c.vendor.Apps, func(a App) bool {
			return a.New && (id != "" && (strings.EqualFold(id, a.ID) || strings.EqualFold(id, a.AppID)) || id == "" && name == a.Name)
		})
	}
	if !account && (e.By.Kind != "app" || !own(e.By.ID, e.By.Name)) {
		return false
	}
	if !anyOf(setups, e.Activity) && !grows(e) || !slices.ContainsFunc(c.setups, func(s span) bool { return s.has(e.At) }) {
		return false
	}
	return slices.ContainsFunc(e.Targets, func(t Target) bool {
		to := t.grantedTo()
		granted := to != "" && (own(to, "") || slices.Contains(c.vendor.Removed, c.names[objectid.Canonical(to)]))
		return granted || own(t.ID, t.Name) || slices.Contains(c.vendor.Removed, t.Name)
	})
}

// replaced are the names of applications that the account made and took away again in the time of one setup, beside one of the same
// name that stayed: a setup that is run once more begins by taking away what it had made.
func (c classifying) replaced(entries []Entry) (names []string) {
	within := func(e Entry, activity, id string) *span {
		on := func(t Target) bool { return t.ID != "" && strings.EqualFold(t.ID, id) }
		if !e.By.is(c.accountNames()) || !strings.EqualFold(e.Activity, activity) || !slices.ContainsFunc(e.Targets, on) {
			return nil
		}
		if i := slices.IndexFunc(c.setups, func(s span) bool { return s.has(e.At) }); i >= 0 {
			return &c.setups[i]
		}
		return nil
	}
	for _, gone := range entries {
		for _, t := range gone.Targets {
			setup := within(gone, "Remove service principal", t.ID)
			made := func(e Entry) bool {
				return !e.At.After(gone.At) && setup == within(e, "Add service principal", t.ID)
			}
			stayed := func(a App) bool { return a.New && a.Name == t.Name && !strings.EqualFold(a.ID, t.ID) }
			if setup != nil && slices.ContainsFunc(c.vendor.Apps, stayed) && slices.ContainsFunc(entries, made) {
				names = append(names, t.Name)
			}
		}
	}
	return names
}

// succeeds reports a policy that Microsoft made in place of the security defaults that this program turned off. A name is no proof; but
// what was added then takes no demand away (https://learn.microsoft.com/entra/identity/conditional-access/managed-policies).
func (c classifying) succeeds(e Entry) bool {
	off := func(ch Change) bool {
		return ch.Object.Kind == string(journal.InverseSecurityDefaults) && !ch.Restores && !ch.undone() && !e.At.Before(ch.At.Add(-earliest))
	}
	return e.By.Kind == "app" && strings.EqualFold(e.Activity, "Add conditional access policy") && c.inWindow(e.At, before, after) && slices.ContainsFunc(c.changes, off)
}

func (c classifying) onAccount(e Entry) bool {
	return slices.ContainsFunc(e.Targets, func(t Target) bool {
		return t.ID != "" && strings.EqualFold(t.ID, c.account.ID) || t.Name != "" && strings.EqualFold(t.Name, c.account.UserPrincipalName)
	})
}

// touchesOurs reports an entry about the account, a policy that was changed, a setting of MFA, or a Delegate365 application.
func (c classifying) touchesOurs(e Entry) bool {
	if c.onAccount(e) || anyOf([]string{serviceUpdated, "Update security defaults"}, e.Activity) {
		return true
	}
	return slices.ContainsFunc(e.Targets, func(t Target) bool {
		policy := slices.ContainsFunc(c.changes, func(ch Change) bool { return t.ID != "" && strings.EqualFold(t.ID, ch.Object.ID) })
		return policy || slices.ContainsFunc(c.vendor.Apps, func(a App) bool {
			return t.ID != "" && strings.EqualFold(t.ID, a.ID) || a.ID != "" && objectid.Same(t.grantedTo(), a.ID)
		})
	})
}

func anyOf(all []string, activity string) bool {
	return slices.ContainsFunc(all, func(a string) bool { return strings.EqualFold(a, activity) })
}

// delicate are parts of the names of activities that give power, or take a demand away.
var delicate = []string{
	"role", "conditional access", "named location", "security defaults", "authentication methods policy", "mfa service policy", "strength",
	"application", "service principal", "credential", "owner", "consent", "permission grant", "federat", "domain", "add user", "reset password",
	"reset user password", "passwordprofile", "strong authentication", "per-user multifactor", "security info", "cross-tenant", "partner", "cross tenant",
}

func sensitive(e Entry) bool {
	name := strings.ToLower(e.Activity)
	return slices.ContainsFunc(delicate, func(part string) bool { return strings.Contains(name, part) })
}

// telling reports an entry that changed a state, a password, a role, a second factor or a name.
func telling(e Entry) bool {
	parts := []string{"state", "enabled", "password", "role", "strongauthentication", "userprincipalname"}
	return slices.ContainsFunc(e.Targets, func(t Target) bool {
		return slices.ContainsFunc(t.Changes, func(p Property) bool {
			name := strings.ToLower(p.Name)
			return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
		})
	})
}
