package graph

import (
	"context"
	"encoding/json"
	"maps"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// Campaign is the registration campaign, which urges whoever has just passed MFA to register one more method.
// https://learn.microsoft.com/entra/identity/authentication/how-to-mfa-registration-campaign
type Campaign struct {
	State            string // enabled, disabled, default (as Microsoft decides); empty where Graph does not say
	SnoozeDays       int
	Include, Exclude []CampaignTarget

	raw string // JSON as it was read; empty where it does not say whom the campaign leaves alone
}

// Known reports a campaign of which the answer said whom it leaves alone.
func (c Campaign) Known() bool { return c.raw != "" }

// CampaignTarget is whom the campaign is about, or not about.
type CampaignTarget struct {
	ID     string // of a user or a group, or all_users
	Type   string // user, group
	Method string // what is to be registered: microsoftAuthenticator, fido2; empty for the excluded
}

type campaignTargetJSON struct {
	ID     objectid.ID `json:"id"`
	Type   string      `json:"targetType"`
	Method string      `json:"targetedAuthenticationMethod,omitempty"`
}

func (w campaignTargetJSON) target() CampaignTarget {
	return CampaignTarget{ID: string(w.ID), Type: w.Type, Method: w.Method}
}

func (t CampaignTarget) json() campaignTargetJSON {
	return campaignTargetJSON{ID: objectid.ID(t.ID), Type: t.Type, Method: t.Method}
}

func readCampaign(raw json.RawMessage) (Campaign, error) {
	if present(raw) == "" {
		return Campaign{}, nil
	}
	var w struct {
		State   string               `json:"state"`
		Snooze  int                  `json:"snoozeDurationInDays"`
		Include []campaignTargetJSON `json:"includeTargets"`
		Exclude []campaignTargetJSON `json:"excludeTargets"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return Campaign{}, err
	}
	c := Campaign{State: w.State, SnoozeDays: w.Snooze}
	if w.Exclude != nil {
		c.raw = string(raw)
	}
	for _, t := range w.Include {
		c.Include = append(c.Include, t.target())
	}
	for _, t := range w.Exclude {
		c.Exclude = append(c.Exclude, t.target())
	}
	return c, nil
}

// ChangeCampaignExclusions changes whom the campaign leaves alone and touches nothing else: PATCH
// /beta/policies/authenticationMethodsPolicy, Policy.ReadWrite.AuthenticationMethod. There is no protection against
// somebody else's change: the campaign is read right before, whenever it is sent, and change makes the one difference.
// https://learn.microsoft.com/graph/api/authenticationmethodspolicy-update?view=graph-rest-beta
//
//go:noinline // every copy would be carried
func (s MFA) ChangeCampaignExclusions(ctx context.Context, change func([]CampaignTarget) []CampaignTarget) error {
	const op = "change whom the registration campaign leaves alone"
	return readAndWrite(ctx, s.client.opts.OnWait, func(ctx context.Context) error {
		p, err := s.AuthenticationMethodsPolicy(ctx)
		if err != nil {
			return readForWrite(err)
		}
		members, err := p.Campaign.excluding(change(p.Campaign.Exclude))
		if err != nil {
			return readForWrite(unclear(op, "the registration campaign could not be read", err))
		}
		var w struct {
			Enforcement struct {
				Campaign map[string]json.RawMessage `json:"authenticationMethodsRegistrationCampaign"`
			} `json:"registrationEnforcement"`
		}
		w.Enforcement.Campaign = members
		return s.client.patchJSON(ctx, op, s.client.beta(authenticationMethodsPolicy), w)
	})
}

// excluding is the campaign as it was read, with other exclusions. An exclusion that stays keeps whatever Graph said of
// it.
func (c Campaign) excluding(exclude []CampaignTarget) (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(c.raw), &members); err != nil {
		return nil, err
	}
	var old []json.RawMessage
	if err := json.Unmarshal(members["excludeTargets"], &old); err != nil {
		return nil, err
	}
	kept := map[campaignTargetJSON]json.RawMessage{}
	for _, raw := range old {
		var t campaignTargetJSON
		if err := json.Unmarshal(raw, &t); err != nil {
			return nil, err
		}
		kept[t] = raw
	}
	targets := []json.RawMessage{}
	for _, t := range exclude {
		raw, ok := kept[t.json()]
		if !ok {
			raw, _ = json.Marshal(t.json())
		}
		targets = append(targets, raw)
	}
	isAnnotation := func(name string, _ json.RawMessage) bool { return strings.Contains(name, "@") }
	maps.DeleteFunc(members, isAnnotation)
	var err error
	members["excludeTargets"], err = json.Marshal(targets)
	return members, err
}
