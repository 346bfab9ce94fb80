package simtest

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// What a hook is asked for that the tenant does not have.
var (
	ErrNoGroup    = errors.New("no such group")
	ErrNoMember   = errors.New("no such account or group")
	ErrNotAPlace  = errors.New("neither a country's two letters nor a range of addresses")
	errNoPlan     = errors.New("neither P1 nor P2")
	errNoEligible = errors.New("not eligible for this role")
)

// AddGroup adds a security group and returns its id. Members are user principal names, or ids of accounts or groups.
func (t *Tenant) AddGroup(displayName string, members ...string) (string, error) {
	t.State.Lock()
	defer t.State.Unlock()
	g := &state.Group{DisplayName: displayName}
	for _, member := range members {
		id, err := t.memberLocked(member)
		if err != nil {
			return "", err
		}
		g.Members = append(g.Members, id)
	}
	g.ID = t.State.NewIDLocked()
	t.State.Directory.Groups = append(t.State.Directory.Groups, g)
	return g.ID, nil
}

// AddToGroup makes an account or another group a member of the group with this id, or with this name.
func (t *Tenant) AddToGroup(group, member string) error {
	t.State.Lock()
	defer t.State.Unlock()
	g := t.groupNamedLocked(group)
	if g == nil {
		return fmt.Errorf("%w: %s", ErrNoGroup, group)
	}
	id, err := t.memberLocked(member)
	if err == nil && !slices.Contains(g.Members, id) {
		g.Members = append(g.Members, id)
	}
	return err
}

func (t *Tenant) groupNamedLocked(key string) *state.Group {
	i := slices.IndexFunc(t.State.Directory.Groups, func(g *state.Group) bool { return g.ID == key || g.DisplayName == key })
	if i < 0 {
		return nil
	}
	return t.State.Directory.Groups[i]
}

func (t *Tenant) memberLocked(key string) (string, error) {
	if u := t.State.Directory.UserLocked(key); u != nil {
		return u.ID, nil
	}
	if g := t.groupNamedLocked(key); g != nil {
		return g.ID, nil
	}
	return "", fmt.Errorf("%w: %s", ErrNoMember, key)
}

// SetGroupAssignable says whether the group with this id or name may hold directory roles.
func (t *Tenant) SetGroupAssignable(group string, on bool) error {
	t.State.Lock()
	defer t.State.Unlock()
	g := t.groupNamedLocked(group)
	if g == nil {
		return fmt.Errorf("%w: %s", ErrNoGroup, group)
	}
	g.RoleAssignable = on
	return nil
}

// AddLocation adds a named location and returns its id. Places are ranges of addresses, such as 203.0.113.0/24, or
// two-letter countries; only ranges can be trusted.
func (t *Tenant) AddLocation(displayName string, trusted bool, places ...string) (string, error) {
	t.State.Lock()
	defer t.State.Unlock()
	l := conditionalaccess.Location{Name: displayName, Trusted: trusted, Created: t.State.Instant()}
	for _, place := range places {
		if len(place) == 2 && !trusted {
			l.Countries = append(l.Countries, strings.ToUpper(place))
			continue
		}
		r, err := netip.ParsePrefix(place)
		if err != nil {
			return "", fmt.Errorf("%w: %s", ErrNotAPlace, place)
		}
		l.Ranges = append(l.Ranges, r)
	}
	l.ID = t.State.NewIDLocked()
	t.State.Policies.Locations = append(t.State.Policies.Locations, l)
	return l.ID, nil
}

// BuyPremium licenses the tenant for Microsoft Entra ID "P1" or "P2".
func (t Settings) BuyPremium(plan string) error {
	t.State.Lock()
	defer t.State.Unlock()
	product, ok := map[string]state.SKU{"P1": state.SKUPremiumP1, "P2": state.SKUPremiumP2}[plan]
	if !ok {
		return fmt.Errorf("%w: %s", errNoPlan, plan)
	}
	t.State.Organization.SKUs = append(t.State.Organization.SKUs, &product)
	return nil
}

// AcceptTerms lets the account accept terms of use that a policy names by this id.
func (t SignIns) AcceptTerms(upn, id string) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	u.AcceptedTerms = append(u.AcceptedTerms, id)
	return nil
}

// SetMethod switches a method of the authentication methods policy, such as SoftwareOath, on or off.
func (t Settings) SetMethod(id string, on bool) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.MFA.MethodStates[id] = on
}

// SetSelfServiceReset allows administrators to reset their own passwords, or not.
func (t Settings) SetSelfServiceReset(on bool) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.MFA.Authorization.AllowSSPR = on
}

// ActivateRole activates a role that the account is eligible for, for eight hours, as its owner does in Privileged
// Identity Management. It is seen at once. The error names an unknown account or a role it is not eligible for.
func (t *Tenant) ActivateRole(upn, roleID string) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	if !slices.ContainsFunc(t.State.Directory.Eligible, func(e state.RoleEligibility) bool { return e.PrincipalID == u.ID && e.RoleID == roleID }) {
		return fmt.Errorf("%w: %s", errNoEligible, upn)
	}
	t.State.Directory.ActivateLocked(u, roleID)
	t.State.Directory.Assignments.Settle(t.State.Directory.Assignments.Latest())
	return nil
}

// SetEligible makes the account eligible for a role, or not any more. Being eligible is not being active.
func (t *Tenant) SetEligible(upn, roleID string, on bool) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	t.State.Directory.Eligible = slices.DeleteFunc(t.State.Directory.Eligible, func(e state.RoleEligibility) bool { return e.PrincipalID == u.ID && e.RoleID == roleID })
	if on {
		t.State.Directory.Eligible = append(t.State.Directory.Eligible, state.RoleEligibility{ID: t.State.NewKeyLocked(41) + "-1-e", PrincipalID: u.ID, RoleID: roleID, Created: t.State.Instant()})
	}
	return nil
}
