package graph

import (
	"context"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// deviceCode signs in with azidentity's device code flow.
type deviceCode struct {
	*azidentity.DeviceCodeCredential
}

func (c *Client) newDeviceCode() (*deviceCode, error) {
	credential, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: azcore.ClientOptions{
			Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: c.cloud.Authority},
			Transport: c.tokens,
			// The transport retries, visibly.
			Retry: policy.RetryOptions{MaxRetries: -1},
		},
		ClientID:                       c.opts.ClientID,
		TenantID:                       c.authorityTenant(),
		DisableInstanceDiscovery:       c.cloud.Custom,
		DisableAutomaticAuthentication: true,
		UserPrompt: func(ctx context.Context, m azidentity.DeviceCodeMessage) error {
			f := signInFlowOf(ctx)
			f.prompt.ShowCode(Code{UserCode: m.UserCode, URL: m.VerificationURL, Expires: f.codeExpires()})
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	return &deviceCode{credential}, nil
}

func (d *deviceCode) signIn(ctx context.Context, _ *signInFlow, request policy.TokenRequestOptions) (azcore.AccessToken, Identity, error) {
	account, err := d.Authenticate(ctx, &request)
	if err != nil {
		return azcore.AccessToken{}, Identity{}, err
	}
	// The token is in the credential's cache; claims would make it ask for another.
	request.Claims = ""
	token, err := d.GetToken(ctx, request)
	object, home, _ := strings.Cut(account.HomeAccountID, ".")
	return token, Identity{TenantID: account.TenantID, ObjectID: object, UserPrincipalName: account.Username, HomeTenantID: home}, err
}
