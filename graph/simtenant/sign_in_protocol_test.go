package simtenant_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

const (
	testVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	testRedirect = "http://localhost:53211"
)

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// authorizeValues are those of a good authorization request.
func authorizeValues(more ...string) url.Values {
	v := url.Values{
		"client_id": {state.AppCommandLine}, "response_type": {"code"}, "redirect_uri": {testRedirect}, "scope": {"https://graph.microsoft.com/User.Read openid profile offline_access"},
		"state": {"st 1"}, "nonce": {"n1"}, "code_challenge": {challengeOf(testVerifier)}, "code_challenge_method": {"S256"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
		if more[i+1] == "" {
			v.Del(more[i])
		}
	}
	return v
}

func (w *wire) parse(v url.Values) (entra.AuthorizeRequest, *entra.Error) {
	w.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, w.ep.Authority+"/"+w.ep.TenantID+"/oauth2/v2.0/authorize?"+v.Encode(), nil)
	if err != nil {
		w.Fatal(err)
	}
	return w.tenant.Entra.ParseAuthorize(req)
}

// code signs upn in and consents to the request, as the pages do.
func (w *wire) code(upn string, v url.Values) string {
	w.Helper()
	req, refusal := w.parse(v)
	if refusal != nil {
		w.Fatal(refusal)
	}
	if refusal := w.tenant.Entra.Consents.GrantConsent(w.id(upn), req.ClientID, req.Scopes, false); refusal != nil {
		w.Fatal(refusal)
	}
	req.CompletedMFA = true
	to, err := url.Parse(w.tenant.Entra.IssueCode(w.id(upn), req))
	if err != nil {
		w.Fatal(err)
	}
	if !strings.HasPrefix(to.String(), testRedirect+"?") || to.Query().Get("state") != v.Get("state") {
		w.Fatalf("redirected to %s", to)
	}
	return to.Query().Get("code")
}

func (w *wire) redeem(code, verifier string, more ...string) reply {
	w.Helper()
	return w.form("token", append([]string{
		"grant_type", "authorization_code", "client_id", state.AppCommandLine, "code", code, "redirect_uri", testRedirect, "code_verifier", verifier, "client_info", "1",
		"scope", "https://graph.microsoft.com/User.Read openid profile offline_access",
	}, more...)...)
}

// refused checks Entra's error body whole.
func (w *wire) entraRefusal(r reply, name string, code int) {
	w.Helper()
	codes, _ := r.body["error_codes"].([]any)
	if r.code() != name || len(codes) != 1 || codes[0] != float64(code) {
		w.Errorf("answered %d %s, want %s %d", r.status, r.text, name, code)
	}
	for _, member := range []string{"error_description", "timestamp", "trace_id", "correlation_id"} {
		if text, _ := r.body[member].(string); text == "" {
			w.Errorf("%s is missing in %s", member, r.text)
		}
	}
}

