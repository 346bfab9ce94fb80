package simtenant_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestNewerDelegate365HasNoExchangeAccount(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{NewerDelegate365: true})
	r.play("setup", nil)
	r.play("login-delegate365", nil)
	base := r.tenant.Endpoints().Delegate365
	for _, path := range []string{"/dashboard", "/"} {
		s, err := r.person.Private.Open(t.Context(), base+path)
		if err != nil || strings.Contains(person.Text(s.Root), "Administration / Office 365 account") || person.Find(s.Root, func(n *html.Node) bool { return person.Attribute(n, "href") == exchangePage }) != nil {
			t.Errorf("%s leads to %s, %v", path, exchangePage, err)
		}
	}
	if s, err := r.person.Private.Open(t.Context(), base+exchangePage); err != nil || s.Status != http.StatusNotFound {
		t.Errorf("the page is %q, %v", s.Title, err)
	}
	if said := r.play("test-credentials", map[string]string{"app-password": "abcdefghijklmnop"}); said != person.SaysMissing {
		t.Errorf("the person says %q of a page that is not there", said)
	}
	if said := r.play("portal-version", nil); said != person.SaysNoPage {
		t.Errorf("the person says %q of the portal", said)
	}
}

func TestDelegate365SignOut(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.play("setup", nil)
	r.play("login-delegate365", nil)
	open := func(path string) *person.Screen {
		s, err := r.person.Private.Open(t.Context(), r.tenant.Endpoints().Delegate365+path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := r.submit(open("/logout"), "", nil); s.Title != "You are signed out of Delegate365" {
		t.Errorf("the page is %q", s.Title)
	}
	if s := open("/dashboard"); s.Name != "delegate365-login" {
		t.Errorf("signed out, the dashboard leads to %q", s.Title)
	}
}

// What Entra refuses ends the setup with Entra's own number, and nothing of Delegate365 in the tenant.
func TestSetupRefusals(t *testing.T) {
	change := func(f func(*state.User)) func(*rehearsal) {
		return func(r *rehearsal) {
			r.tenant.State.Lock()
			defer r.tenant.State.Unlock()
			f(r.tenant.State.Directory.UserByIDLocked(r.service))
		}
	}
	for code, arrange := range map[string]func(*rehearsal){
		"AADSTS50055": change(func(u *state.User) { u.Credentials.MustChange = true }),
		"AADSTS50057": change(func(u *state.User) { u.AccountEnabled = false }),
		"AADSTS50053": func(r *rehearsal) {
			for range failuresUntilLocked {
				r.refused("setup", map[string]string{"password": "Wrong-2026-Password"}, "AADSTS50126")
			}
		},
	} {
		t.Run(code, func(t *testing.T) {
			r, _ := inspected(t, simtenant.Options{})
			arrange(r)
			r.refused("setup", nil, code, "Correlation ID", "Trace ID", "Timestamp")
		})
	}
}
