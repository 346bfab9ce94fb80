package simtenant_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

const verifier = "a-code-verifier-that-is-long-enough-for-rfc-7636"

// authorizeAddress is what Microsoft's command-line client opens in the browser.
func authorizeAddress(ep simtenant.Endpoints, redirect string, more url.Values) string {
	sum := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id": {state.AppCommandLine}, "response_type": {"code"}, "redirect_uri": {redirect}, "state": {"the-state"},
		"scope": {"openid profile offline_access User.Read Policy.Read.All"}, "prompt": {"select_account"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	maps.Copy(query, more)
	return ep.Authority + "/common/oauth2/v2.0/authorize?" + query.Encode()
}

// callback is the application's own listener, which remembers the last answer.
func callback(t *testing.T) (address string, answer func() url.Values) {
	var mu sync.Mutex
	var got url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		_ = r.ParseForm()
		got = r.Form
		_, _ = fmt.Fprint(w, "<h1>Authentication complete</h1>")
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return "http://localhost:" + u.Port(), func() url.Values {
		mu.Lock()
		defer mu.Unlock()
		return got
	}
}

func TestSignInWithBrowser(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	redirect, answer := callback(t)
	r.play("sign-in", map[string]string{"url": authorizeAddress(r.tenant.Endpoints(), redirect, nil)})
	if answer().Get("state") != "the-state" || answer().Get("code") == "" {
		t.Fatalf("the application was told %v", answer())
	}
	res, err := (&http.Client{Transport: r.tenant.Transport()}).PostForm(r.tenant.Endpoints().Authority+"/common/oauth2/v2.0/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {state.AppCommandLine}, "redirect_uri": {redirect},
		"code": {answer().Get("code")}, "code_verifier": {verifier}, "scope": {"User.Read Policy.Read.All"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusOK || !strings.Contains(string(body), "access_token") {
		t.Errorf("the code is worth %d %s", res.StatusCode, body)
	}
}

// Whoever is signed in already is not asked again, with prompt=none nobody is, and prompt=login asks all the same.
func TestPrompts(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	redirect, answer := callback(t)
	ep := r.tenant.Endpoints()
	silent := authorizeAddress(ep, redirect, url.Values{"prompt": {"none"}})
	if _, err := r.person.Operator.Open(t.Context(), silent); err != nil || answer().Get("error") != "login_required" {
		t.Errorf("nobody signed in: %v, %v", answer(), err)
	}
	r.play("sign-in", map[string]string{"url": authorizeAddress(ep, redirect, nil)})
	if _, err := r.person.Operator.Open(t.Context(), silent); err != nil || answer().Get("code") == "" {
		t.Errorf("signed in: %v, %v", answer(), err)
	}
	s, err := r.person.Operator.Open(t.Context(), authorizeAddress(ep, redirect, nil))
	if err != nil || s.Name != "account" {
		t.Fatalf("select_account leads to another page, %v", err)
	}
	if s = r.submit(s, "continue", nil); !s.Left {
		t.Errorf("continuing as who is signed in leads to %q", s.Name)
	}
	s, err = r.person.Operator.Open(t.Context(), authorizeAddress(ep, redirect, url.Values{"prompt": {"login"}, "login_hint": {state.OperatorUPN}}))
	if err != nil || s.Name != "password" {
		t.Errorf("login leads to %q, %v", s.Name, err)
	}
}

func TestSignInCancelledAndRefused(t *testing.T) {
	redirect, answer := callback(t)
	t.Run("consent declined", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		s, err := r.person.Operator.Open(t.Context(), authorizeAddress(r.tenant.Endpoints(), redirect, nil))
		if err != nil {
			t.Fatal(err)
		}
		s = r.submit(s, "", map[string]string{"account": state.OperatorUPN})
		s = r.submit(s, "", map[string]string{"password": state.OperatorPassword})
		s = r.submit(s, "approve", nil)
		s = r.submit(s, "no", nil)
		if s.Name != "consent" || !strings.Contains(person.Text(s.Root), "Policy.Read.All") {
			t.Fatalf("the page is %q", s.Title)
		}
		r.submit(s, "cancel", nil)
		if answer().Get("error") != "access_denied" || !strings.HasPrefix(answer().Get("error_description"), "AADSTS65004") {
			t.Errorf("the application was told %v", answer())
		}
	})
	t.Run("consent needs an administrator", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		r.tenant.SignIns.RefuseConsent("Policy.Read.All")
		r.refused("sign-in", map[string]string{"url": authorizeAddress(r.tenant.Endpoints(), redirect, nil)}, "AADSTS90094")
		if !strings.HasPrefix(answer().Get("error_description"), "AADSTS90094") {
			t.Errorf("the application was told %v", answer())
		}
	})
	t.Run("blocked", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		r.tenant.SignIns.BlockBrowser(true)
		r.refused("sign-in", map[string]string{"url": authorizeAddress(r.tenant.Endpoints(), redirect, nil)}, "AADSTS53003")
		if !strings.HasPrefix(answer().Get("error_description"), "AADSTS53003") {
			t.Errorf("the application was told %v", answer())
		}
	})
	t.Run("a foreign redirect address is not followed", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		s, err := r.person.Operator.Open(t.Context(), authorizeAddress(r.tenant.Endpoints(), "http://attacker.example", nil))
		if err != nil || s.Left || s.Status != http.StatusBadRequest || !strings.Contains(s.Problem, "AADSTS50011") {
			t.Errorf("the page says %q, %v", s.Problem, err)
		}
	})
}

