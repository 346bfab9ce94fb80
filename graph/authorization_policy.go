package graph

import "context"

// AuthorizationPolicy is what of the tenant's authorization policy bears on a sign-in.
// https://learn.microsoft.com/graph/api/resources/authorizationpolicy
type AuthorizationPolicy struct {
	// AdministratorsReset says that administrators may reset their own passwords, and so are asked to register for it.
	AdministratorsReset bool
}

// AuthorizationPolicy reads the policy: GET /policies/authorizationPolicy, Policy.Read.All.
// https://learn.microsoft.com/graph/api/authorizationpolicy-get
func (s Tenant) AuthorizationPolicy(ctx context.Context) (AuthorizationPolicy, error) {
	const op = "read the authorization policy"
	var p struct {
		Reset *bool `json:"allowedToUseSSPR"`
	}
	if err := s.client.getJSON(ctx, op, s.client.v1("/policies/authorizationPolicy", "$select", "allowedToUseSSPR"), &p); err != nil {
		return AuthorizationPolicy{}, err
	}
	if p.Reset == nil {
		return AuthorizationPolicy{}, unclear(op, "the answer does not say whether administrators may reset their passwords", nil)
	}
	return AuthorizationPolicy{AdministratorsReset: *p.Reset}, nil
}
