package graph

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// Accounts that every profile of the simulated tenant has.
const (
	globalAdmin  = "admin@contoso.onmicrosoft.com"
	globalReader = "auditor@contoso.com"
	nobodyMuch   = "o'brien@contoso.com" // no role
)

// simulated is a simulated tenant and what was sent to it.
type simulated struct {
	*simtest.Tenant
	t *testing.T

	mu   sync.Mutex
	sent []Exchange
}

func simulate(t *testing.T, profile string) *simulated {
	t.Helper()
	tenant, err := simtest.New(simtenant.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	return &simulated{Tenant: tenant, t: t}
}

// as is a client whose token is this account's, with these scopes or all there are.
func (s *simulated) as(upn string, scopes ...string) *Client {
	s.t.Helper()
	ep := s.Endpoints()
	c, err := New(Options{
		Cloud:      Cloud{Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: ep.Portal, Custom: true},
		Transport:  s.Transport(),
		Credential: tokenOf(func() (string, error) { return s.AccessToken(upn, scopes...) }),
		Observe: func(x Exchange) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.sent = append(s.sent, x)
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *simulated) id(upn string) string {
	s.t.Helper()
	u, ok := s.Snapshot().Users[upn]
	if !ok {
		s.t.Fatalf("there is no %s", upn)
	}
	return u.ID
}

// count is how many requests f sends.
func (s *simulated) count(f func()) int {
	before := len(s.sent)
	f()
	return len(s.sent) - before
}

// prepare gives the tenant what only some of its profiles have.
func prepare(t *testing.T, s *simulated) {
	t.Helper()
	if err := errors.Join(s.Settings.BuyPremium("P2"), s.SetEligible(globalAdmin, SecurityAdministrator, true)); err != nil {
		t.Fatal(err)
	}
}

// tokenOf is a credential that signs a new token whenever it is asked.
type tokenOf func() (string, error)

func (f tokenOf) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, err := f()
	return azcore.AccessToken{Token: token, ExpiresOn: time.Now().Add(time.Hour)}, err
}