func TestSecondFactorIsChecked(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.setMFA(state.MFAEnabled)
	r.play("register-mfa", nil)
	r.person.Private = person.NewWindow(r.client)
	s := r.open("/security-info")
	s = r.submit(s, "", map[string]string{"account": strings.ToUpper(serviceUPN)})
	s = r.submit(s, "", map[string]string{"password": servicePassword})
	if s.Name != "code" {
		t.Fatalf("the page is %q", s.Title)
	}
	for _, code := range []string{"000000", "", "12345678"} {
		if s = r.submit(s, "", map[string]string{"code": code}); s.Name != "code" || !strings.Contains(s.Problem, "not right") {
			t.Errorf("the code %q leads to %q", code, s.Title)
		}
	}
	if !strings.Contains(s.Problem, "AADSTS500121") || !strings.Contains(s.Problem, "Correlation ID") {
		t.Errorf("the page says %q", s.Problem)
	}
	r.tenant.State.Lock()
	last := r.tenant.State.Log.SignIns[len(r.tenant.State.Log.SignIns)-1]
	r.tenant.State.Unlock()
	if last.Code != entra.AADSecondFactorFailed || !strings.Contains(s.Problem, last.CorrelationID) {
		t.Errorf("the sign-in log ends with %d %s", last.Code, last.CorrelationID)
	}
	if s = r.open("/security-info"); s.Name != "account" {
		t.Errorf("without the second factor the page %q opens", s.Title)
	}
}

// deviceCode asks for a device code as a program does, and returns what the person has to type.
func (r *rehearsal) deviceCode() string {
	r.Helper()
	client := &http.Client{Transport: r.tenant.Transport()}
	res, err := client.PostForm(r.tenant.Endpoints().Authority+"/common/oauth2/v2.0/devicecode",
		url.Values{"client_id": {state.AppCommandLine}, "scope": {"User.Read offline_access"}})
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		UserCode string `json:"user_code"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.UserCode == "" {
		r.Fatalf("no code, %v", err)
	}
	return answer.UserCode
}

func TestDeviceLogin(t *testing.T) {
	t.Run("let in", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		code := r.deviceCode()
		said := r.play("device-login", map[string]string{"code": strings.ToLower(code)})
		if !strings.Contains(said, "You have signed in to Microsoft Graph Command Line Tools") {
			t.Errorf("the page said %q", said)
		}
		r.refused("device-login", map[string]string{"code": code}, "That code did not work")
	})
	t.Run("cancelled", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		code := r.deviceCode()
		s := r.open("/devicelogin")
		s = r.submit(s, "", map[string]string{"code": code})
		if s = r.submit(s, "cancel", nil); s.Title != "Cancelled" {
			t.Errorf("the page is %q", s.Title)
		}
		if _, pending := r.tenant.Entra.PendingDevice(code); pending {
			t.Error("the device still waits")
		}
	})
	t.Run("blocked", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		r.tenant.SignIns.BlockDeviceCode(true)
		r.refused("device-login", map[string]string{"code": r.deviceCode()}, "AADSTS53003")
	})
}
