package graph

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	abs "github.com/microsoft/kiota-abstractions-go"
)

// authenticator puts the operator's token on a request, and only on one to this cloud's Graph over https: any other
// address is an error, where kiota's own provider sends the request without a token. It asks the credential for a new
// token when Graph challenges the one it got (continuous access evaluation,
// https://learn.microsoft.com/entra/identity-platform/claims-challenge).
type authenticator struct {
	client *Client
}

// AuthenticateRequest implements kiota's AuthenticationProvider.
func (a *authenticator) AuthenticateRequest(ctx context.Context, request *abs.RequestInformation, extra map[string]any) error {
	u, err := request.GetUri()
	if err != nil {
		return err
	}
	if err := a.client.checkAddress(u); err != nil {
		return err
	}
	challenge, _ := extra["claims"].(string)
	claims, err := decodeClaims(challenge)
	if err != nil {
		return err
	}
	token, err := a.client.accessToken(ctx, claims)
	if err != nil {
		return err
	}
	request.Headers.Remove("Authorization")
	request.Headers.Add("Authorization", "Bearer "+token)
	return nil
}

// decodeClaims reads the claims of a WWW-Authenticate header: base64 of JSON, padded or not, in either alphabet.
func decodeClaims(challenge string) (string, error) {
	if challenge == "" {
		return "", nil
	}
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(challenge, "="))
	claims, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil {
		return "", fmt.Errorf("read the claims challenge of Graph: %w", err)
	}
	return string(claims), nil
}
