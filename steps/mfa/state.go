package mfa

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Lagging is for how long after one read, or a change, another may come from a server that lags.
const Lagging = 30 * time.Second

// StateOf names the account's per-user MFA.
func StateOf(u graph.User) phrase.Pair { return phrase.Both("per-user MFA of %s", u.UserPrincipalName) }

// StateChange is the change of the account's per-user MFA.
func StateChange(u graph.User, from string, to graph.MFAState) finding.Change {
	return finding.Changed(finding.Modify, StateOf(u), analysis.StateWord(graph.MFAState(from)), analysis.StateWord(to))
}

// Lift lifts one demand for the account.
func (a Account) Lift(ctx context.Context, d analysis.Demand) error {
	switch {
	case d.Lift == analysis.ByState:
		return a.SetState(ctx, graph.MFADisabled)
	case IsCampaign(d):
		return a.LeaveCampaign(ctx)
	}
	return a.Exclude(ctx, d)
}

// SetState sets per-user MFA. Microsoft may answer enforced where enabled was set; that is success.
func (a Account) SetState(ctx context.Context, to graph.MFAState) error {
	from, err := a.Client.MFA.PerUserMFA(ctx, a.User.ID)
	if err != nil {
		return a.stateUnread(err)
	}
	fits := func(now graph.MFAState) bool {
		return now == to || (to == graph.MFAEnabled && now == graph.MFAEnforced)
	}
	if fits(from) {
		return nil
	}
	w := change.Write{
		Change: StateChange(a.User, string(from), to), Until: change.Once,
		Send: func(ctx context.Context) error { return a.Client.MFA.SetPerUserMFA(ctx, a.User.ID, to) },
		Shows: func(ctx context.Context) (bool, error) {
			now, err := a.Client.MFA.PerUserMFA(ctx, a.User.ID)
			return err == nil && fits(now), err
		},
	}
	if to == graph.MFADisabled {
		w.Inverse = &journal.Inverse{Kind: journal.InversePerUserMFA, TargetID: a.User.ID, Value: string(from)}
	} else {
		w.Restores = &journal.Inverse{Kind: journal.InversePerUserMFA, TargetID: a.User.ID, Value: string(to)}
	}
	return a.apply(ctx, w)
}

func (a Account) stateUnread(err error) error {
	return &problem.Error{Op: "read per-user MFA of %s", Of: []any{a.User.UserPrincipalName}, Err: err}
}

// RestoreState sets per-user MFA and reads it back, unless a read shows that it is enforced and none of this run's own changes can
// be on its way to what was read. An account whose state can be set in several ways gets enforced, because enabled leaves its
// password good for old protocols (https://learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates).
func (a Account) RestoreState(ctx context.Context) error {
	o := a.Owed.Owed()
	from := phrase.T("not read")
	switch {
	case o.State == "":
	case o.Lifted() && o.State != graph.MFADisabled:
		from = phrase.T("not known")
	default:
		from = string(o.State)
	}
	if o.Demanded || o.State == graph.MFAEnforced && !o.StateSuspended {
		now, err := a.Client.MFA.PerUserMFA(ctx, a.User.ID)
		if err != nil {
			return a.stateUnread(err)
		}
		if from = string(now); now == graph.MFAEnforced || o.Demanded && now == graph.MFAEnabled {
			a.Owed.Update(func(o *Owed) { o.Demanded = true })
			return nil
		}
	}
	err := a.demand(ctx, from, graph.MFAEnforced)
	if errors.Is(err, graph.ErrInvalid) { // a tenant that takes no such state still takes the weaker one
		err = a.demand(ctx, from, graph.MFAEnabled)
	}
	return err
}

// demand sends the state without waiting for anything, and reads it back.
func (a Account) demand(ctx context.Context, from string, to graph.MFAState) error {
	return a.Writer.ApplyAtOnce(ctx, a.Report, change.Write{
		Step: a.Step, Change: StateChange(a.User, from, to),
		Send:     func(ctx context.Context) error { return a.Client.MFA.SetPerUserMFA(ctx, a.User.ID, to) },
		Restores: &journal.Inverse{Kind: journal.InversePerUserMFA, TargetID: a.User.ID, Value: string(to)},
	}, func(ctx context.Context) error {
		if err := a.readBack(ctx, to); err != nil {
			a.Owed.Update(func(o *Owed) { o.Sent = true })
			return err
		}
		a.Owed.Update(func(o *Owed) { o.Demanded, o.State = true, to })
		return nil
	})
}

// readBackFor are the pauses before the state is read back after it was set, and again as long as it is not shown.
var readBackFor = []time.Duration{0, time.Second, time.Second, 2 * time.Second}

// readBack reads the state until it is shown.
func (a Account) readBack(ctx context.Context, to graph.MFAState) error {
	last := change.ErrNotShown
	for _, wait := range readBackFor {
		if err := pause.For(ctx, wait); err != nil {
			return err
		}
		now, err := a.Client.MFA.PerUserMFA(ctx, a.User.ID)
		switch {
		case err != nil:
			return err // another attempt, over another connection, begins with the write
		case now == to || now == graph.MFAEnforced:
			return nil
		}
		last = fmt.Errorf("%w: per-user MFA reads %q", change.ErrNotShown, string(now))
	}
	return last
}
