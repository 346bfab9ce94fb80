package graph

import (
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// AddPolicyExclusion excludes a user from a policy and touches nothing else, which is all that a Microsoft-managed
// policy permits: PATCH of the policy with its excluded users alone, Policy.Read.All, Policy.ReadWrite.ConditionalAccess
// and Application.Read.All. The list is replaced, and there is no protection against somebody else's change: it is read right
// before, whenever it is sent. The policy is one that Policy returned; what is older is not believed. Nothing is sent where
// the user is excluded already. What else the policy has may name accounts that were deleted long ago, which Graph would
// refuse. ErrPreview where no version of Graph changes the policy.
// https://learn.microsoft.com/graph/api/conditionalaccesspolicy-update
func (s ConditionalAccess) AddPolicyExclusion(ctx context.Context, p Policy, userID string) error {
	return s.setExclusion(ctx, p, userID, true)
}

// RemovePolicyExclusion takes a user out of the excluded users of a policy, as AddPolicyExclusion puts one in.
func (s ConditionalAccess) RemovePolicyExclusion(ctx context.Context, p Policy, userID string) error {
	return s.setExclusion(ctx, p, userID, false)
}

//go:noinline // every copy would be carried
func (s ConditionalAccess) setExclusion(ctx context.Context, p Policy, userID string, excluded bool) error {
	const op = "change whom the Conditional Access policy excludes"
	return readAndWrite(ctx, s.client.opts.OnWait, func(ctx context.Context) error {
		return s.askAbout(p.ID, func(address string) error {
			now, err := s.policyAt(ctx, p.ID, address)
			switch {
			case err != nil:
				return readForWrite(err)
			case now.Modified.Before(p.Modified):
				return readForWrite(unclear(op, errOlder.Error(), errOlder))
			case now.Excludes(userID) == excluded:
				return nil
			}
			p = now
			users := now.excludedBut(userID)
			if excluded {
				users = append(users, userID)
			}
			return s.client.patchJSON(ctx, op, address, excludingUsers(users))
		})
	})
}

// ExcludesBeyond counts the users whom a policy excludes and another state of it does not, but for one user.
func (p *Policy) ExcludesBeyond(other *Policy, but string) (n int) {
	for _, id := range p.Users.ExcludeUsers {
		if !objectid.Same(id, but) && !other.Excludes(id) {
			n++
		}
	}
	return n
}

func (p Policy) excludedBut(userID string) []string {
	return slices.DeleteFunc(slices.Clone(p.excluded), func(id string) bool { return objectid.Same(id, userID) })
}

// excludingUsers is a policy of which nothing but the excluded users is sent.
func excludingUsers(users []string) any {
	var w struct {
		Conditions struct {
			Users struct {
				Spelled []string `json:"excludeUsers"`
			} `json:"users"`
		} `json:"conditions"`
	}
	w.Conditions.Users.Spelled = append([]string{}, users...) // an empty list has to be sent as such
	return w
}
