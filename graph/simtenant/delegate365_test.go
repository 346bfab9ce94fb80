package simtenant

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestNewerDelegate365HasNoExchangeAccount(t *testing.T) {
	r, _ := inspected(t, Options{NewerDelegate365: true})
	r.play("setup", nil)
	r.play("login-delegate365", nil)
	base := r.tenant.Endpoints().Delegate365
	for _, path := range []string{"/dashboard", "/"} {
		s, err := r.person.private.open(t.Context(), base+path)
		if err != nil || strings.Contains(text(s.root), exchangeAccountTitle) || find(s.root, func(n *html.Node) bool { return attribute(n, "href") == linkExchange.Path }) != nil {
			t.Errorf("%s leads to %s, %v", path, linkExchange.Path, err)
		}
	}
	if s, err := r.person.private.open(t.Context(), base+linkExchange.Path); err != nil || s.status != http.StatusNotFound {
		t.Errorf("the page is %q, %v", s.title, err)
	}
	if said := r.play("test-credentials", map[string]string{"app-password": "abcdefghijklmnop"}); said != saysMissing {
		t.Errorf("the person says %q of a page that is not there", said)
	}
	if said := r.play("portal-version", nil); said != saysNoPage {
		t.Errorf("the person says %q of the portal", said)
	}
}

func TestDelegate365SignOut(t *testing.T) {
	r, _ := inspected(t, Options{})
	r.play("setup", nil)
	r.play("login-delegate365", nil)
	open := func(path string) *screen {
		s, err := r.person.private.open(t.Context(), r.tenant.Endpoints().Delegate365+path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := r.submit(open("/logout"), "", nil); s.title != "You are signed out of Delegate365" {
		t.Errorf("the page is %q", s.title)
	}
	if s := open("/dashboard"); s.name != "delegate365-login" {
		t.Errorf("signed out, the dashboard leads to %q", s.title)
	}
}

// What Entra refuses ends the setup with Entra's own number, and nothing of Delegate365 in the tenant.
func TestSetupRefusals(t *testing.T) {
	change := func(f func(*user)) func(*rehearsal) {
		return func(r *rehearsal) {
			r.tenant.mu.Lock()
			defer r.tenant.mu.Unlock()
			f(r.tenant.userByIDLocked(r.service))
		}
	}
	for code, arrange := range map[string]func(*rehearsal){
		"AADSTS50055": change(func(u *user) { u.mustChangePassword = true }),
		"AADSTS50057": change(func(u *user) { u.accountEnabled = false }),
		"AADSTS50053": func(r *rehearsal) {
			for range lockoutThreshold {
				r.refused("setup", map[string]string{"password": "Wrong-2026-Password"}, "AADSTS50126")
			}
		},
	} {
		t.Run(code, func(t *testing.T) {
			r, _ := inspected(t, Options{})
			arrange(r)
			r.refused("setup", nil, code, "Correlation ID", "Trace ID", "Timestamp")
		})
	}
}
