package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestSignInWithBrowser(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	redirect, answer := simtest.Callback(t)
	r.Play("sign-in", map[string]string{"url": simtest.AuthorizeAddress(r.Tenant.Endpoints(), redirect, nil)})
	if answer().Get("state") != "the-state" || answer().Get("code") == "" {
		t.Fatalf("the application was told %v", answer())
	}
	res, err := (&http.Client{Transport: r.Tenant.Transport()}).PostForm(r.Tenant.Endpoints().Authority+"/common/oauth2/v2.0/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {state.AppCommandLine}, "redirect_uri": {redirect},
		"code": {answer().Get("code")}, "code_verifier": {simtest.Verifier}, "scope": {"User.Read Policy.Read.All"},
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
	redirect, answer := simtest.Callback(t)
	ep := r.Tenant.Endpoints()
	silent := simtest.AuthorizeAddress(ep, redirect, url.Values{"prompt": {"none"}})
	if _, err := r.Person.Operator.Open(t.Context(), silent); err != nil || answer().Get("error") != "login_required" {
		t.Errorf("nobody signed in: %v, %v", answer(), err)
	}
	r.Play("sign-in", map[string]string{"url": simtest.AuthorizeAddress(ep, redirect, nil)})
	if _, err := r.Person.Operator.Open(t.Context(), silent); err != nil || answer().Get("code") == "" {
		t.Errorf("signed in: %v, %v", answer(), err)
	}
	s, err := r.Person.Operator.Open(t.Context(), simtest.AuthorizeAddress(ep, redirect, nil))
	if err != nil || s.Name != "account" {
		t.Fatalf("select_account leads to another page, %v", err)
	}
	if s = r.Submit(s, "continue", nil); !s.Left {
		t.Errorf("continuing as who is signed in leads to %q", s.Name)
	}
	s, err = r.Person.Operator.Open(t.Context(), simtest.AuthorizeAddress(ep, redirect, url.Values{"prompt": {"login"}, "login_hint": {state.OperatorUPN}}))
	if err != nil || s.Name != "password" {
		t.Errorf("login leads to %q, %v", s.Name, err)
	}
}

func TestSignInCancelledAndRefused(t *testing.T) {
	redirect, answer := simtest.Callback(t)
	t.Run("consent declined", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		s, err := r.Person.Operator.Open(t.Context(), simtest.AuthorizeAddress(r.Tenant.Endpoints(), redirect, nil))
		if err != nil {
			t.Fatal(err)
		}
		s = r.Submit(s, "", map[string]string{"account": state.OperatorUPN})
		s = r.Submit(s, "", map[string]string{"password": state.OperatorPassword})
		s = r.Submit(s, "approve", nil)
		s = r.Submit(s, "no", nil)
		if s.Name != "consent" || !strings.Contains(person.Text(s.Root), "Policy.Read.All") {
			t.Fatalf("the page is %q", s.Title)
		}
		r.Submit(s, "cancel", nil)
		if answer().Get("error") != "access_denied" || !strings.HasPrefix(answer().Get("error_description"), "AADSTS65004") {
			t.Errorf("the application was told %v", answer())
		}
	})
	t.Run("consent needs an administrator", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		r.Tenant.SignIns.RefuseConsent("Policy.Read.All")
		r.Refused("sign-in", map[string]string{"url": simtest.AuthorizeAddress(r.Tenant.Endpoints(), redirect, nil)}, "AADSTS90094")
		if !strings.HasPrefix(answer().Get("error_description"), "AADSTS90094") {
			t.Errorf("the application was told %v", answer())
		}
	})
	t.Run("blocked", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		r.Tenant.SignIns.BlockBrowser(true)
		r.Refused("sign-in", map[string]string{"url": simtest.AuthorizeAddress(r.Tenant.Endpoints(), redirect, nil)}, "AADSTS53003")
		if !strings.HasPrefix(answer().Get("error_description"), "AADSTS53003") {
			t.Errorf("the application was told %v", answer())
		}
	})
	t.Run("a foreign redirect address is not followed", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		s, err := r.Person.Operator.Open(t.Context(), simtest.AuthorizeAddress(r.Tenant.Endpoints(), "http://attacker.example", nil))
		if err != nil || s.Left || s.Status != http.StatusBadRequest || !strings.Contains(s.Problem, "AADSTS50011") {
			t.Errorf("the page says %q, %v", s.Problem, err)
		}
	})
}

func TestSecondFactorIsChecked(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.SetMFA(state.MFAEnabled)
	r.Play("register-mfa", nil)
	r.Person.Private = person.NewWindow(r.Client)
	s := r.Open("/security-info")
	s = r.Submit(s, "", map[string]string{"account": strings.ToUpper(simtest.ServiceUPN)})
	s = r.Submit(s, "", map[string]string{"password": simtest.ServicePassword})
	if s.Name != "code" {
		t.Fatalf("the page is %q", s.Title)
	}
	for _, code := range []string{"000000", "", "12345678"} {
		if s = r.Submit(s, "", map[string]string{"code": code}); s.Name != "code" || !strings.Contains(s.Problem, "not right") {
			t.Errorf("the code %q leads to %q", code, s.Title)
		}
	}
	if !strings.Contains(s.Problem, "AADSTS500121") || !strings.Contains(s.Problem, "Correlation ID") {
		t.Errorf("the page says %q", s.Problem)
	}
	r.Tenant.State.Lock()
	last := r.Tenant.State.Log.SignIns[len(r.Tenant.State.Log.SignIns)-1]
	r.Tenant.State.Unlock()
	if last.Code != entra.AADSecondFactorFailed || !strings.Contains(s.Problem, last.CorrelationID) {
		t.Errorf("the sign-in log ends with %d %s", last.Code, last.CorrelationID)
	}
	if s = r.Open("/security-info"); s.Name != "account" {
		t.Errorf("without the second factor the page %q opens", s.Title)
	}
}

// deviceCode asks for a device code as a program does, and returns what the person has to type.
func deviceCode(r *simtest.Rehearsal) string {
	r.Helper()
	client := &http.Client{Transport: r.Tenant.Transport()}
	res, err := client.PostForm(r.Tenant.Endpoints().Authority+"/common/oauth2/v2.0/devicecode",
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
		code := deviceCode(r)
		said := r.Play("device-login", map[string]string{"code": strings.ToLower(code)})
		if !strings.Contains(said, "You have signed in to Microsoft Graph Command Line Tools") {
			t.Errorf("the page said %q", said)
		}
		r.Refused("device-login", map[string]string{"code": code}, "That code did not work")
	})
	t.Run("cancelled", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		code := deviceCode(r)
		s := r.Open("/devicelogin")
		s = r.Submit(s, "", map[string]string{"code": code})
		if s = r.Submit(s, "cancel", nil); s.Title != "Cancelled" {
			t.Errorf("the page is %q", s.Title)
		}
		if _, pending := r.Tenant.Entra.PendingDevice(code); pending {
			t.Error("the device still waits")
		}
	})
	t.Run("blocked", func(t *testing.T) {
		r, _ := inspected(t, simtenant.Options{})
		r.Tenant.SignIns.BlockDeviceCode(true)
		r.Refused("device-login", map[string]string{"code": deviceCode(r)}, "AADSTS53003")
	})
}
