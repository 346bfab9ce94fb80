package graph

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// browserPatience is how long a sign-in page may stay open. Nothing tells us that it was closed.
const browserPatience = 15 * time.Minute

// browser signs in with the authorization code flow and PKCE in the operator's browser, the answer coming back to a
// listener on localhost. It stands on MSAL, which azidentity is built on: azidentity.InteractiveBrowserCredential
// v1.15.0 has no option for opening the address, so it can neither show it nor choose the browser, and it lets the
// browser write on our terminal.
type browser struct {
	client  public.Client
	account public.Account
	hint    string // user name to fill in
}

func (c *Client) newBrowser(hint string) (*browser, error) {
	client, err := public.New(c.opts.ClientID,
		public.WithAuthority(c.cloud.Authority+"/"+c.authorityTenant()),
		public.WithHTTPClient(c.tokens),
		public.WithClientCapabilities([]string{"CP1"}), // continuous access evaluation
		public.WithInstanceDiscovery(!c.cloud.Custom))
	if err != nil {
		return nil, err
	}
	return &browser{client: client, hint: hint}, nil
}

// GetToken gives a token from memory or with the refresh token; nobody is asked.
func (b *browser) GetToken(ctx context.Context, request policy.TokenRequestOptions) (azcore.AccessToken, error) {
	result, err := b.client.AcquireTokenSilent(ctx, request.Scopes, public.WithSilentAccount(b.account), public.WithClaims(request.Claims))
	return azcore.AccessToken{Token: result.AccessToken, ExpiresOn: result.ExpiresOn}, err
}

func (b *browser) signIn(ctx context.Context, f *flow, request policy.TokenRequestOptions) (azcore.AccessToken, Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, browserPatience)
	defer cancel()
	type outcome struct {
		result public.AuthResult
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil { // its value may quote a token
				done <- outcome{err: fmt.Errorf("internal error: %T", v)}
			}
		}()
		result, err := b.client.AcquireTokenInteractive(ctx, request.Scopes,
			public.WithOpenURL(f.openURL), public.WithLoginHint(b.hint), public.WithClaims(request.Claims))
		done <- outcome{result, err}
	}()
	var o outcome
	// MSAL's listener waits for open connections of the browser before it ends; the operator need not.
	select {
	case o = <-done:
	case <-ctx.Done():
		o.err = ctx.Err()
	}
	if o.err != nil {
		return azcore.AccessToken{}, Identity{}, o.err
	}
	b.account = o.result.Account
	object, _, _ := strings.Cut(o.result.Account.HomeAccountID, ".")
	return azcore.AccessToken{Token: o.result.AccessToken, ExpiresOn: o.result.ExpiresOn}, Identity{
		TenantID:          firstOf(o.result.IDToken.TenantID, o.result.Account.Realm),
		ObjectID:          firstOf(o.result.IDToken.Oid, object),
		UserPrincipalName: o.result.Account.PreferredUsername,
		Name:              o.result.IDToken.Name,
	}, nil
}
