package mfa

import (
	"context"
	"errors"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Security defaults have no exception for one account. Turning them off reaches the whole tenant, and turning them on again is
// the first thing that is put back.

func defaultsInverse(tenantID string) journal.Inverse {
	return journal.Inverse{Kind: journal.InverseSecurityDefaults, TargetID: tenantID, Value: "on"}
}

// DefaultsOff is the change that turns them off.
func DefaultsOff(domain string) finding.Change {
	return finding.Changed(finding.Modify, defaultsOf(domain), phrase.Both("on"), phrase.Both("off"))
}

// DefaultsOn is the change that turns them on again.
func DefaultsOn(domain string) finding.Change {
	return finding.Changed(finding.Modify, defaultsOf(domain), phrase.Both("off"), phrase.Both("on"))
}

func defaultsOf(domain string) phrase.Pair {
	return phrase.Both("security defaults of the whole tenant %s", domain)
}

// LiftDefaults turns security defaults off for the whole tenant.
func (a Account) LiftDefaults(ctx context.Context) error {
	a.Owed.Update(func(o *Owed) { o.Defaults = true })
	inverse := defaultsInverse(a.Tenant.ID)
	err := a.apply(ctx, change.Write{
		Change: DefaultsOff(a.Tenant.Domain), Inverse: &inverse, Until: change.Stable,
		Send: func(ctx context.Context) error { return a.Client.MFA.SetSecurityDefaults(ctx, false) },
		Shows: func(ctx context.Context) (bool, error) {
			on, err := a.Client.MFA.SecurityDefaults(ctx)
			return err == nil && !on, err
		},
	})
	if change.Refused(err) {
		a.Owed.Update(func(o *Owed) { o.Defaults = false })
	}
	return err
}

// RestoreDefaults turns security defaults on again, if that is owed. Where Microsoft put policies of its own in their place since
// the window was opened, those stand in the way and are turned off first. Those of anybody else stay.
func (a Account) RestoreDefaults(ctx context.Context, opened time.Time) error {
	if !a.Owed.Owed().Defaults {
		return nil
	}
	if change.Agreed(ctx, a.Report, func(ctx context.Context) (bool, error) { return a.Client.MFA.SecurityDefaults(ctx) }) {
		a.Writer.NoteRestored(a.Step, defaultsInverse(a.Tenant.ID))
		a.Owed.Update(func(o *Owed) { o.Defaults = false })
		return nil
	}
	if err := a.Require(ctx, a.Report, WriteDefaults); err != nil {
		return err
	}
	err := a.turnDefaultsOn(ctx)
	var others []string
	if change.Refused(err) && (errors.Is(err, graph.ErrInvalid) || errors.Is(err, graph.ErrConflict)) {
		var cleared error
		if others, cleared = a.turnOffSuccessors(ctx, opened); cleared != nil {
			return errors.Join(err, cleared)
		}
		if len(others) == 0 {
			err = a.turnDefaultsOn(ctx)
		}
	}
	if err == nil {
		a.Owed.Update(func(o *Owed) { o.Defaults = false })
		return nil
	}
	return a.defaultsStayOff(err, others)
}

func (a Account) turnDefaultsOn(ctx context.Context) error {
	inverse := defaultsInverse(a.Tenant.ID)
	return a.apply(ctx, change.Write{
		Change: DefaultsOn(a.Tenant.Domain), Restores: &inverse, Until: change.Stable,
		Send:  func(ctx context.Context) error { return a.Client.MFA.SetSecurityDefaults(ctx, true) },
		Shows: func(ctx context.Context) (bool, error) { return a.Client.MFA.SecurityDefaults(ctx) },
	})
}

// defaultsStayOff says what is still off, for whom, what stands in the way, and where it is turned on by hand.
func (a Account) defaultsStayOff(err error, others []string) error {
	hint := phrase.T("Security defaults are still off for everybody in %s. Turn them on %s", a.Tenant.Domain, DefaultsPage(a.Tenant.Cloud))
	switch {
	case len(others) > 0:
		hint = phrase.T("Microsoft refuses it: they can't be on while a Conditional Access policy is, and this program turns off none but those that Microsoft made in their place. On is %s. %s", phrase.JoinAnd(phrase.Names(others)), hint)
	case change.Refused(err):
		hint = phrase.T("Microsoft refuses it: they can't be on while a Conditional Access policy is. %s", hint)
	}
	return &problem.Error{Op: OpDefaultsOn, Hint: hint, Err: err}
}

// OpDefaultsOn is what was not done where security defaults stay off; the hint of that error says why, and what to do.
const OpDefaultsOn phrase.Format = "turn security defaults on again"

// DefaultsPage is where security defaults are turned on by hand
// (https://learn.microsoft.com/entra/fundamentals/security-defaults#enabling-security-defaults).
func DefaultsPage(c graph.Cloud) string {
	return phrase.T("in the portal under Overview, Properties, Manage security defaults: %s", c.Portal)
}

// clockSkew is how far Microsoft's clock and this one may be apart.
const clockSkew = 5 * time.Minute

// Successor is a policy that Microsoft made in place of security defaults.
type Successor struct{ ID, Name string }

// Successors are the policies that security defaults can't be on beside: those that Microsoft made in their place since they were
// turned off, which can be turned off for them, and the names of others, which somebody else answers for. Where nobody knows since when, all are others.
func Successors(policies []graph.Policy, since time.Time) (successors []Successor, others []string) {
	for i := range policies {
		p := &policies[i]
		switch {
		case p.State == graph.StateDisabled || p.State == graph.StateReportOnly:
		case p.StandsForDefaults() && p.State == graph.StateEnabled && !since.IsZero() && !p.Created.Before(since.Add(-clockSkew)):
			successors = append(successors, Successor{p.ID, p.Name})
		default:
			others = append(others, p.Name)
		}
	}
	return successors, others
}

// OffSince is when security defaults were turned off, as far as that is known, with when the window was opened.
func (o Owed) OffSince(opened time.Time) time.Time {
	if off := o.DefaultsSince; opened.IsZero() || !off.IsZero() && off.Before(opened) {
		return off
	}
	return opened
}

// PolicyOff is the change by which a policy is turned off.
func PolicyOff(name string) finding.Change {
	return finding.Changed(finding.Modify, phrase.Both("state of %s", name), phrase.Both("on"), phrase.Both("off"))
}

// turnOffSuccessors turns the policies off that Microsoft made in place of security defaults. Where others are on as well, security
// defaults can't be on in any case: then it leaves all of them, and returns the others.
func (a Account) turnOffSuccessors(ctx context.Context, opened time.Time) (others []string, err error) {
	policies, err := a.Client.ConditionalAccess.Policies(ctx)
	if err != nil {
		return nil, &problem.Error{Op: "find Microsoft's own policies", Err: err}
	}
	successors, others := Successors(policies, a.Owed.Owed().OffSince(opened))
	if len(others) > 0 {
		return others, nil
	}
	if err := a.Require(ctx, a.Report, WritePolicies); err != nil {
		return nil, err
	}
	for _, p := range successors {
		err = errors.Join(err, a.apply(ctx, change.Write{
			Change: PolicyOff(p.Name), Until: change.Stable,
			Target: &journal.Target{Kind: journal.TargetPolicyState, ID: p.ID},
			Send: func(ctx context.Context) error {
				return a.Client.ConditionalAccess.SetPolicyState(ctx, p.ID, graph.StateDisabled)
			},
			Shows: func(ctx context.Context) (bool, error) {
				now, err := a.Client.ConditionalAccess.Policy(ctx, p.ID)
				return err == nil && now.State == graph.StateDisabled, err
			},
		}))
	}
	return nil, err
}
