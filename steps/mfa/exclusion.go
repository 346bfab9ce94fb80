package mfa

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Rules of this file: the list of excluded users is read whenever it is written, and only our account is changed in it, so that
// nobody's newer edit is lost. That the account is not excluded, or a policy is no more, is believed of several reads that agree.

// Reach is what is taken back, and what is believed.
type Reach int

const (
	// Everything is also what demands MFA and names the account itself among its excluded users, as an interrupted run leaves it.
	Everything Reach = iota
	// WhatIsOwed is what is known to be owed, and nothing else.
	WhatIsOwed
)

func exclusionInverse(policyID, userID string) journal.Inverse {
	return journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: policyID, Value: userID}
}

// ExclusionAdded is the change by which a policy's excluded users become one more.
func ExclusionAdded(p *graph.Policy) finding.Change { return exclusionChange(p, 1) }

// ExclusionRemoved is the change by which they become one less.
func ExclusionRemoved(p *graph.Policy) finding.Change { return exclusionChange(p, -1) }

// ExclusionEnded is the same where the policy itself was not read.
func ExclusionEnded(e Exclusion) finding.Change {
	return finding.Changed(finding.Modify, phrase.Both("excluded users of %s", e.Name), phrase.Both(andOurs), phrase.Both("as they were"))
}

func exclusionChange(p *graph.Policy, more int) finding.Change {
	n := len(p.Users.ExcludeUsers)
	return finding.Changed(finding.Modify, phrase.Both("excluded users of %s", p.Name), phrase.Same(strconv.Itoa(n)), phrase.Same(strconv.Itoa(n+more)))
}

// Exclude adds the account to the excluded users of the policy that demands MFA. One read that shows it is enough: whoever lifts
// demands reads all of them several times after the last one.
func (a Account) Exclude(ctx context.Context, d analysis.Demand) error {
	policy, e := *d.Policy, Exclusion{d.Policy.ID, d.Policy.Name}
	if d.Unread {
		var err error
		if policy, err = a.policy(ctx, e); err != nil {
			return err
		}
	}
	if policy.Excludes(a.User.ID) {
		return nil
	}
	a.Owed.Update(func(o *Owed) { o.Exclusions = append(o.Exclusions, e) })
	inverse, client, id := exclusionInverse(policy.ID, a.User.ID), a.Client, a.User.ID
	return a.apply(ctx, change.Write{
		Change: ExclusionAdded(&policy), Inverse: &inverse, Until: change.Once,
		Send: func(ctx context.Context) error {
			return client.ConditionalAccess.AddPolicyExclusion(ctx, policy, id)
		},
		Shows: a.shows(&policy, true),
	})
}

// shows reads whether a policy excludes the account or not, and says once what else changed in its list.
//
//go:noinline // every copy would be carried
func (a Account) shows(was *graph.Policy, excluded bool) change.Read {
	said, client, id, report := false, a.Client, a.User.ID, a.Report
	return func(ctx context.Context) (bool, error) {
		now, err := client.ConditionalAccess.Policy(ctx, was.ID)
		if err != nil || now.Excludes(id) != excluded {
			return false, err
		}
		if more, fewer := now.ExcludesBeyond(was, id), was.ExcludesBeyond(&now, id); more+fewer > 0 && !said {
			said = true
			report(finding.Event{Text: phrase.T("Somebody else changed the excluded users of %s at the same time: %d added, %d taken out. That stays.", was.Name, more, fewer)})
		}
		return true, nil
	}
}

// RestoreExclusions takes the account out of every policy that it is owed. Where the list can't be read, those that
// this run excluded it from are known. One that fails does not stop the rest.
func (a Account) RestoreExclusions(ctx context.Context, reach Reach) error {
	todo := a.Owed.Owed().Exclusions
	var policies []graph.Policy
	stuck := namesOf(todo)
	defer func() { a.Owed.Update(func(o *Owed) { o.Stuck = stuck }) }()
	var unread error
	if reach == Everything {
		var err error
		policies, err = a.Client.ConditionalAccess.Policies(ctx)
		if errors.Is(err, graph.ErrUnlicensed) || (err != nil && len(todo) == 0 && graph.OutcomeOf(err) == graph.Refused) {
			return nil // they can't be read, and this run excluded the account from none
		}
		if err != nil {
			unread = &problem.Error{Op: "read which policies exclude %s", Of: []any{a.User.UserPrincipalName}, Err: err}
		} else {
			todo = a.andFound(policies)
			stuck = namesOf(todo)
		}
	}
	if len(todo) == 0 {
		return unread
	}
	if asked := a.Require(ctx, a.Report, WritePolicies); asked != nil {
		return errors.Join(unread, asked)
	}
	failed := unread
	var left []Exclusion
	for _, e := range todo {
		err := a.removeExclusion(ctx, e, policies)
		if errors.Is(err, graph.ErrNotFound) && a.deleted(ctx, e) {
			err = nil // our exclusion went with it
		}
		if err != nil {
			left = append(left, e)
		}
		failed = errors.Join(failed, err)
		if errors.Is(err, graph.ErrStepUp) {
			break // it is asked for before any policy is changed, and was not given: nobody is asked again for each
		}
	}
	stuck = namesOf(left)
	return failed
}

