package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Rules of this file: where a tenant protects an action, Graph answers 401 and says in claims what the token has to carry.
// The claims go into the next request for a token, and only a person can meet them
// (https://learn.microsoft.com/entra/identity/role-based-access-control/protected-actions-overview,
// https://learn.microsoft.com/entra/identity-platform/claims-challenge).

// ErrStepUp says that a stronger sign-in is asked for before this is allowed. Require asks for it.
var ErrStepUp = errors.New("a stronger sign-in is asked for")

// ActionUpdatePolicy is changing a Conditional Access policy, its exclusions among them.
const ActionUpdatePolicy = "microsoft.directory/conditionalAccessPolicies/basic/update"

// ProtectedActions are the directory's actions that demand an authentication context, by name, with the context's id.
// Beta, because that is where Microsoft documents it.
// https://learn.microsoft.com/graph/api/unifiedrbacresourcenamespace-list-resourceactions
func (s Roles) ProtectedActions(ctx context.Context) (map[string]string, error) {
	const path = "/roleManagement/directory/resourceNamespaces/microsoft.directory/resourceActions"
	address := s.client.beta(path) + encodeQuery([]string{"$filter", "isAuthenticationContextSettable eq true"})
	protected := map[string]string{}
	for range maxPages {
		var page struct {
			Next  string `json:"@odata.nextLink"`
			Value []*struct {
				Name    string `json:"name"`
				Context string `json:"authenticationContextId"`
			} `json:"value"`
		}
		if err := s.client.getJSON(ctx, "read the protected actions", address, &page); err != nil {
			return nil, err
		}
		if page.Value == nil || slices.Contains(page.Value, nil) {
			return nil, unclear("read the protected actions", errNoValue.Error(), errNoValue)
		}
		for _, a := range page.Value {
			if a.Context != "" {
				protected[a.Name] = a.Context
			}
		}
		if page.Next == "" {
			return protected, nil
		}
		address = page.Next
	}
	return nil, unclear("read the protected actions", "they do not come to an end", nil)
}

// SteppedUp reports that the current token carries the authentication context.
func (c *Client) SteppedUp(authenticationContext string) bool {
	s := c.current()
	return s != nil && slices.Contains(s.contexts, authenticationContext)
}

// StepUpAsked reports that Graph asked for a stronger sign-in, or WantStepUp did, and Require has not got it yet.
func (c *Client) StepUpAsked() bool {
	s := c.current()
	return s != nil && s.stepUp != ""
}

// WantStepUp has the next Require ask for an authentication context that the current token lacks.
func (c *Client) WantStepUp(authenticationContext string) {
	if c.SteppedUp(authenticationContext) {
		return
	}
	claims, err := json.Marshal(map[string]any{"access_token": map[string]any{
		"acrs": map[string]any{"essential": true, "value": authenticationContext},
	}})
	if err != nil {
		panic(err) // a string is always JSON
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != nil && !c.session.given {
		wanting := *c.session
		wanting.stepUp = string(claims)
		c.session = &wanting
	}
}

// asksForContext reports that claims demand an authentication context, and not only a newer token.
func asksForContext(claims string) bool {
	var c struct {
		AccessToken map[string]json.RawMessage `json:"access_token"`
	}
	return json.Unmarshal([]byte(claims), &c) == nil && c.AccessToken["acrs"] != nil
}

var challenged = regexp.MustCompile(`(?i)claims="?([A-Za-z0-9+/=_-]+)"?`)

// demandsStepUp reports that an answer demands an authentication context.
func demandsStepUp(status int, header http.Header, message string) bool {
	switch status {
	case http.StatusUnauthorized:
		for _, value := range header.Values("WWW-Authenticate") {
			if m := challenged.FindStringSubmatch(value); m != nil {
				if claims, err := decodeClaims(m[1]); err == nil && asksForContext(claims) {
					return true
				}
			}
		}
	case http.StatusForbidden: // of a token that can't answer a challenge
		return strings.Contains(strings.ToLower(message), "requires conditional access and client does not support it")
	}
	return false
}

// steppingUp makes a refused renewal say what it was for.
func steppingUp(err error) error {
	e, ok := errors.AsType[*SignInError](err)
	if !ok {
		return err
	}
	asked := *e
	asked.kind, asked.silent = ErrStepUp, false
	return &asked
}
