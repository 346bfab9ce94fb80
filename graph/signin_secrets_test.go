package graph

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Whatever the sign-in service is sent or sends that is as good as a password is looked for; a user code is not, nor what a
// browser brought.
func TestCredentialsWatched(t *testing.T) {
	redactAnswer([]byte(`{"access_token":"access-3fJq8LmPz","refresh_token":"refresh-9dKw2XbTy","user_code":"FJC3MRTLQ","expires_in":3600}`))
	form := url.Values{"code": {"code-7hGs4VnRc"}, "code_verifier": {"verifier-5tYp1QaZx"}, "client_id": {"14d82eec-204b-4c2f"}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://login.example/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	redactRequest(req)
	for text, want := range map[string]bool{
		"access-3fJq8LmPz": true, "refresh-9dKw2XbTy": true, "code-7hGs4VnRc": false, "verifier-5tYp1QaZx": true,
		"FJC3MRTLQ": false, "14d82eec-204b-4c2f": false,
	} {
		if watched(text) != want {
			t.Errorf("%s is looked for: %t", text, !want)
		}
	}
	redactAnswer([]byte("not JSON"))
	redactAnswer(nil)
}
