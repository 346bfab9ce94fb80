package simtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/graphapi"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// DeletePolicyBehindBack takes a Conditional Access policy away, at once and without replication lag.
func (t *Tenant) DeletePolicyBehindBack(id string) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Policies.ConditionalAccess.Settle(slices.DeleteFunc(slices.Clone(t.State.Policies.ConditionalAccess.Latest()), func(p *conditionalaccess.Policy) bool { return p.ID == id }))
}

// ExcludeBehindBack adds an account to a policy's excluded users, as another administrator would, at once and without
// replication lag. The error names an unknown account.
func (t *Tenant) ExcludeBehindBack(policyID, upn string) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	all := slices.Clone(t.State.Policies.ConditionalAccess.Latest())
	for i, p := range all {
		if p.ID == policyID {
			all[i] = p.Excluding(u.ID, t.State.Instant())
		}
	}
	t.State.Policies.ConditionalAccess.Settle(all)
	return nil
}

// ExcludeFromCampaign adds an account to whom the registration campaign leaves alone, as another administrator would, at once and without
// replication lag. The error names an unknown account.
func ExcludeFromCampaign(t *Tenant, upn string) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	campaign := t.State.MFA.Campaign.Latest()
	campaign.ExcludeTargets = append(slices.Clone(campaign.ExcludeTargets), state.CampaignTarget{ID: u.ID, TargetType: "user"})
	t.State.MFA.Campaign.Settle(campaign)
	return nil
}

// AddPolicyBehindBack adds a Conditional Access policy in Graph's own JSON and returns its id, at once and without
// replication lag. What is left out is as the portal fills it: enabled, all clients, all applications. The error says
// what Graph would not take.
func (t *Tenant) AddPolicyBehindBack(policy string) (string, error) {
	t.State.Lock()
	defer t.State.Unlock()
	p, failure := t.readPolicyLocked(policy)
	if failure != nil {
		return "", fmt.Errorf("%w: %s", ErrBadPolicy, failure.Message)
	}
	t.State.Policies.ConditionalAccess.Settle(append(slices.Clone(t.State.Policies.ConditionalAccess.Latest()), p))
	return p.ID, nil
}

// ErrBadPolicy is a policy that Graph would not take.
var ErrBadPolicy = errors.New("the policy is not valid")

func (t *Tenant) readPolicyLocked(text string) (*conditionalaccess.Policy, *odata.Error) {
	var body map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		return nil, graphapi.BadPolicy("%v", err)
	}
	beta := takeBeta(graphapi.AsObject(body["conditions"]))
	if failure := odata.CheckBody("conditionalAccessPolicy", body); failure != nil {
		return nil, failure
	}
	p := &conditionalaccess.Policy{State: conditionalaccess.Enabled, CreatedDateTime: t.State.Instant()}
	if failure := odata.DecodeInto(body, p); failure != nil {
		return nil, failure
	}
	p.ID, p.Conditions.Beta = t.State.NewIDLocked(), beta
	if len(p.Conditions.ClientAppTypes) == 0 {
		p.Conditions.ClientAppTypes = []string{"all"}
	}
	if apps := &p.Conditions.Applications; len(apps.IncludeApplications)+len(apps.IncludeUserActions)+len(apps.IncludeContextReferences) == 0 {
		apps.IncludeApplications = []string{"All"}
	}
	if g := p.GrantControls; g != nil {
		g.Fill()
		if g.AuthenticationStrength != nil {
			g.AuthenticationStrength = t.State.Policies.StrengthLocked(g.AuthenticationStrength.ID)
		}
	}
	p.Fill()
	if failure := graphapi.CheckUsers(t.State, graphapi.AsObject(graphapi.AsObject(body["conditions"])["users"])); failure != nil {
		return nil, failure
	}
	return p, p.Check()
}

// takeBeta takes the conditions out that only beta has
// (https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset?view=graph-rest-beta).
func takeBeta(conditions map[string]any) map[string]any {
	taken := map[string]any{}
	for _, name := range []string{"agentIdRiskLevels", "agents", "deviceStates", "times"} {
		if value, has := conditions[name]; has {
			taken[name] = value
			delete(conditions, name)
		}
	}
	return taken
}

// SetPolicyState makes a policy enabled, disabled or enabledForReportingButNotEnforced, at once.
func (t *Tenant) SetPolicyState(policyID, state string) {
	t.State.Lock()
	defer t.State.Unlock()
	all := slices.Clone(t.State.Policies.ConditionalAccess.Latest())
	for i, p := range all {
		if p.ID == policyID {
			edited := *p
			edited.State = state
			all[i] = &edited
		}
	}
	t.State.Policies.ConditionalAccess.Settle(all)
}
