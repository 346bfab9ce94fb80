package graph

import (
	"context"
	"time"
)

// AppManagementPolicy is what the tenant's default app management policy says about client secrets.
// https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
type AppManagementPolicy struct {
	SecretsRestricted bool      // an application may not be given a client secret
	Since             time.Time // for applications created after this; zero means for all
	Exempt            bool      // some who act are exempt, by attributes that are not read here
}

// AppManagementPolicy reads the policy: GET /policies/defaultAppManagementPolicy, Policy.Read.All.
// https://learn.microsoft.com/graph/api/tenantappmanagementpolicy-get
func (s Tenant) AppManagementPolicy(ctx context.Context) (AppManagementPolicy, error) {
	const op = "read the app management policy"
	type restriction struct {
		Kind    string    `json:"restrictionType"`
		State   string    `json:"state"`
		Since   time.Time `json:"restrictForAppsCreatedAfterDateTime"`
		Exempts any       `json:"excludeActors"`
	}
	type restrictions struct {
		Passwords []restriction `json:"passwordCredentials"`
	}
	var p struct {
		Enabled      *bool        `json:"isEnabled"`
		Applications restrictions `json:"applicationRestrictions"`
		Principals   restrictions `json:"servicePrincipalRestrictions"`
	}
	if err := s.client.getJSON(ctx, op, s.client.v1("/policies/defaultAppManagementPolicy"), &p); err != nil {
		return AppManagementPolicy{}, err
	}
	if p.Enabled == nil {
		return AppManagementPolicy{}, unclear(op, "the answer does not say whether the policy is on", nil)
	}
	var out AppManagementPolicy
	for _, r := range append(p.Applications.Passwords, p.Principals.Passwords...) {
		if !*p.Enabled || r.Kind != "passwordAddition" || r.State == "disabled" {
			continue // a state that is not known restricts, as far as anybody can tell
		}
		if !out.SecretsRestricted || r.Since.Before(out.Since) {
			out.Since = r.Since
		}
		out.SecretsRestricted = true
		out.Exempt = out.Exempt || r.Exempts != nil
	}
	return out, nil
}
