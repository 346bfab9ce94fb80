package graph

import (
	"context"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// Token is an access token for Graph, without what renews it.
type Token struct {
	Text    Secret
	Expires time.Time // by the clock that nobody can set
}

// Token is the access token that requests carry now, renewed silently first when it is about to end. Errors are
// *SignInError.
func (c *Client) Token(ctx context.Context) (Token, error) {
	text, err := c.accessToken(ctx, "")
	if err != nil {
		return Token{}, err
	}
	return Token{NewSecret(text), c.TokenExpires()}, nil
}

// Relay is a credential for Options that hands on the newest token it was given by somebody who can renew it. It may be
// used by several goroutines.
type Relay struct {
	mu    sync.Mutex
	token Token
}

// Set replaces the token.
func (r *Relay) Set(t Token) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.token = t
}

// Expires is when the newest token ends; zero before the first.
func (r *Relay) Expires() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.token.Expires
}

// GetToken returns the newest token, whatever is asked for, also one that has ended by this computer's clocks: whether it still holds,
// Microsoft decides. It fails with a *SignInError before the first.
func (r *Relay) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.token.Text.IsZero() {
		return azcore.AccessToken{}, &SignInError{Message: "no token was handed over yet", kind: ErrUnauthorized}
	}
	return azcore.AccessToken{Token: r.token.Text.Reveal(), ExpiresOn: r.token.Expires}, nil
}
