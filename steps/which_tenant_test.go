package steps_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

const partnerTenant = "99999999-8888-7777-6666-555555555555"

// Without --tenant the customer's domain is asked for, and the sign-in goes to that tenant: nobody lands in their own.
func TestCustomersTenantIsAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		r := rehearse(t, setup{
			options: func(o *steps.Options) { o.Tenant = "" },
			wrap: func(next http.RoundTripper) http.RoundTripper {
				return roundTripper(func(q *http.Request) (*http.Response, error) {
					if strings.HasPrefix(q.URL.Host, "login.") && !strings.Contains(q.URL.Path, "device") {
						asked = append(asked, q.URL.Path)
					}
					return next.RoundTrip(q)
				})
			},
		})
		f := r.inspect(steps.SignIn)
		if len(f.Fields) == 0 || f.Fields[0].ID != "customer" {
			t.Fatalf("nobody asks: %+v", f)
		}
		err := r.apply(t.Context(), steps.SignIn)
		if p := steps.Explain(err); !steps.NeedsTenant(err) || !strings.Contains(p.Next, "--tenant") || len(asked) != 0 {
			t.Errorf("without a name: %+v, asked %v", p, asked)
		}
		if err := step(steps.SignIn).Answer(r.run, "customer", graph.NewText("not a domain")); err == nil {
			t.Error("nonsense is taken")
		}
		r.answer(steps.SignIn, "customer", " Contoso.COM ")
		r.pass(steps.SignIn)
		for _, path := range asked {
			if !strings.HasPrefix(path, "/contoso.com/") && !strings.HasPrefix(path, "/"+r.tenant.Endpoints().TenantID+"/") {
				t.Errorf("the sign-in went to %s", path)
			}
		}
	})
}

// A partner's account in the customer's tenant is recognised, both tenants are named, and what can work is said.
func TestPartnersAccountIsRecognised(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := rehearse(t, setup{})
		first.pass(steps.SignIn) // an administrator has accepted the permissions for everybody
		const upn, password = "helper@partner.example", "Rehearse-2026-Partner!"
		first.tenant.AddPartner(upn, password, partnerTenant)
		second := rehearseOn(t, first.tenant, setup{})
		ep := first.tenant.Endpoints()
		ep.Operator.UserPrincipalName, ep.Operator.Password = upn, password
		second.person = first.tenant.NewPerson(&http.Client{Transport: first.tenant.Transport()}, ep)
		p := steps.Explain(second.apply(t.Context(), steps.SignIn))
		for _, part := range []string{"contoso.com", partnerTenant, upn, "GDAP"} {
			if !strings.Contains(p.What, part) {
				t.Errorf("%q is not in %q", part, p.What)
			}
		}
		if !strings.Contains(p.Next, "an account of contoso.com itself") || strings.Contains(p.What, "no longer has") {
			t.Errorf("it says %+v", p)
		}
	})
}

// In China neither the Secure Score's permission is asked for, which would fail the whole sign-in, nor the score itself.
func TestNoSecureScoreInChina(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var scored atomic.Bool
		r := rehearse(t, setup{
			options: func(o *steps.Options) {
				o.Cloud = graph.Cloud{Name: "china", Authority: o.Cloud.Authority, Graph: o.Cloud.Graph, Portal: o.Cloud.Portal, Custom: true}
			},
			wrap: func(next http.RoundTripper) http.RoundTripper {
				return roundTripper(func(q *http.Request) (*http.Response, error) {
					if strings.Contains(q.URL.Path, "/security/") {
						scored.Store(true)
					}
					return next.RoundTrip(q)
				})
			},
		})
		r.tenant.SignIns.RefuseConsent("SecurityEvents.Read.All")
		r.pass(steps.SignIn)
		f := r.inspect(steps.Check)
		for _, fact := range f.Sections[0].Facts {
			if fact.ID == "secure-score" && (fact.Mark == steps.MarkOK || !strings.Contains(fact.Value, "not offered in this cloud")) {
				t.Errorf("the row says %+v", fact)
			}
		}
		if scored.Load() {
			t.Error("the score was asked for")
		}
	})
}

// Security defaults block codes in every tenant that has them on; the browser is recommended before, and offered after.
func TestSecurityDefaultsBlockCodes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "security-defaults"})
		if text := finding.Read(r.inspect(steps.SignIn).Text); !strings.Contains(text, "The browser is the better way") {
			t.Errorf("it says %q", text)
		}
		r.refused = true
		if err := r.apply(t.Context(), steps.SignIn); err != nil {
			t.Fatal(err)
		}
		f := r.inspect(steps.SignIn)
		if text := finding.Read(f.Text); !strings.Contains(text, "Security defaults") || !strings.Contains(text, "AADSTS530035") || f.Actions[0].Label != "Sign in in the browser" {
			t.Errorf("it says %q, and offers %+v", text, f.Actions)
		}
	})
}
