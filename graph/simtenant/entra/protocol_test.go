package entra_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

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
	w := simtest.NewWire(t, simtenant.Options{})
	code := w.Code(state.OperatorUPN, simtest.AuthorizeValues("claims", `{"access_token":{"xms_cc":{"values":["CP1"]}}}`))
	r := w.Redeem(code, simtest.TestVerifier)
	if r.Status != 200 {
		t.Fatal(r.Text)
	}
	access, id := claimsOf(t, r.Body["access_token"]), claimsOf(t, r.Body["id_token"])
	operator := w.ID(state.OperatorUPN)
	for name, want := range map[string]any{
		"aud": "https://graph.microsoft.com", "tid": w.Endpoints.TenantID, "oid": operator, "upn": state.OperatorUPN, "scp": "User.Read", "appid": state.AppCommandLine,
		"iss": "https://sts.windows.net/" + w.Endpoints.TenantID + "/", "ver": "1.0",
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
	if id["aud"] != state.AppCommandLine || id["nonce"] != "n1" || id["preferred_username"] != state.OperatorUPN || id["ver"] != "2.0" || id["iss"] != w.Endpoints.Authority+"/"+w.Endpoints.TenantID+"/v2.0" {
		t.Errorf("id token is %v", id)
	}
	if r.Body["scope"] != "https://graph.microsoft.com/User.Read openid profile" || r.Body["token_type"] != "Bearer" || r.Body["expires_in"] != 4500.0 {
		t.Errorf("answer is %s", r.Text)
	}
	info, err := base64.RawURLEncoding.DecodeString(r.Body["client_info"].(string))
	if want := `{"uid":"` + operator + `","utid":"` + w.Endpoints.TenantID + `"}`; err != nil || string(info) != want {
		t.Errorf("client_info is %s, want %s", info, want)
	}
	if me := w.Send("GET", w.Endpoints.Graph+"/v1.0/me", "", "Authorization", "Bearer "+r.Body["access_token"].(string)); me.Status != 200 {
		t.Errorf("Graph says %s", me.Text)
	}
}

func TestAuthorizationCodeRefusals(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	w.EntraRefusal(w.Redeem(w.Code(state.OperatorUPN, simtest.AuthorizeValues()), simtest.TestVerifier+"x"), "invalid_grant", entra.AADBadVerifier)
	w.EntraRefusal(w.Redeem("0.none", simtest.TestVerifier), "invalid_grant", entra.AADGrantInvalid)
	w.EntraRefusal(w.Redeem(w.Code(state.OperatorUPN, simtest.AuthorizeValues()), simtest.TestVerifier, "redirect_uri", "http://localhost:1"), "invalid_request", entra.AADBadRedirect)
	w.EntraRefusal(w.Redeem(w.Code(state.OperatorUPN, simtest.AuthorizeValues()), simtest.TestVerifier, "client_id", state.CustomerClientID), "invalid_grant", entra.AADGrantInvalid)
	w.EntraRefusal(w.Redeem(w.Code(state.OperatorUPN, simtest.AuthorizeValues()), simtest.TestVerifier, "client_secret", "s"), "invalid_client", entra.AADPublicClientSecret)
	used := w.Code(state.OperatorUPN, simtest.AuthorizeValues())
	if r := w.Redeem(used, simtest.TestVerifier); r.Status != 200 {
		t.Fatal(r.Text)
	}
	w.EntraRefusal(w.Redeem(used, simtest.TestVerifier), "invalid_grant", entra.AADCodeRedeemed)
	w.EntraRefusal(w.Form("token", "grant_type", "authorization_code", "client_id", state.AppCommandLine), "invalid_request", entra.AADParameterMissing)
	w.EntraRefusal(w.Form("token", "grant_type", "magic", "client_id", state.AppCommandLine), "unsupported_grant_type", entra.AADBadGrantType)
	w.EntraRefusal(w.Form("token", "grant_type", "refresh_token", "client_id", "11111111-1111-4111-8111-111111111111"), "unauthorized_client", entra.AADAppUnknown)
	r := w.Send("GET", w.Endpoints.Authority+"/"+w.Endpoints.TenantID+"/oauth2/v2.0/token", "")
	w.EntraRefusal(r, "invalid_grant", entra.AADMethodNotAllowed)

	start := time.Now()
	late := w.Code(state.OperatorUPN, simtest.AuthorizeValues())
	w.Tenant.State.Now = func() time.Time { return start.Add(11 * time.Minute) }
	w.EntraRefusal(w.Redeem(late, simtest.TestVerifier), "invalid_grant", entra.AADGrantExpired)
}

