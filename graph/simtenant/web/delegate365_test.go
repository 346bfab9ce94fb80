package web_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestNewerDelegate365HasNoExchangeAccount(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{NewerDelegate365: true})
	r.Play("setup", nil)
	r.Play("login-delegate365", nil)
	base := r.Tenant.Endpoints().Delegate365
	for _, path := range []string{"/dashboard", "/"} {
		s, err := r.Person.Private.Open(t.Context(), base+path)
		if err != nil || strings.Contains(person.Text(s.Root), "Administration / Office 365 account") || person.Find(s.Root, func(n *html.Node) bool { return person.Attribute(n, "href") == exchangePage }) != nil {
			t.Errorf("%s leads to %s, %v", path, exchangePage, err)
		}
	}
	if s, err := r.Person.Private.Open(t.Context(), base+exchangePage); err != nil || s.Status != http.StatusNotFound {
		t.Errorf("the page is %q, %v", s.Title, err)
	}
	if said := r.Play("test-credentials", map[string]string{"app-password": "abcdefghijklmnop"}); said != person.SaysMissing {
		t.Errorf("the person says %q of a page that is not there", said)
	}
	if said := r.Play("portal-version", nil); said != person.SaysNoPage {
		t.Errorf("the person says %q of the portal", said)
	}
}

func TestDelegate365SignOut(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.Play("setup", nil)
	r.Play("login-delegate365", nil)
	open := func(path string) *person.Screen {
		s, err := r.Person.Private.Open(t.Context(), r.Tenant.Endpoints().Delegate365+path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := r.Submit(open("/logout"), "", nil); s.Title != "You are signed out of Delegate365" {
		t.Errorf("the page is %q", s.Title)
	}
	if s := open("/dashboard"); s.Name != "delegate365-login" {
		t.Errorf("signed out, the dashboard leads to %q", s.Title)
	}
}

// What Entra refuses ends the setup with Entra's own number, and nothing of Delegate365 in the tenant.
func TestSetupRefusals(t *testing.T) {
	change := func(f func(*state.User)) func(*simtest.Rehearsal) {
		return func(r *simtest.Rehearsal) {
			r.Tenant.State.Lock()
			defer r.Tenant.State.Unlock()
			f(r.Tenant.State.Directory.UserByIDLocked(r.Service))
		}
	}
	for code, arrange := range map[string]func(*simtest.Rehearsal){
		"AADSTS50055": change(func(u *state.User) { u.Credentials.MustChange = true }),
		"AADSTS50057": change(func(u *state.User) { u.AccountEnabled = false }),
		"AADSTS50053": func(r *simtest.Rehearsal) {
			for range simtest.FailuresUntilLocked {
				r.Refused("setup", map[string]string{"password": "Wrong-2026-Password"}, "AADSTS50126")
			}
		},
	} {
		t.Run(code, func(t *testing.T) {
			r, _ := inspected(t, simtenant.Options{})
			arrange(r)
			r.Refused("setup", nil, code, "Correlation ID", "Trace ID", "Timestamp")
		})
	}
}
