package simtest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Code signs upn in and consents to the request, as the pages do.
func (w *Wire) Code(upn string, v url.Values) string {
	w.Helper()
	req, refusal := Parse(w, v)
	if refusal != nil {
		w.Fatal(refusal)
	}
	if refusal := w.Tenant.Entra.Consents.GrantConsent(w.ID(upn), req.ClientID, req.Scopes, false); refusal != nil {
		w.Fatal(refusal)
	}
	req.CompletedMFA = true
	to, err := url.Parse(w.Tenant.Entra.IssueCode(w.ID(upn), req))
	if err != nil {
		w.Fatal(err)
	}
	if !strings.HasPrefix(to.String(), testRedirect+"?") || to.Query().Get("state") != v.Get("state") {
		w.Fatalf("redirected to %s", to)
	}
	return to.Query().Get("code")
}

// Redeem sends an authorization code to the token endpoint.
func (w *Wire) Redeem(code, verifier string, more ...string) Reply {
	w.Helper()
	return w.Form("token", append([]string{
		"grant_type", "authorization_code", "client_id", state.AppCommandLine, "code", code, "redirect_uri", testRedirect, "code_verifier", verifier, "client_info", "1",
		"scope", "https://graph.microsoft.com/User.Read openid profile offline_access",
	}, more...)...)
}

// EntraRefusal checks Entra's error body whole.
func (w *Wire) EntraRefusal(r Reply, name string, code int) {
	w.Helper()
	codes, _ := r.Body["error_codes"].([]any)
	if r.Code() != name || len(codes) != 1 || codes[0] != float64(code) {
		w.Errorf("answered %d %s, want %s %d", r.Status, r.Text, name, code)
	}
	for _, member := range []string{"error_description", "timestamp", "trace_id", "correlation_id"} {
		if text, _ := r.Body[member].(string); text == "" {
			w.Errorf("%s is missing in %s", member, r.Text)
		}
	}
}

// Consent lets Microsoft's command-line client have these scopes, for this account.
func (w *Wire) Consent(upn string, scopes ...string) {
	w.Helper()
	if refusal := w.Tenant.Entra.Consents.GrantConsent(w.ID(upn), state.AppCommandLine, scopes, false); refusal != nil {
		w.Fatal(refusal)
	}
}

// AuthorizeValues are those of a good authorization request.
func AuthorizeValues(more ...string) url.Values {
	v := url.Values{
		"client_id": {state.AppCommandLine}, "response_type": {"code"}, "redirect_uri": {testRedirect}, "scope": {"https://graph.microsoft.com/User.Read openid profile offline_access"},
		"state": {"st 1"}, "nonce": {"n1"}, "code_challenge": {challengeOf(TestVerifier)}, "code_challenge_method": {"S256"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
		if more[i+1] == "" {
			v.Del(more[i])
		}
	}
	return v
}

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Parse checks a request to the authorization endpoint.
func Parse(w *Wire, v url.Values) (entra.AuthorizeRequest, *entra.Error) {
	w.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, w.Endpoints.Authority+"/"+w.Endpoints.TenantID+"/oauth2/v2.0/authorize?"+v.Encode(), nil)
	if err != nil {
		w.Fatal(err)
	}
	return w.Tenant.Entra.ParseAuthorize(req)
}

// What an authorization request of a test carries.
const (
	TestVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	testRedirect = "http://localhost:53211"
)
