package graph

import (
	"context"
	"errors"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// States of a Conditional Access policy.
const (
	StateEnabled    = "enabled"
	StateDisabled   = "disabled"
	StateReportOnly = "enabledForReportingButNotEnforced"
)

const policies = conditionalAccess + "policies"

// Version 1.0 leaves policies with a feature in preview out, and changes none; so all of this is asked of beta, and of
// version 1.0 only where beta refuses the question. https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy?view=graph-rest-beta

// Policies reads every Conditional Access policy: GET /beta/identity/conditionalAccess/policies, Policy.Read.All.
// ErrUnlicensed where the tenant has no Microsoft Entra ID P1 and the list is empty, as it answers then; where it is not,
// a licence has lapsed, and the policies stay in force. https://learn.microsoft.com/graph/api/conditionalaccessroot-list-policies
func (s ConditionalAccess) Policies(ctx context.Context) ([]Policy, error) {
	const op = "read the Conditional Access policies"
	unlicensed := &Error{Op: op, Message: "the tenant has no Microsoft Entra ID P1, and no policies", kind: ErrUnlicensed, unsent: true}
	if s.client.licence.isWithout() {
		return nil, unlicensed
	}
	var all []policyJSON
	var asked versions
	err := asked.ask(s.client.beta(policies), s.client.v1(policies), func(address string) error {
		// Each further page would cost a second: Conditional Access allows one request in that time.
		return s.client.policies.pages.ask(address+encodeQuery([]string{"$top", "999"}), address, func(address string) (err error) {
			all, err = listJSON[policyJSON](ctx, s.client, op, address)
			return err
		})
	})
	if errors.Is(err, ErrUnlicensed) {
		s.client.licence.without()
	}
	if err != nil {
		return nil, err
	}
	s.client.policies.hidden.Store(asked.second.Load())
	if len(all) == 0 {
		if premium, err := s.client.Tenant.hasPremium(ctx); err == nil && !premium {
			s.client.licence.without()
			return nil, unlicensed
		}
	}
	var list []Policy
	for _, w := range all {
		if w.ID == "" {
			return nil, unclear(op, "a policy in the answer has no id", nil)
		}
		list = append(list, w.policy().whole())
	}
	return list, nil
}

// HidesPolicies reports that the policies were last read from version 1.0, which leaves some out.
func (s ConditionalAccess) HidesPolicies() bool { return s.client.policies.hidden.Load() }

// Policy reads one policy: GET /beta/identity/conditionalAccess/policies/{id}, Policy.Read.All. An answer that is not this
// policy, or does not say whom it excludes, is ErrUnavailable. https://learn.microsoft.com/graph/api/conditionalaccesspolicy-get
func (s ConditionalAccess) Policy(ctx context.Context, id string) (p Policy, err error) {
	err = s.askAbout(id, func(address string) error {
		p, err = s.policyAt(ctx, id, address)
		return err
	})
	return p, err
}

func (s ConditionalAccess) policyAt(ctx context.Context, id, address string) (Policy, error) {
	const op = "read the Conditional Access policy"
	var w policyJSON
	if err := s.client.getJSON(ctx, op, address, &w); err != nil {
		return Policy{}, err
	}
	if !objectid.Same(string(w.ID), id) || w.Conditions.Users.spelled == nil {
		return Policy{}, another(op)
	}
	return w.policy().whole(), nil
}

// askAbout calls with the address of one policy at beta and, where beta refuses, at version 1.0. What one policy is answered
// says nothing about the others.
func (s ConditionalAccess) askAbout(id string, call func(address string) error) error {
	path := policies + "/" + segment(id)
	return new(versions).ask(s.client.beta(path), s.client.v1(path), call)
}

// SetPolicyState switches a policy to one of the states above and touches nothing else, which a Microsoft-managed
// policy permits too: PATCH of the policy, Policy.Read.All, Policy.ReadWrite.ConditionalAccess and
// Application.Read.All. ErrInvalid while security defaults are on, which let no policy be enabled.
// https://learn.microsoft.com/graph/api/conditionalaccesspolicy-update
func (s ConditionalAccess) SetPolicyState(ctx context.Context, policyID, state string) error {
	const op = "change the state of the Conditional Access policy"
	switch state {
	case StateEnabled, StateDisabled, StateReportOnly:
	default:
		return &Error{Op: op, Message: "no state is called " + state, kind: ErrInvalid, unsent: true}
	}
	return s.askAbout(policyID, func(address string) error {
		return s.client.patchJSON(ctx, op, address, struct {
			State string `json:"state"`
		}{state})
	})
}

// isManaged knows Microsoft's own policies by their names, which Graph has no other mark of: by the prefix, and that of the baseline
// security mode, which has none, whole. A colleague may name a policy after either.
// https://learn.microsoft.com/entra/identity/conditional-access/managed-policies
func isManaged(name string) bool {
	return strings.HasPrefix(name, managedPrefix) || name == "Require phishing resistant authentication for admins"
}

const managedPrefix = "Microsoft-managed:"

// StandsForDefaults reports a policy that Microsoft made in place of security defaults.
// https://learn.microsoft.com/entra/identity/conditional-access/managed-policies#upgrade-from-security-defaults
func (p *Policy) StandsForDefaults() bool { return strings.HasPrefix(p.Name, managedPrefix) }

// LeftOut counts those of the policies listed by beta that version 1.0 leaves out: GET /identity/conditionalAccess/policies. Where
// nothing is listed, nothing is asked.
func (s ConditionalAccess) LeftOut(ctx context.Context, listed []Policy) (int, error) {
	if len(listed) == 0 {
		return 0, nil
	}
	type named struct {
		ID objectid.ID `json:"id"`
	}
	var atOne []named
	err := s.client.policies.pages.ask(s.client.v1(policies, "$select", "id", "$top", "999"), s.client.v1(policies, "$select", "id"), func(address string) (err error) {
		atOne, err = listJSON[named](ctx, s.client, "compare the policies of beta and version 1.0", address)
		return err
	})
	if err != nil {
		return 0, err
	}
	shown := map[objectid.ID]bool{}
	for _, p := range atOne {
		shown[p.ID] = true
	}
	out := 0
	for _, p := range listed {
		if !shown[objectid.ID(p.ID)] {
			out++
		}
	}
	return out, nil
}
