package graph

import (
	"cmp"
	"context"
	"strings"
	"time"
)

// AuthMethod is something an account can sign in with.
type AuthMethod struct {
	ID   string
	Kind string // password, microsoftAuthenticator, softwareOath, phone, fido2, email, temporaryAccessPass, …
	Name string // what its owner called it, or the number or address; mostly empty

	Created time.Time // zero where Graph does not say it
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
		Type    string     `json:"@odata.type"`
		ID      string     `json:"id"`
		Name    string     `json:"displayName"`
		Number  string     `json:"phoneNumber"`
		Address string     `json:"emailAddress"`
		Created *time.Time `json:"createdDateTime"`
	}](ctx, s.client, "read the account's authentication methods", s.client.v1("/users/"+segment(userID)+"/authentication/methods"))
	var methods []AuthMethod
	for _, m := range all {
		kind := strings.TrimPrefix(m.Type, "#microsoft.graph.")
		methods = append(methods, AuthMethod{
			ID: m.ID, Kind: strings.TrimSuffix(kind, "AuthenticationMethod"), Name: cmp.Or(m.Name, m.Number, m.Address), Created: deref(m.Created),
		})
	}
	return methods, err
}
