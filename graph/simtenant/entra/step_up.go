package entra

import (
	"encoding/json"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// contextsAsked are the authentication contexts that a claims parameter demands.
func contextsAsked(claims string) []string {
	var c struct {
		AccessToken struct {
			ACRS struct {
				Value  string   `json:"value"`
				Values []string `json:"values"`
			} `json:"acrs"`
		} `json:"access_token"`
	}
	if json.Unmarshal([]byte(claims), &c) != nil {
		return nil
	}
	asked := c.AccessToken.ACRS.Values
	if v := c.AccessToken.ACRS.Value; v != "" {
		asked = append(asked, v)
	}
	return asked
}

// unmetContextLocked refuses to renew a sign-in for a context that the person did not meet in it; nil when they did.
func (s *SignIn) unmetContextLocked(asked, met []string, client *state.ServicePrincipal) *Error {
	if !slices.ContainsFunc(asked, func(c string) bool { return !slices.Contains(met, c) }) {
		return nil
	}
	return s.refuseLocked(AADMFARequired, "Sign in again with a second factor.", mfaRequiredText, client.DisplayName)
}
