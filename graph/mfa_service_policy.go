package graph

import "context"

// MFAServicePolicy is the tenant's settings of the MFA service. Graph's endpoint for it is undocumented: each member
// is known only when the answer held it.
type MFAServicePolicy struct {
	AllowAppPasswords             bool
	AllowAppPasswordsKnown        bool
	SkipMFAForFederatedUsers      bool
	SkipMFAForFederatedUsersKnown bool
	RememberMFA                   bool
	RememberMFAKnown              bool
	RememberMFADays               int
	RememberMFADaysKnown          bool
}

const mfaServicePolicy = "/policies/mfaServicePolicy"

// MFAServicePolicy reads the settings: GET /beta/policies/mfaServicePolicy, Policy.Read.All. No page of Microsoft's
// describes it; it may change or be refused at any time.
func (c *Client) MFAServicePolicy(ctx context.Context) (MFAServicePolicy, error) {
	var wire struct {
		AllowAppPasswords *bool `json:"allowAppPasswords"`
		TrustedIPs        struct {
			Skip *bool `json:"skipMfaForFederatedUsers"`
		} `json:"trustedIps"`
		Remember struct {
			On   *bool `json:"isEnabled"`
			Days *int  `json:"allowedNumberOfDays"`
		} `json:"rememberMfaOnTrustedDevice"`
	}
	if err := c.getJSON(ctx, "read the MFA service settings", c.beta(mfaServicePolicy), &wire); err != nil {
		return MFAServicePolicy{}, err
	}
	return MFAServicePolicy{
		AllowAppPasswords:             deref(wire.AllowAppPasswords),
		AllowAppPasswordsKnown:        wire.AllowAppPasswords != nil,
		SkipMFAForFederatedUsers:      deref(wire.TrustedIPs.Skip),
		SkipMFAForFederatedUsersKnown: wire.TrustedIPs.Skip != nil,
		RememberMFA:                   deref(wire.Remember.On),
		RememberMFAKnown:              wire.Remember.On != nil,
		RememberMFADays:               deref(wire.Remember.Days),
		RememberMFADaysKnown:          wire.Remember.Days != nil,
	}, nil
}

// SetAllowAppPasswords lets users create app passwords, or stops them: PATCH of the same path, expected to need
// Policy.ReadWrite.AuthenticationMethod. Undocumented too: read it back.
func (c *Client) SetAllowAppPasswords(ctx context.Context, on bool) error {
	op := "allow app passwords"
	if !on {
		op = "stop allowing app passwords"
	}
	return c.patchJSON(ctx, op, c.beta(mfaServicePolicy), struct {
		Allow bool `json:"allowAppPasswords"`
	}{on})
}
