package simtest

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rehearsal is a tenant with a service account that is Global Administrator, and a person at its pages.
type Rehearsal struct {
	testing.TB
	Tenant    *Tenant
	Person    *person.Person
	Client    *http.Client
	Endpoints simtenant.Endpoints
	Service   string // object id
}

// Rehearse makes a rehearsal on the tenant that o describes, in this process.
func Rehearse(t *testing.T, o simtenant.Options) *Rehearsal {
	t.Helper()
	tenant, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &Rehearsal{TB: t, Tenant: tenant}
	r.Service = tenant.AddUser(ServiceUPN, "Delegate365 Service", ServicePassword)
	if err := tenant.SetRole(ServiceUPN, state.RoleGlobalAdministrator, true); err != nil {
		t.Fatal(err)
	}
	r.Meet(tenant.Transport(), tenant.Endpoints())
	return r
}

// Meet gives the rehearsal a new person, who reaches the pages of ep.
func (r *Rehearsal) Meet(transport http.RoundTripper, ep simtenant.Endpoints) {
	r.Client, r.Endpoints = &http.Client{Transport: transport}, ep
	r.Person = r.Tenant.NewPerson(r.Client, ep)
}

// Play plays a part as the service account and fails the test if it does not go well. What a page said of an answer is left
// out.
func (r *Rehearsal) Play(part string, with map[string]string) string {
	r.Helper()
	said, err := r.Person.Play(r.Context(), part, r.With(with))
	if err != nil {
		r.Fatal(err)
	}
	said, _, _ = strings.Cut(said, "\n")
	return said
}

// Refused plays a part that must fail and say each of words.
func (r *Rehearsal) Refused(part string, with map[string]string, words ...string) {
	r.Helper()
	said, err := r.Person.Play(r.Context(), part, r.With(with))
	if err == nil {
		r.Fatalf("%s went well and said %q", part, said)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			r.Errorf("%s: the error lacks %q: %v", part, word, err)
		}
	}
}

// With is what the person is told at a part, with more or other things.
func (r *Rehearsal) With(more map[string]string) map[string]string {
	with := map[string]string{
		"user-name": ServiceUPN, "password": ServicePassword,
		"configuration-password": r.Tenant.Settings.ConfigurationPassword(),
	}
	for name, value := range more {
		with[name] = value
	}
	return with
}

// SetMFA sets the service account's per-user MFA.
func (r *Rehearsal) SetMFA(state string) {
	r.Helper()
	if err := r.Tenant.State.MFA.SetPerUserMFA(r.Service, r.Service, state); err != nil {
		r.Fatal(err)
	}
}

// LetIn has Exchange Online take the service account's app password.
func (r *Rehearsal) LetIn() {
	r.Helper()
	r.Tenant.Settings.SetSMTPAuth(true)
	if err := r.Tenant.Settings.SetMailbox(ServiceUPN); err != nil {
		r.Fatal(err)
	}
}

// Serve starts the rehearsal's tenant on loopback and gives the person a client that trusts it.
func (r *Rehearsal) Serve() *simtenant.Server {
	r.Helper()
	server, err := r.Tenant.Serve()
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() {
		if err := server.Close(); err != nil {
			r.Error(err)
		}
	})
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: server.CertPool()}}
	r.Cleanup(transport.CloseIdleConnections)
	r.Meet(transport, server.Endpoints())
	return server
}

// Open opens a page of the portal in the private window.
func (r *Rehearsal) Open(path string) *person.Screen {
	r.Helper()
	s, err := r.Person.Private.Open(r.Context(), r.Tenant.Endpoints().Portal+path)
	if err != nil {
		r.Fatal(err)
	}
	return s
}

// Submit fills and sends a form of a page.
func (r *Rehearsal) Submit(s *person.Screen, action string, fill map[string]string) *person.Screen {
	r.Helper()
	next, err := s.Submit(r.Context(), action, fill)
	if err != nil {
		r.Fatal(err)
	}
	return next
}

// The service account of a rehearsal.
const (
	ServiceUPN      = "service.delegate365@contoso.com"
	ServicePassword = "Service-2026-Account!"
)

// AuthorizeAddress is what Microsoft's command-line client opens in the browser.
func AuthorizeAddress(ep simtenant.Endpoints, redirect string, more url.Values) string {
	sum := sha256.Sum256([]byte(Verifier))
	query := url.Values{
		"client_id": {state.AppCommandLine}, "response_type": {"code"}, "redirect_uri": {redirect}, "state": {"the-state"},
		"scope": {"openid profile offline_access User.Read Policy.Read.All"}, "prompt": {"select_account"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	maps.Copy(query, more)
	return ep.Authority + "/common/oauth2/v2.0/authorize?" + query.Encode()
}

// Callback is the application's own listener, which remembers the last answer.
func Callback(t *testing.T) (address string, answer func() url.Values) {
	var mu sync.Mutex
	var got url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" { // a browser asks for an icon as well
			http.NotFound(w, r)
			return
		}
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

// Verifier is the secret behind AuthorizeAddress (RFC 7636).
const Verifier = "a-code-verifier-that-is-long-enough-for-rfc-7636"
