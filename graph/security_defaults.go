package graph

import (
	"context"

	abs "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

const securityDefaults = "/policies/identitySecurityDefaultsEnforcementPolicy"

// SecurityDefaults reads whether security defaults are on: GET /policies/identitySecurityDefaultsEnforcementPolicy,
// Policy.Read.All. https://learn.microsoft.com/graph/api/identitysecuritydefaultsenforcementpolicy-get
func (c *Client) SecurityDefaults(ctx context.Context) (bool, error) {
	const op = "read the security defaults"
	m, err := get[models.IdentitySecurityDefaultsEnforcementPolicyable](ctx, c, op, c.v1(securityDefaults),
		models.CreateIdentitySecurityDefaultsEnforcementPolicyFromDiscriminatorValue)
	if err != nil {
		return false, err
	}
	if m.GetIsEnabled() == nil {
		return false, &Error{Op: op, Message: "the answer does not say whether they are on", kind: ErrUnavailable}
	}
	return *m.GetIsEnabled(), nil
}

// SetSecurityDefaults turns security defaults on or off for the whole tenant: PATCH of the same path, Policy.Read.All
// and Policy.ReadWrite.SecurityDefaults. Turning them off makes Microsoft deploy policies of its own.
// https://learn.microsoft.com/graph/api/identitysecuritydefaultsenforcementpolicy-update
func (c *Client) SetSecurityDefaults(ctx context.Context, on bool) error {
	m := models.NewIdentitySecurityDefaultsEnforcementPolicy()
	m.SetIsEnabled(&on)
	return c.write(ctx, "change the security defaults", abs.PATCH, c.v1(securityDefaults), m)
}
