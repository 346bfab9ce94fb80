package graph

import (
	"context"
	"strings"
)

// AuthMethod is something an account can sign in with.
type AuthMethod struct {
	ID   string
	Kind string // password, microsoftAuthenticator, softwareOath, phone, fido2, email, temporaryAccessPass, …
}

// Strong reports a method that satisfies MFA by itself and lasts: anything but a password, an email address (which
// only resets passwords) and a Temporary Access Pass.
func (m AuthMethod) Strong() bool {
	switch m.Kind {
	case "password", "email", "temporaryAccessPass", "":
		return false
	}
	return true
}

// AuthenticationMethods reads what an account has registered, within seconds of the registration: GET
// /users/{id}/authentication/methods, UserAuthenticationMethod.Read.All.
// https://learn.microsoft.com/graph/api/authentication-list-methods
func (s MFA) AuthenticationMethods(ctx context.Context, userID string) ([]AuthMethod, error) {
	all, err := listJSON[struct {
		Type string `json:"@odata.type"`
		ID   string `json:"id"`
	}](ctx, s.client, "read the account's authentication methods", s.client.v1("/users/"+segment(userID)+"/authentication/methods"))
	var methods []AuthMethod
	for _, m := range all {
		kind := strings.TrimPrefix(m.Type, "#microsoft.graph.")
		methods = append(methods, AuthMethod{ID: m.ID, Kind: strings.TrimSuffix(kind, "AuthenticationMethod")})
	}
	return methods, err
}
