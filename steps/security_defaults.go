package steps

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Security defaults have no exception for one account. Turning them off reaches the whole tenant, so it has a screen of
// its own, the tenant's name is typed, and they are turned on again beside per-user MFA.

// defaultsChoice is what to do about security defaults that are on.
type defaultsChoice string

const (
	defaultsKeep defaultsChoice = ""    // setup can't run then
	defaultsOff  defaultsChoice = "off" // while it runs
)

const (
	ansDefaults = "security-defaults"
	ansTenant   = "tenant-name"
)

func defaultsField(m *memory) Field {
	value := "keep"
	if m.defaults.choice == defaultsOff {
		value = string(defaultsOff)
	}
	return Field{
		ID: ansDefaults, Label: phrase.T(defaultsLabel), Kind: ChoiceField, Value: value,
		Options: []Option{{ID: "keep", Label: phrase.T("stay on; nothing is done here")}, {ID: string(defaultsOff), Label: phrase.T("off, for the whole tenant, while setup runs")}},
		Help:    phrase.T("Off means: nobody in the tenant is asked for MFA by them, and old protocols work again, until Re-enable MFA."), Rehearsed: string(defaultsOff),
	}
}

// cannotEnd is why an older Delegate365 is never finished where security defaults are on, and what the ways are.
const cannotEnd = "The older Delegate365 can't be finished here: with security defaults on, no app password can be created, and off while setup runs is not long enough. " +
	"The ways: the newer Delegate365, once the vendor has updated it; security defaults off for good, in the portal, then check again; or no app password: leave the version open."

func answerDefaults(r *Run, text string) error {
	switch text {
	case "keep":
		r.update(func(m *memory) { m.defaults.choice = defaultsKeep })
	case string(defaultsOff):
		r.update(func(m *memory) { m.defaults.choice = defaultsOff })
	default:
		return unknownAnswer(text)
	}
	return nil
}

// defaultsScreen asks for the tenant's name before security defaults are turned off.
func defaultsScreen(f *mfa.Facts, m *memory) Finding {
	out := Finding{
		Status: Ready,
		Text: []Sentence{
			finding.Defaults.Of(m.org.DefaultDomain, "on").In("Security defaults demand MFA of %s, and they know no exception for one account.", f.User.UserPrincipalName),
			finding.Defaults.Of(m.org.DefaultDomain, "on").In("Turning them off reaches everybody in %s: nobody is asked for MFA by them, administrators included, and old protocols that know no MFA work again. They are turned on again beside per-user MFA, at Re-enable MFA, when you leave, and at the end of the window.", phrase.Name(m.org.DisplayName)),
		},
		Changes: []Change{mfa.DefaultsOff(m.org.DefaultDomain)},
		Fields:  []Field{{ID: ansTenant, Label: phrase.T("Domain of this tenant"), Help: phrase.T("Type %s to confirm that the whole tenant is meant.", m.org.DefaultDomain), Rehearsed: m.org.DefaultDomain}},
		Actions: []Action{{ID: ActApply, Label: phrase.T("Turn security defaults off, for the whole tenant")}, {ID: ActGo + string(Check), Label: phrase.T("Back to the check")}},
	}
	if licensedForPolicies(m.posture) {
		out.Notice = finding.Advice("Microsoft may turn policies of its own on in their place. They are looked for afterwards, and the account is excluded from those that ask it.")
	}
	return out
}

// confirmTenant takes the typed name.
func confirmTenant(r *Run, text string) error {
	m := r.snapshot()
	if !strings.EqualFold(strings.TrimSpace(text), m.org.DefaultDomain) {
		return &Error{Op: "take this as the tenant's domain", Hint: phrase.T("Type %s, the domain of the tenant that you are signed in to.", m.org.DefaultDomain), Err: problem.ValueError(phrase.T("it is not %s", m.org.DefaultDomain))}
	}
	r.update(func(m *memory) { m.defaults.tenantTyped = true })
	return nil
}