func claimsOf(t *testing.T, token any) map[string]any {
	t.Helper()
	text, _ := token.(string)
	claims := jwt.MapClaims{}
	if _, err := jwt.ParseWithClaims(text, claims, func(*jwt.Token) (any, error) { return &entra.SigningKey().PublicKey, nil }); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestAuthorizationCode(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	code := w.code(state.OperatorUPN, authorizeValues("claims", `{"access_token":{"xms_cc":{"values":["CP1"]}}}`))
	r := w.redeem(code, testVerifier)
	if r.status != 200 {
		t.Fatal(r.text)
	}
	access, id := claimsOf(t, r.body["access_token"]), claimsOf(t, r.body["id_token"])
	operator := w.id(state.OperatorUPN)
	for name, want := range map[string]any{
		"aud": "https://graph.microsoft.com", "tid": w.ep.TenantID, "oid": operator, "upn": state.OperatorUPN, "scp": "User.Read", "appid": state.AppCommandLine,
		"iss": "https://sts.windows.net/" + w.ep.TenantID + "/", "ver": "1.0",
	} {
		if access[name] != want {
			t.Errorf("claim %s is %v, want %v", name, access[name], want)
		}
	}
	if wids, _ := access["wids"].([]any); !slices.Contains(wids, any(state.RoleGlobalAdministrator)) {
		t.Errorf("wids are %v", access["wids"])
	}
	if cc, _ := access["xms_cc"].([]any); len(cc) != 1 || cc[0] != "cp1" {
		t.Errorf("xms_cc is %v", access["xms_cc"])
	}
	if minutes := (access["exp"].(float64) - access["iat"].(float64)) / 60; minutes != 75 {
		t.Errorf("the token lives %v minutes", minutes)
	}
	if id["aud"] != state.AppCommandLine || id["nonce"] != "n1" || id["preferred_username"] != state.OperatorUPN || id["ver"] != "2.0" || id["iss"] != w.ep.Authority+"/"+w.ep.TenantID+"/v2.0" {
		t.Errorf("id token is %v", id)
	}
	if r.body["scope"] != "https://graph.microsoft.com/User.Read openid profile" || r.body["token_type"] != "Bearer" || r.body["expires_in"] != 4500.0 {
		t.Errorf("answer is %s", r.text)
	}
	info, err := base64.RawURLEncoding.DecodeString(r.body["client_info"].(string))
	if want := `{"uid":"` + operator + `","utid":"` + w.ep.TenantID + `"}`; err != nil || string(info) != want {
		t.Errorf("client_info is %s, want %s", info, want)
	}
	if me := w.send("GET", w.ep.Graph+"/v1.0/me", "", "Authorization", "Bearer "+r.body["access_token"].(string)); me.status != 200 {
		t.Errorf("Graph says %s", me.text)
	}
}

func TestAuthorizationCodeRefusals(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	w.entraRefusal(w.redeem(w.code(state.OperatorUPN, authorizeValues()), testVerifier+"x"), "invalid_grant", entra.AADBadVerifier)
	w.entraRefusal(w.redeem("0.none", testVerifier), "invalid_grant", entra.AADGrantInvalid)
	w.entraRefusal(w.redeem(w.code(state.OperatorUPN, authorizeValues()), testVerifier, "redirect_uri", "http://localhost:1"), "invalid_request", entra.AADBadRedirect)
	w.entraRefusal(w.redeem(w.code(state.OperatorUPN, authorizeValues()), testVerifier, "client_id", state.CustomerClientID), "invalid_grant", entra.AADGrantInvalid)
	w.entraRefusal(w.redeem(w.code(state.OperatorUPN, authorizeValues()), testVerifier, "client_secret", "s"), "invalid_client", entra.AADPublicClientSecret)
	used := w.code(state.OperatorUPN, authorizeValues())
	if r := w.redeem(used, testVerifier); r.status != 200 {
		t.Fatal(r.text)
	}
	w.entraRefusal(w.redeem(used, testVerifier), "invalid_grant", entra.AADCodeRedeemed)
	w.entraRefusal(w.form("token", "grant_type", "authorization_code", "client_id", state.AppCommandLine), "invalid_request", entra.AADParameterMissing)
	w.entraRefusal(w.form("token", "grant_type", "magic", "client_id", state.AppCommandLine), "unsupported_grant_type", entra.AADBadGrantType)
	w.entraRefusal(w.form("token", "grant_type", "refresh_token", "client_id", "11111111-1111-4111-8111-111111111111"), "unauthorized_client", entra.AADAppUnknown)
	r := w.send("GET", w.ep.Authority+"/"+w.ep.TenantID+"/oauth2/v2.0/token", "")
	w.entraRefusal(r, "invalid_grant", entra.AADMethodNotAllowed)

	start := time.Now()
	late := w.code(state.OperatorUPN, authorizeValues())
	w.tenant.State.Now = func() time.Time { return start.Add(11 * time.Minute) }
	w.entraRefusal(w.redeem(late, testVerifier), "invalid_grant", entra.AADGrantExpired)
}

func TestAuthorizeRequestIsChecked(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	tests := []struct {
		name string
		more []string
		code int
	}{
		{"good", nil, 0},
		{"short scopes", []string{"scope", "User.Read openid"}, 0},
		{"scope in another case", []string{"scope", "user.read"}, 0},
		{"the default scope", []string{"scope", "https://graph.microsoft.com/.default"}, 0},
		{"the simulated Graph", []string{"scope", "https://127.0.0.1:4443/User.Read"}, 0},
		{"another port", []string{"redirect_uri", "http://localhost:1/"}, 0},
		{"the customer's client", []string{"client_id", state.CustomerClientID}, 0},
		{"unknown client", []string{"client_id", "11111111-1111-4111-8111-111111111111"}, entra.AADAppUnknown},
		{"no client", []string{"client_id", ""}, entra.AADParameterMissing},
		{"no scope", []string{"scope", ""}, entra.AADParameterMissing},
		{"foreign redirect", []string{"redirect_uri", "https://evil.example/"}, entra.AADBadRedirect},
		{"redirect to a path", []string{"redirect_uri", "http://localhost:1/steal"}, entra.AADBadRedirect},
		{"redirect to an address", []string{"redirect_uri", "http://127.0.0.1:1"}, entra.AADBadRedirect},
		{"redirect that only looks local", []string{"redirect_uri", "http://localhost.evil.example"}, entra.AADBadRedirect},
		{"token response", []string{"response_type", "token"}, entra.AADBadResponseType},
		{"plain challenge", []string{"code_challenge_method", "plain"}, entra.AADMalformed},
		{"no challenge", []string{"code_challenge", ""}, entra.AADParameterMissing},
		{"unknown response mode", []string{"response_mode", "pigeon"}, entra.AADMalformed},
		{"unknown scope", []string{"scope", "Everything.ReadWrite"}, entra.AADScopeUnknown},
		{"another resource", []string{"scope", "https://vault.azure.net/.default"}, entra.AADResourceUnknown},
		{"two resources", []string{"scope", "https://graph.microsoft.com/User.Read https://graph.microsoft.us/User.Read"}, entra.AADGrantInvalid},
	}
	for _, test := range tests {
		_, refusal := w.parse(authorizeValues(test.more...))
		got := 0
		if refusal != nil {
			got = refusal.Code
		}
		if got != test.code {
			t.Errorf("%s: %d, want %d (%v)", test.name, got, test.code, refusal)
		}
	}
}

func TestRefreshToken(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	first := w.redeem(w.code(state.OperatorUPN, authorizeValues()), testVerifier)
	refresh := func(token any, more ...string) reply {
		text, _ := token.(string)
		return w.form("token", append([]string{"grant_type", "refresh_token", "client_id", state.AppCommandLine, "refresh_token", text, "client_info", "1"}, more...)...)
	}
	second := refresh(first.body["refresh_token"], "scope", "https://graph.microsoft.com/User.Read openid offline_access")
	if second.status != 200 || second.body["refresh_token"] == first.body["refresh_token"] || second.body["refresh_token"] == nil {
		t.Fatalf("refreshed: %s", second.text)
	}
	missing := refresh(second.body["refresh_token"], "scope", "https://graph.microsoft.com/AuditLog.Read.All")
	w.entraRefusal(missing, "invalid_grant", entra.AADConsentMissing)
	if missing.body["suberror"] != "consent_required" {
		t.Errorf("suberror is %v", missing.body["suberror"])
	}
	if refusal := w.tenant.Entra.Consents.GrantConsent(w.id(state.OperatorUPN), state.AppCommandLine, []string{"AuditLog.Read.All"}, true); refusal != nil {
		t.Fatal(refusal)
	}
	third := refresh(second.body["refresh_token"], "scope", "https://graph.microsoft.com/AuditLog.Read.All")
	if claims := claimsOf(t, third.body["access_token"]); claims["scp"] != "AuditLog.Read.All User.Read" {
		t.Errorf("scp is %v", claims["scp"])
	}
	w.entraRefusal(refresh("1.none"), "invalid_request", entra.AADMalformed)
	w.tenant.State.Directory.UserByUPNLocked(state.OperatorUPN).Sessions.ValidFrom = time.Now().Add(time.Second)
	w.entraRefusal(refresh(second.body["refresh_token"]), "invalid_grant", entra.AADRefreshRevoked)
	w.tenant.State.Directory.UserByUPNLocked(state.OperatorUPN).AccountEnabled = false
	w.entraRefusal(refresh(second.body["refresh_token"]), "invalid_grant", entra.AADDisabled)
}

func TestDeviceCodeFlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t, simtenant.Options{})
		if refusal := w.tenant.Entra.Consents.GrantConsent(w.id(state.OperatorUPN), state.AppCommandLine, []string{"User.Read"}, false); refusal != nil {
			t.Fatal(refusal)
		}
		start := func() (code, user string) {
			r := w.form("devicecode", "client_id", state.AppCommandLine, "scope", "User.Read openid offline_access")
			if r.status != 200 || r.body["interval"] != 5.0 || r.body["expires_in"] != 900.0 || r.body["verification_uri"] != w.ep.Authority+"/devicelogin" {
				t.Fatalf("device code: %s", r.text)
			}
			return r.body["device_code"].(string), r.body["user_code"].(string)
		}
		poll := func(code string) reply {
			return w.form("token", "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "client_id", state.AppCommandLine, "device_code", code)
		}
		code, user := start()
		w.entraRefusal(poll(code), "authorization_pending", entra.AADDevicePending)
		time.Sleep(2 * time.Second)
		w.entraRefusal(poll(code), "slow_down", entra.AADDeviceTooFast)
		time.Sleep(6 * time.Second)
		w.entraRefusal(poll(code), "authorization_pending", entra.AADDevicePending)
		if d, ok := w.tenant.Entra.PendingDevice(" " + strings.ToLower(user) + " "); !ok || d.ClientName != "Microsoft Graph Command Line Tools" {
			t.Fatalf("pending is %v %v", d, ok)
		}
		if err := w.tenant.Entra.ApproveDevice(user, w.id(state.OperatorUPN)); err != nil {
			t.Fatal(err)
		}
		if _, ok := w.tenant.Entra.PendingDevice(user); ok {
			t.Error("an approved code can be entered again")
		}
		time.Sleep(5 * time.Second)
		r := poll(code)
		if claims := claimsOf(t, r.body["access_token"]); claims["upn"] != state.OperatorUPN || claims["aud"] != state.AppGraph {
			t.Errorf("claims are %v", claims)
		}
		w.entraRefusal(poll(code), "invalid_grant", entra.AADGrantInvalid)

		code, user = start()
		if err := w.tenant.Entra.DeclineDevice(user, nil); err != nil {
			t.Fatal(err)
		}
		w.entraRefusal(poll(code), "authorization_declined", entra.AADDeviceDeclined)

		code, user = start()
		time.Sleep(15 * time.Minute)
		w.entraRefusal(poll(code), "expired_token", entra.AADDeviceExpired)
		if err := w.tenant.Entra.ApproveDevice(user, w.id(state.OperatorUPN)); err == nil {
			t.Error("an expired code was approved")
		}
	})
}

func TestPasswordGrant(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	w.tenant.AddUser("service@contoso.com", "Service", "Correct-Horse-9")
	w.consent("service@contoso.com", "User.Read")
	grant := func(upn, password string) reply {
		return w.form("token", "grant_type", "password", "client_id", state.AppCommandLine, "username", upn, "password", password, "scope", "User.Read")
	}
	if r := grant("service@contoso.com", "Correct-Horse-9"); r.status != 200 {
		t.Error(r.text)
	}
	w.entraRefusal(grant("service@contoso.com", "wrong"), "invalid_grant", entra.AADBadCredentials)
	w.entraRefusal(grant("nobody@contoso.com", "wrong"), "invalid_grant", entra.AADUserNotFound)
	w.entraRefusal(grant(state.OperatorUPN, state.OperatorPassword), "interaction_required", entra.AADMFARequired)
}

func (w *wire) consent(upn string, scopes ...string) {
	w.Helper()
	if refusal := w.tenant.Entra.Consents.GrantConsent(w.id(upn), state.AppCommandLine, scopes, false); refusal != nil {
		w.Fatal(refusal)
	}
}
