package graph

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
)

// browserTimeout is how long a sign-in page may stay open. Nothing tells us that it was closed.
const browserTimeout = 15 * time.Minute

// browser signs in with the authorization code flow and PKCE in the operator's browser, the answer coming back to a
// listener on localhost. It stands on MSAL, which azidentity is built on: azidentity.InteractiveBrowserCredential
// v1.15.0 has no option for opening the address, so it can neither show it nor choose the browser, and it lets the
// browser write on our terminal. The listener is our own: that of MSAL v1.10.1 takes an error without the state, and any
// request to any path ends its wait.
type browser struct {
	client   public.Client
	clientID string
	account  public.Account
	hint     string // user name to fill in
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
	return &browser{client: client, clientID: c.opts.ClientID, hint: hint}, nil
}

// GetToken gives a token from memory or with the refresh token; nobody is asked.
func (b *browser) GetToken(ctx context.Context, request policy.TokenRequestOptions) (azcore.AccessToken, error) {
	result, err := b.client.AcquireTokenSilent(ctx, request.Scopes, public.WithSilentAccount(b.account), public.WithClaims(request.Claims))
	return azcore.AccessToken{Token: result.AccessToken, ExpiresOn: result.ExpiresOn}, err
}

func (b *browser) signIn(ctx context.Context, f *signInFlow, request policy.TokenRequestOptions) (azcore.AccessToken, Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, browserTimeout)
	defer cancel()
	listener, err := listenForRedirect(ctx, f.prompt.Tell)
	if err != nil {
		return azcore.AccessToken{}, Identity{}, f.unopened(fmt.Errorf("listen for the answer on this computer: %w", err))
	}
	defer listener.close()
	verifier := rand.Text() + rand.Text() // 52 characters of base32: RFC 7636, section 4.1, asks for 43 to 128
	address, err := b.address(ctx, listener, verifier, request)
	if err != nil {
		return azcore.AccessToken{}, Identity{}, err
	}
	if f.prompt.Lead != nil && listener.leadsTo(address) {
		f.prompt.Lead(address, listener.link)
	}
	if err := f.openURL(address); err != nil {
		return azcore.AccessToken{}, Identity{}, err
	}
	answer, err := listener.wait(ctx)
	switch {
	case err != nil:
		return azcore.AccessToken{}, Identity{}, err
	case answer.code == "":
		return azcore.AccessToken{}, Identity{}, &browserError{answer}
	}
	forget := redact.Watch(answer.code)
	result, err := b.client.AcquireTokenByAuthCode(ctx, answer.code, listener.address, request.Scopes,
		public.WithChallenge(verifier), public.WithClaims(request.Claims))
	if err != nil {
		forget() // somebody else may have sent any text, and without the verifier a code is worth nothing
		return azcore.AccessToken{}, Identity{}, err
	}
	b.account = result.Account
	object, home, _ := strings.Cut(result.Account.HomeAccountID, ".")
	return azcore.AccessToken{Token: result.AccessToken, ExpiresOn: result.ExpiresOn}, Identity{
		TenantID:          firstOf(result.IDToken.TenantID, result.Account.Realm),
		ObjectID:          firstOf(result.IDToken.Oid, object),
		UserPrincipalName: result.Account.PreferredUsername,
		Name:              result.IDToken.Name,
		HomeTenantID:      home,
	}, nil
}

// address is the sign-in page: MSAL's, with what it leaves to its own interactive flow. form_post keeps the code out of
// the browser's history; select_account asks even where one account is signed in.
func (b *browser) address(ctx context.Context, l *redirectListener, verifier string, request policy.TokenRequestOptions) (string, error) {
	scopes := append(slices.Clone(request.Scopes), "openid", "profile", "offline_access")
	address, err := b.client.AuthCodeURL(ctx, b.clientID, l.address, scopes, public.WithLoginHint(b.hint), public.WithClaims(request.Claims))
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(verifier))
	q := u.Query()
	for name, value := range map[string]string{
		"state": l.state, "response_mode": "form_post", "prompt": "select_account",
		"code_challenge": base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method": "S256",
	} {
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
