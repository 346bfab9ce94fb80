package simtenant

import (
	"net/http"
	"strings"
)

// isUserInfo says whether a request goes to OpenID Connect's endpoint for claims about the account, which is Graph's
// (https://learn.microsoft.com/entra/identity-platform/userinfo).
func isUserInfo(r *http.Request) bool { return strings.EqualFold(r.URL.Path, "/oidc/userinfo") }

func (t *Tenant) serveUserInfo(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	who, failure := t.authenticateLocked(r)
	if failure != nil {
		writeGraphAnswer(w, t.envelopeLocked(r, nil, failure))
		return
	}
	claims := map[string]any{"sub": who.user.id + "." + who.appID, "name": who.user.displayName, "picture": baseURL(r) + "/v1.0/me/photo/$value"}
	for claim, property := range map[string]string{"given_name": "givenName", "family_name": "surname", "email": "mail"} {
		if value := who.user.attributes[property]; value != nil {
			claims[claim] = value
		}
	}
	writeJSON(w, http.StatusOK, claims)
}