// turnedOff reports that this run turned security defaults off, or tried to.
func (m *memory) turnedOff() bool {
	return slices.ContainsFunc(m.changes(""), func(c made) bool { return c.Change == mfa.DefaultsOff(m.org.DefaultDomain) })
}

// defaultsMoved reports that this run turned security defaults off or on: when it turned them off first, and when they were read to be on
// again last; zero where neither was.
func (m *memory) defaultsMoved() (off, on time.Time, moved bool) {
	for _, c := range m.changes("") {
		switch {
		case sameChange(c.Change, mfa.DefaultsOff(m.org.DefaultDomain)):
			if moved = true; off.IsZero() {
				off = c.At
			}
		case sameChange(c.Change, mfa.DefaultsOn(m.org.DefaultDomain)):
			on, moved = c.ReadBack, true
		}
	}
	return off, on, moved
}

// defaultsNow says at the end, where this run turned security defaults off or on again, how they stand for everybody, and for how long
// they were off: by one value, the window's or the report's where those are told beside it, since each of them ends with a read of its own.
func defaultsNow(r *Run, m *memory, now analysis.Reading[bool]) []Sentence {
	off, back, moved := m.defaultsMoved()
	_, written := Handed(r)
	domain := m.org.DefaultDomain
	if !moved {
		return nil
	}
	on, known := now.Value()
	said := finding.Defaults.Of(domain, "off").In("SECURITY DEFAULTS ARE OFF for everybody in %s. Turn them on %s", domain, mfa.DefaultsPage(r.opts.Cloud))
	switch {
	case !known:
		said = finding.Unread.Of("security defaults", "").In("Whether security defaults are on again for everybody in %s could not be read now.", domain)
	case on && !off.IsZero() && back.After(off) && !written && m.withinWindow(off, back):
		said = finding.Defaults.Of(domain, "on").In("Security defaults are on again for everybody in %s. They were off no longer than MFA was for the account.", domain)
	case on && !off.IsZero() && back.After(off) && !written:
		said = finding.Defaults.Of(domain, "on").In("Security defaults are on again for everybody in %s. They were off from %s, for %s.", domain, phrase.FromTo(off, back), phrase.Between(off, back))
	case on:
		said = finding.Defaults.Of(domain, "on").In("Security defaults are on again for everybody in %s.", domain)
	}
	return []Sentence{said}
}

// withinWindow reports a window without MFA, whose times are told beside it.
func (m *memory) withinWindow(off, back time.Time) bool {
	for _, e := range m.window.Exposed() {
		if !e.Opened.IsZero() && !off.Before(e.Opened) && !back.After(e.Closed) {
			return true
		}
	}
	return false
}

// defaultsBack is how security defaults stand after they were to be turned on again.
func defaultsBack(f *mfa.Facts) Fact {
	row := Fact{Label: phrase.T(defaultsLabel), Value: onOff(f.DefaultsOn()), Mark: MarkOK, Note: phrase.T("For everybody in the tenant, as before.")}
	switch _, known := f.SecurityDefaults.Value(); {
	case !known:
		row.Value, row.Mark, row.Note = phrase.T("could not be read"), MarkLook, phrase.T("This run turned them off for everybody in the tenant. Look whether they are on again.")
	case !f.DefaultsOn():
		row.Mark, row.Note = MarkBlocks, phrase.T("They are off for everybody in the tenant, and this run turned them off.")
	}
	return row
}

// suspendDefaults turns security defaults off for the whole tenant.
func suspendDefaults(ctx context.Context, r *Run, client *graph.Client, user graph.User, report func(Event)) error {
	if !r.snapshot().defaults.tenantTyped {
		return &Error{Op: "turn security defaults off", Hint: phrase.T("Type the tenant's domain first: it is the whole tenant that is meant.")}
	}
	if err := r.require(ctx, report, mfa.WriteDefaults); err != nil {
		return err
	}
	if err := r.window.Open(ctx, user, report); err != nil {
		return err
	}
	r.update(func(m *memory) { m.defaults.tenantTyped = false })
	return r.window.Account(client, user, SuspendMFA, report).LiftDefaults(ctx)
}
