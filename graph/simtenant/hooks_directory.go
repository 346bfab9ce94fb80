package simtenant

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

var (
	errNoGroup    = errors.New("no such group")
	errNoMember   = errors.New("no such account or group")
	errNotAPlace  = errors.New("neither a country's two letters nor a range of addresses")
	errNoPlan     = errors.New("neither P1 nor P2")
	errNoEligible = errors.New("not eligible for this role")
)

// AddGroup adds a security group and returns its id. Members are user principal names, or ids of accounts or groups.
func (t *Tenant) AddGroup(displayName string, members ...string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := &group{displayName: displayName}
	for _, member := range members {
		id, err := t.memberLocked(member)
		if err != nil {
			return "", err
		}
		g.members = append(g.members, id)
	}
	g.id = t.newIDLocked()
	t.groups = append(t.groups, g)
	return g.id, nil
}

// AddToGroup makes an account or another group a member of the group with this id, or with this name.
func (t *Tenant) AddToGroup(group, member string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.groupNamedLocked(group)
	if g == nil {
		return fmt.Errorf("%w: %s", errNoGroup, group)
	}
	id, err := t.memberLocked(member)
	if err == nil && !slices.Contains(g.members, id) {
		g.members = append(g.members, id)
	}
	return err
}

func (t *Tenant) groupNamedLocked(key string) *group {
	i := slices.IndexFunc(t.groups, func(g *group) bool { return g.id == key || g.displayName == key })
	if i < 0 {
		return nil
	}
	return t.groups[i]
}

func (t *Tenant) memberLocked(key string) (string, error) {
	if u := t.userLocked(key); u != nil {
		return u.id, nil
	}
	if g := t.groupNamedLocked(key); g != nil {
		return g.id, nil
	}
	return "", fmt.Errorf("%w: %s", errNoMember, key)
}

// SetGroupAssignable says whether the group with this id or name may hold directory roles.
func (t *Tenant) SetGroupAssignable(group string, on bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.groupNamedLocked(group)
	if g == nil {
		return fmt.Errorf("%w: %s", errNoGroup, group)
	}
	g.roleAssignable = on
	return nil
}

// AddLocation adds a named location and returns its id. Places are ranges of addresses, such as 203.0.113.0/24, or
// two-letter countries; only ranges can be trusted.
func (t *Tenant) AddLocation(displayName string, trusted bool, places ...string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := conditionalaccess.Location{Name: displayName, Trusted: trusted, Created: t.instant()}
	for _, place := range places {
		if len(place) == 2 && !trusted {
			l.Countries = append(l.Countries, strings.ToUpper(place))
			continue
		}
		r, err := netip.ParsePrefix(place)
		if err != nil {
			return "", fmt.Errorf("%w: %s", errNotAPlace, place)
		}
		l.Ranges = append(l.Ranges, r)
	}
	l.ID = t.newIDLocked()
	t.locations = append(t.locations, l)
	return l.ID, nil
}

// BuyPremium licenses the tenant for Microsoft Entra ID "P1" or "P2".
func (t *Tenant) BuyPremium(plan string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	product, ok := map[string]sku{"P1": skuPremiumP1, "P2": skuPremiumP2}[plan]
	if !ok {
		return fmt.Errorf("%w: %s", errNoPlan, plan)
	}
	t.skus = append(t.skus, &product)
	return nil
}

// AcceptTerms lets the account accept terms of use that a policy names by this id.
func (t *Tenant) AcceptTerms(upn, id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", errNoUser, upn)
	}
	u.acceptedTerms = append(u.acceptedTerms, id)
	return nil
}

// SetMethod switches a method of the authentication methods policy, such as SoftwareOath, on or off.
func (t *Tenant) SetMethod(id string, on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.methodStates[id] = on
}

// SetSelfServiceReset allows administrators to reset their own passwords, or not.
func (t *Tenant) SetSelfServiceReset(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.authorization.allowSSPR = on
}

// ActivateRole activates a role that the account is eligible for, for eight hours, as its owner does in Privileged
// Identity Management. It is seen at once. The error names an unknown account or a role it is not eligible for.
func (t *Tenant) ActivateRole(upn, roleID string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", errNoUser, upn)
	}
	if !slices.ContainsFunc(t.eligible, func(e roleEligibility) bool { return e.principalID == u.id && e.roleID == roleID }) {
		return fmt.Errorf("%w: %s", errNoEligible, upn)
	}
	t.activateLocked(u, roleID)
	t.assignments.Settle(t.assignments.Latest())
	return nil
}

// SetEligible makes the account eligible for a role, or not any more. Being eligible is not being active.
func (t *Tenant) SetEligible(upn, roleID string, on bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", errNoUser, upn)
	}
	t.eligible = slices.DeleteFunc(t.eligible, func(e roleEligibility) bool { return e.principalID == u.id && e.roleID == roleID })
	if on {
		t.eligible = append(t.eligible, roleEligibility{id: t.newSecretLocked(41) + "-1-e", principalID: u.id, roleID: roleID, created: t.instant()})
	}
	return nil
}
