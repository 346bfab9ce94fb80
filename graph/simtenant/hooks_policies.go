package simtenant

import (
	"fmt"
	"slices"
)

// DeletePolicyBehindBack takes a Conditional Access policy away, at once and without replication lag.
func (t *Tenant) DeletePolicyBehindBack(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.policies.settle(slices.DeleteFunc(slices.Clone(t.policies.latest()), func(p *caPolicy) bool { return p.ID == id }))
}

// ExcludeBehindBack adds an account to a policy's excluded users, as another administrator would, at once and without
// replication lag. The error names an unknown account.
func (t *Tenant) ExcludeBehindBack(policyID, upn string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", errNoUser, upn)
	}
	all := slices.Clone(t.policies.latest())
	for i, p := range all {
		if p.ID == policyID {
			all[i] = p.excluding(u.id, t.instant())
		}
	}
	t.policies.settle(all)
	return nil
}
