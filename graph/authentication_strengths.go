package graph

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// AuthenticationStrength is a set of combinations of methods, of which a policy demands one.
// https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy
type AuthenticationStrength struct {
	ID, Name            string
	PolicyType          string   // builtIn, custom
	AllowedCombinations []string // fido2, or joined by commas: password,softwareOath
}

// AuthenticationStrengths reads every strength, built-in and the tenant's own: GET
// /policies/authenticationStrengthPolicies, Policy.Read.AuthenticationMethod or Policy.Read.All.
// https://learn.microsoft.com/graph/api/authenticationstrengthroot-list-policies
func (s ConditionalAccess) AuthenticationStrengths(ctx context.Context) ([]AuthenticationStrength, error) {
	all, err := listJSON[struct {
		ID                  objectid.ID `json:"id"`
		Name                string      `json:"displayName"`
		PolicyType          string      `json:"policyType"`
		AllowedCombinations []string    `json:"allowedCombinations"`
	}](ctx, s.client, "read the authentication strengths",
		s.client.v1("/policies/authenticationStrengthPolicies", "$select", "id,displayName,policyType,allowedCombinations"))
	var strengths []AuthenticationStrength
	for _, s := range all {
		strengths = append(strengths, AuthenticationStrength{ID: string(s.ID), Name: s.Name, PolicyType: s.PolicyType, AllowedCombinations: s.AllowedCombinations})
	}
	return strengths, err
}
