package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
)

// What a rehearsal opens in a browser is signed in as the operator where the page is the operator's, and as nobody where
// it is the service account's.
func TestSignedInURL(t *testing.T) {
	if testing.Short() {
		t.Skip("the walk by the keyboard is in the fast set")
	}
	r := simtest.Rehearse(t, simtenant.Options{Pace: time.Hour})
	b := browse(r, chromium(t))
	ep := b.server.Endpoints()

	redirect, answer := simtest.Callback(t)
	b.open(b.server.SignedInURL(simtest.AuthorizeAddress(ep, redirect, nil)))
	b.press("Continue as " + state.OperatorUPN)
	b.press("Approve")
	b.press("Accept")
	if answer().Get("code") == "" {
		t.Errorf("the application is told %v", answer())
	}
	b.open(b.server.SignedInURL(ep.Portal + "/UserManagement/MfaSettings.aspx"))
	b.at("Service settings")

	b = b.privately(b.ctx)
	b.open(b.server.SignedInURL(ep.Portal + "/#" + perUserMFAFragment))
	b.press("Approve")
	b.at("Per-user multi-factor authentication")
	b = b.privately(b.ctx)
	b.open(b.server.SignedInURL(ep.Portal + "/devicelogin"))
	b.fill("code", deviceCode(r))
	b.press("Next")
	b.press("Continue as " + state.OperatorUPN)

	b = b.privately(b.ctx)
	b.open(b.server.SignedInURL(ep.Portal + "/security-info"))
	b.at("Sign in")
	b.open(b.server.SignedInURL(ep.Delegate365 + "/setup"))
	b.at("Delegate365 setup")
	b.fill("configuration-password", r.With(nil)["configuration-password"], "user-name", simtest.ServiceUPN, "password", simtest.ServicePassword)
	b.press("Start setup")
	b.at("Setup is running")
	b.press("Finish at once, as only a rehearsal can")
	b.at("Setup completed")
}

// The address signs nobody in without its pass, and leads nowhere else.
func TestSignedInURLIsKept(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	server := r.Serve()
	good, err := url.Parse(server.SignedInURL(server.Endpoints().Portal + "/per-user-mfa"))
	if err != nil || good.Path != web.SignedInPath {
		t.Fatalf("%v, %v", good, err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for name, change := range map[string]func(url.Values){
		"no pass":      func(q url.Values) { q.Del("pass") },
		"another pass": func(q url.Values) { q.Set("pass", "AAAA") },
		"elsewhere":    func(q url.Values) { q.Set("page", "https://attacker.example/") },
		"no scheme":    func(q url.Values) { q.Set("page", "//attacker.example/") },
		"backslash":    func(q url.Values) { q.Set("page", `/\attacker.example/`) },
		"no page":      func(q url.Values) { q.Del("page") },
	} {
		to, query := *good, good.Query()
		change(query)
		to.RawQuery = query.Encode()
		res, err := client.Get(to.String())
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, to %q", name, res.StatusCode, res.Header.Get("Location"))
		}
	}
	res, err := client.Get(good.String())
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if to := res.Header.Get("Location"); to != "/per-user-mfa" || !strings.Contains(res.Header.Get("Set-Cookie"), "sim-signin") {
		t.Errorf("%d, to %q", res.StatusCode, to)
	}
}
