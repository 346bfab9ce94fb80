package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestFormsNeedTheirToken(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.SetMFA(state.MFAEnabled)
	r.Play("service-settings", nil)
	r.Play("register-mfa", nil)
	before := r.Tenant.Snapshot()
	posts := map[string]url.Values{
		"/UserManagement/MfaSettings.aspx":  {"app-passwords": {"deny"}},
		"/service-settings":                 {"app-passwords": {"deny"}},
		"/per-user-mfa":                     {"user": {r.Service}, "state": {state.MFADisabled}},
		"/security-info/app-password":       {"name": {"Stolen password"}},
		"/security-info/add":                {"method": {"authenticator"}},
		"/security-info/delete":             {"id": {"x"}},
		"/AppPasswords.aspx":                {"id": {"x"}},
		"/sign-in":                          {"flow": {"x"}},
		"/sign-out":                         {},
		"/devicelogin":                      {"code": {"ABCDEFGHJ"}},
		"/setup":                            {"configuration-password": {r.Tenant.Settings.ConfigurationPassword()}, "user-name": {simtest.ServiceUPN}, "password": {simtest.ServicePassword}},
		"/login":                            {},
		"/logout":                           {},
		"/administration/office365-account": {"action": {"save"}, "user-name": {"x"}, "password": {"y"}},
	}
	for path, values := range posts {
		for _, token := range []string{"", "AAAAAAAAAAAAAAAAAAAAAAAAAA"} {
			values.Set("csrf", token)
			for _, w := range []*person.Window{r.Person.Operator, r.Person.Private} {
				res, err := w.Client.PostForm(r.Tenant.Endpoints().Portal+path, values)
				if err != nil {
					t.Fatal(err)
				}
				_ = res.Body.Close()
				if res.StatusCode != http.StatusForbidden {
					t.Errorf("%s without its token: %d", path, res.StatusCode)
				}
			}
		}
	}
	if diff := cmp.Diff(before, r.Tenant.Snapshot()); diff != "" {
		t.Errorf("a form without its token changed the tenant: %s", diff)
	}
}

func TestCookies(t *testing.T) {
	tenant, err := simtest.New(simtenant.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"http", "https"} {
		req := httptest.NewRequest(http.MethodGet, scheme+"://127.0.0.1/devicelogin", nil)
		req.URL.Scheme = scheme
		w := httptest.NewRecorder()
		tenant.Handler().ServeHTTP(w, req)
		cookies := w.Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%s: %d cookies", scheme, len(cookies))
		}
		c, secure := cookies[0], scheme == "https"
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || strings.HasPrefix(c.Name, "__Host-") != secure || c.Path != "/" {
			t.Errorf("%s: the cookie is %v", scheme, c)
		}
	}
}

// Signing in changes the cookie, so that one planted before it is worth nothing.
func TestSignInChangesTheCookie(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	portal, err := url.Parse(r.Tenant.Endpoints().Portal)
	if err != nil {
		t.Fatal(err)
	}
	s := r.Open("/security-info")
	before := r.Person.Private.Client.Jar.Cookies(portal)
	if s, _, err = r.Person.SignInThrough(t.Context(), s, person.Credentials{UserName: simtest.ServiceUPN, Password: simtest.ServicePassword}); err != nil || s.Name != "security-info" {
		t.Fatalf("the page is %q, %v", s.Title, err)
	}
	after := r.Person.Private.Client.Jar.Cookies(portal)
	if len(before) != 1 || len(after) != 1 || before[0].Value == after[0].Value {
		t.Errorf("the cookie was %v and is %v", before, after)
	}
}

// A password that was reset ends the sessions that were opened with the old one.
func TestPasswordResetEndsTheSession(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.Play("setup", nil)
	r.Play("login-delegate365", nil)
	r.Tenant.State.Lock()
	r.Tenant.State.Directory.UserByIDLocked(r.Service).Credentials.Password = "Another-2026-Password"
	r.Tenant.State.Unlock()
	s, err := r.Person.Private.Open(t.Context(), r.Tenant.Endpoints().Delegate365+"/security-info")
	if err != nil || s.Name != "password" || !strings.Contains(s.Problem, "AADSTS50126") {
		t.Errorf("the page is %q: %q, %v", s.Title, s.Problem, err)
	}
}
