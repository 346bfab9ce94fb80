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
// the window was opened, those stand in the way and are turned off first.
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
	if change.Refused(err) && (errors.Is(err, graph.ErrInvalid) || errors.Is(err, graph.ErrConflict)) {
		if cleared := a.turnOffSuccessors(ctx, opened); cleared != nil {
			return errors.Join(err, cleared)
		}
		err = a.turnDefaultsOn(ctx)
	}
	if err == nil {
		a.Owed.Update(func(o *Owed) { o.Defaults = false })
		return nil
	}
	return a.defaultsStayOff(err)
}

func (a Account) turnDefaultsOn(ctx context.Context) error {
	inverse := defaultsInverse(a.Tenant.ID)
	return a.apply(ctx, change.Write{
		Change: DefaultsOn(a.Tenant.Domain), Restores: &inverse, Until: change.Stable,
		Send:  func(ctx context.Context) error { return a.Client.MFA.SetSecurityDefaults(ctx, true) },
		Shows: func(ctx context.Context) (bool, error) { return a.Client.MFA.SecurityDefaults(ctx) },
	})
}

// defaultsStayOff says what is still off, for whom, and where it is turned on by hand.
func (a Account) defaultsStayOff(err error) error {
	hint := phrase.T("Security defaults are still off for everybody in %s. Turn them on %s", a.Tenant.Domain, DefaultsPage(a.Tenant.Cloud))
	if change.Refused(err) {
		hint = phrase.T("Microsoft refuses it: they can't be on while a Conditional Access policy is. %s", hint)
	}
	return &problem.Error{Op: "turn security defaults on again", Hint: hint, Err: err}
}

// DefaultsPage is where security defaults are turned on by hand
// (https://learn.microsoft.com/entra/fundamentals/security-defaults#enabling-security-defaults).
func DefaultsPage(c graph.Cloud) string {
	return phrase.T("in the portal under Overview, Properties, Manage security defaults: %s", c.Portal)
}

// clockSkew is how far Microsoft's clock and this one may be apart.
const clockSkew = 5 * time.Minute

// turnOffSuccessors turns the policies off that Microsoft made since the window was opened, in place of security defaults.
func (a Account) turnOffSuccessors(ctx context.Context, opened time.Time) error {
	policies, err := a.Client.ConditionalAccess.Policies(ctx)
	if err != nil {
		return &problem.Error{Op: "find Microsoft's own policies", Err: err}
	}
	if err := a.Require(ctx, a.Report, WritePolicies); err != nil {
		return err
	}
	began := opened
	if off := a.Owed.Owed().DefaultsSince; began.IsZero() || !off.IsZero() && off.Before(began) {
		began = off
	}
	since := began.Add(-clockSkew)
	for _, p := range policies {
		if !p.Managed || p.State != graph.StateEnabled || began.IsZero() || p.Created.Before(since) {
			continue
		}
		err = errors.Join(err, a.apply(ctx, change.Write{
			Change: finding.Changed(finding.Modify, phrase.Both("state of %s", p.Name), phrase.Both("on"), phrase.Both("off")), Until: change.Stable,
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
	return err
}