// namesOf are the names of the policies, in order.
func namesOf(all []Exclusion) []string {
	var names []string
	for _, e := range all {
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// deleted reports that several reads in a row know no such policy. Where the policies were read from a version of Graph that leaves
// some out, this may be one of them.
func (a Account) deleted(ctx context.Context, e Exclusion) bool {
	policies := a.Client.ConditionalAccess
	return !policies.HidesPolicies() && change.Agreed(ctx, a.Report, func(ctx context.Context) (bool, error) {
		_, err := policies.Policy(ctx, e.PolicyID)
		if errors.Is(err, graph.ErrNotFound) {
			return true, nil
		}
		return false, err
	})
}

// andFound is what is owed with what was found. One that this run made stays on the list where a read that lags does not show it.
func (a Account) andFound(policies []graph.Policy) []Exclusion {
	owed := a.Owed.Owed()
	todo := owed.Exclusions
	found, _ := OwedExclusions(policies, owed, a.User.ID)
	for _, p := range found {
		if !owed.Excluded(&p) {
			todo = append(todo, Exclusion{p.ID, p.Name})
		}
	}
	return todo
}

// Kept are the names of policies that go on excluding the account: of those that surely demand no MFA, and of those of which
// that is not known.
type Kept struct{ NoMFA, Unknown []string }

// OwedExclusions are the policies to take the account out of: those this run excluded it from, and those that demand
// MFA and name the account itself among their excluded users, as an interrupted run leaves them. Exclusions from
// other policies are somebody's intention; they are kept, and named.
func OwedExclusions(policies []graph.Policy, owed Owed, userID string) (out []graph.Policy, kept Kept) {
	for i := range policies {
		p := &policies[i]
		switch {
		case !p.Excludes(userID):
		case owed.Excluded(p) || p.DemandsMFA():
			out = append(out, *p)
		case p.DemandsNoMFA():
			kept.NoMFA = append(kept.NoMFA, p.Name)
		default:
			kept.Unknown = append(kept.Unknown, p.Name)
		}
	}
	return out, kept
}

// removeExclusion takes the account out of a policy's excluded users. The policy is read, unless it is among those that just were.
func (a Account) removeExclusion(ctx context.Context, e Exclusion, read []graph.Policy) error {
	i := slices.IndexFunc(read, func(p graph.Policy) bool { return objectid.Same(p.ID, e.PolicyID) && p.Excludes(a.User.ID) })
	var policy graph.Policy
	var err error
	if i >= 0 {
		policy = read[i]
	} else if policy, err = a.policy(ctx, e); err != nil {
		return err
	}
	if !policy.Excludes(a.User.ID) {
		if a.excludedNoMore(ctx, e) {
			return nil
		}
		if policy, err = a.policy(ctx, e); err != nil {
			return err
		}
	}
	inverse, client, id := exclusionInverse(policy.ID, a.User.ID), a.Client, a.User.ID
	return a.apply(ctx, change.Write{
		Change: ExclusionRemoved(&policy), Restores: &inverse, Until: change.Stable,
		Send: func(ctx context.Context) error {
			return client.ConditionalAccess.RemovePolicyExclusion(ctx, policy, id)
		},
		Shows: a.shows(&policy, false),
	})
}

// excludedNoMore reports that several reads in a row show no exclusion of the account. One may not show yet what this run did.
func (a Account) excludedNoMore(ctx context.Context, e Exclusion) bool {
	client, id := a.Client, a.User.ID
	out := change.Agreed(ctx, a.Report, func(ctx context.Context) (bool, error) {
		now, err := client.ConditionalAccess.Policy(ctx, e.PolicyID)
		return err == nil && !now.Excludes(id), err
	})
	if out && slices.Contains(a.Owed.Owed().Exclusions, e) {
		a.Writer.NoteRestored(finding.ReenableMFA, exclusionInverse(e.PolicyID, a.User.ID))
	}
	return out
}

func (a Account) policy(ctx context.Context, e Exclusion) (graph.Policy, error) {
	policy, err := a.Client.ConditionalAccess.Policy(ctx, e.PolicyID)
	if err != nil {
		return policy, &problem.Error{Op: "read the policy %s", Of: []any{phrase.Name(e.Name)}, Err: err}
	}
	return policy, nil
}
