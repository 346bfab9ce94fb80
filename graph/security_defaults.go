package graph

import "context"

const securityDefaults = "/policies/identitySecurityDefaultsEnforcementPolicy"

// SecurityDefaults reads whether security defaults are on: GET /policies/identitySecurityDefaultsEnforcementPolicy,
// Policy.Read.All. https://learn.microsoft.com/graph/api/identitysecuritydefaultsenforcementpolicy-get
func (s MFA) SecurityDefaults(ctx context.Context) (bool, error) {
	const op = "read the security defaults"
	var p struct {
		On *bool `json:"isEnabled"`
	}
	if err := s.client.getJSON(ctx, op, s.client.v1(securityDefaults), &p); err != nil {
		return false, err
	}
	if p.On == nil {
		return false, &Error{Op: op, Message: "the answer does not say whether they are on", kind: ErrUnavailable}
	}
	return *p.On, nil
}

// SetSecurityDefaults turns security defaults on or off for the whole tenant: PATCH of the same path, Policy.Read.All
// and Policy.ReadWrite.SecurityDefaults. Turning them off makes Microsoft deploy policies of its own where the tenant
// has Microsoft Entra ID P1; while any policy is enabled they can't be turned on, which is ErrInvalid.
// https://learn.microsoft.com/graph/api/identitysecuritydefaultsenforcementpolicy-update
func (s MFA) SetSecurityDefaults(ctx context.Context, on bool) error {
	return s.client.patchJSON(ctx, "change the security defaults", s.client.v1(securityDefaults), struct {
		On bool `json:"isEnabled"`
	}{on})
}
