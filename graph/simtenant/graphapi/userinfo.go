package graphapi

import (
	"net/http"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
)

// ServeUserInfo answers with the claims about the account behind the token.
func (api *API) ServeUserInfo(w http.ResponseWriter, r *http.Request) {
	api.tenant.Lock()
	defer api.tenant.Unlock()
	who, failure := api.AuthenticateLocked(r)
	if failure != nil {
		WriteAnswer(w, api.EnvelopeLocked(r, nil, failure))
		return
	}
	claims := map[string]any{"sub": who.User.ID + "." + who.AppID, "name": who.User.DisplayName, "picture": request.BaseURL(r) + "/v1.0/me/photo/$value"}
	for claim, property := range map[string]string{"given_name": "givenName", "family_name": "surname", "email": "mail"} {
		if value := who.User.Attributes[property]; value != nil {
			claims[claim] = value
		}
	}
	entra.WriteJSON(w, http.StatusOK, claims)
}

// IsUserInfo says whether a request goes to OpenID Connect's endpoint for claims about the account, which is Graph's
// (https://learn.microsoft.com/entra/identity-platform/userinfo).
func IsUserInfo(r *http.Request) bool { return strings.EqualFold(r.URL.Path, "/oidc/userinfo") }