func TestAuthorizeRequestIsChecked(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
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
		_, refusal := simtest.Parse(w, simtest.AuthorizeValues(test.more...))
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
	w := simtest.NewWire(t, simtenant.Options{})
	first := w.Redeem(w.Code(state.OperatorUPN, simtest.AuthorizeValues()), simtest.TestVerifier)
	refresh := func(token any, more ...string) simtest.Reply {
		text, _ := token.(string)
		return w.Form("token", append([]string{"grant_type", "refresh_token", "client_id", state.AppCommandLine, "refresh_token", text, "client_info", "1"}, more...)...)
	}
	second := refresh(first.Body["refresh_token"], "scope", "https://graph.microsoft.com/User.Read openid offline_access")
	if second.Status != 200 || second.Body["refresh_token"] == first.Body["refresh_token"] || second.Body["refresh_token"] == nil {
		t.Fatalf("refreshed: %s", second.Text)
	}
	missing := refresh(second.Body["refresh_token"], "scope", "https://graph.microsoft.com/AuditLog.Read.All")
	w.EntraRefusal(missing, "invalid_grant", entra.AADConsentMissing)
	if missing.Body["suberror"] != "consent_required" {
		t.Errorf("suberror is %v", missing.Body["suberror"])
	}
	if refusal := w.Tenant.Entra.Consents.GrantConsent(w.ID(state.OperatorUPN), state.AppCommandLine, []string{"AuditLog.Read.All"}, true); refusal != nil {
		t.Fatal(refusal)
	}
	third := refresh(second.Body["refresh_token"], "scope", "https://graph.microsoft.com/AuditLog.Read.All")
	if claims := claimsOf(t, third.Body["access_token"]); claims["scp"] != "AuditLog.Read.All User.Read" {
		t.Errorf("scp is %v", claims["scp"])
	}
	w.EntraRefusal(refresh("1.none"), "invalid_request", entra.AADMalformed)
	w.Tenant.State.Directory.UserByUPNLocked(state.OperatorUPN).Sessions.ValidFrom = time.Now().Add(time.Second)
	w.EntraRefusal(refresh(second.Body["refresh_token"]), "invalid_grant", entra.AADRefreshRevoked)
	w.Tenant.State.Directory.UserByUPNLocked(state.OperatorUPN).AccountEnabled = false
	w.EntraRefusal(refresh(second.Body["refresh_token"]), "invalid_grant", entra.AADDisabled)
}

func TestDeviceCodeFlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := simtest.NewWire(t, simtenant.Options{})
		if refusal := w.Tenant.Entra.Consents.GrantConsent(w.ID(state.OperatorUPN), state.AppCommandLine, []string{"User.Read"}, false); refusal != nil {
			t.Fatal(refusal)
		}
		start := func() (code, user string) {
			r := w.Form("devicecode", "client_id", state.AppCommandLine, "scope", "User.Read openid offline_access")
			if r.Status != 200 || r.Body["interval"] != 5.0 || r.Body["expires_in"] != 900.0 || r.Body["verification_uri"] != w.Endpoints.Authority+"/devicelogin" {
				t.Fatalf("device code: %s", r.Text)
			}
			return r.Body["device_code"].(string), r.Body["user_code"].(string)
		}
		poll := func(code string) simtest.Reply {
			return w.Form("token", "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "client_id", state.AppCommandLine, "device_code", code)
		}
		code, user := start()
		w.EntraRefusal(poll(code), "authorization_pending", entra.AADDevicePending)
		time.Sleep(2 * time.Second)
		w.EntraRefusal(poll(code), "slow_down", entra.AADDeviceTooFast)
		time.Sleep(6 * time.Second)
		w.EntraRefusal(poll(code), "authorization_pending", entra.AADDevicePending)
		if d, ok := w.Tenant.Entra.PendingDevice(" " + strings.ToLower(user) + " "); !ok || d.ClientName != "Microsoft Graph Command Line Tools" {
			t.Fatalf("pending is %v %v", d, ok)
		}
		if err := w.Tenant.Entra.ApproveDevice(user, w.ID(state.OperatorUPN)); err != nil {
			t.Fatal(err)
		}
		if _, ok := w.Tenant.Entra.PendingDevice(user); ok {
			t.Error("an approved code can be entered again")
		}
		time.Sleep(5 * time.Second)
		r := poll(code)
		if claims := claimsOf(t, r.Body["access_token"]); claims["upn"] != state.OperatorUPN || claims["aud"] != state.AppGraph {
			t.Errorf("claims are %v", claims)
		}
		w.EntraRefusal(poll(code), "invalid_grant", entra.AADGrantInvalid)

		code, user = start()
		if err := w.Tenant.Entra.DeclineDevice(user, nil); err != nil {
			t.Fatal(err)
		}
		w.EntraRefusal(poll(code), "authorization_declined", entra.AADDeviceDeclined)

		code, user = start()
		time.Sleep(15 * time.Minute)
		w.EntraRefusal(poll(code), "expired_token", entra.AADDeviceExpired)
		if err := w.Tenant.Entra.ApproveDevice(user, w.ID(state.OperatorUPN)); err == nil {
			t.Error("an expired code was approved")
		}
	})
}

func TestPasswordGrant(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	w.Tenant.AddUser("service@contoso.com", "Service", "Correct-Horse-9")
	w.Consent("service@contoso.com", "User.Read")
	grant := func(upn, password string) simtest.Reply {
		return w.Form("token", "grant_type", "password", "client_id", state.AppCommandLine, "username", upn, "password", password, "scope", "User.Read")
	}
	if r := grant("service@contoso.com", "Correct-Horse-9"); r.Status != 200 {
		t.Error(r.Text)
	}
	w.EntraRefusal(grant("service@contoso.com", "wrong"), "invalid_grant", entra.AADBadCredentials)
	w.EntraRefusal(grant("nobody@contoso.com", "wrong"), "invalid_grant", entra.AADUserNotFound)
	w.EntraRefusal(grant(state.OperatorUPN, state.OperatorPassword), "interaction_required", entra.AADMFARequired)
}
