package steps_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

const ownClient = "6f3c2a51-8f5e-4b8b-9d0c-2d3a1f60c7e4"

// Each refusal of a sign-in says what happened and the way out that works, in the wizard and in the check alike.
func TestEveryRefusalHasAWayOut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code            int
		client, tenant  string
		home            string
		what, next, not string
	}{
		"unknown, ours":           {code: 700016, what: "Microsoft Graph Command Line Tools is not known in this tenant", next: "--client-id", not: "another tenant"},
		"unknown, theirs":         {code: 700016, client: ownClient, what: ownClient + " is not known in this tenant", next: "Look at --client-id", not: "another tenant"},
		"no identifier":           {code: 700038, client: ownClient, what: "is not known in this tenant", next: "Look at --client-id", not: "browser"},
		"disabled":                {code: 7000112, what: "switched off in this tenant", next: "Enterprise applications"},
		"assignment":              {code: 50105, what: "not assigned to it", next: "Users and groups", not: "browser"},
		"assignment, a role":      {code: 50105, what: "not assigned to it", next: "Cloud Application Administrator"},
		"blocked":                 {code: 53003, what: "Conditional Access of this tenant blocks the sign-in with a code", next: "without --device-code"},
		"blocked, which":          {code: 53003, what: "AADSTS53003", next: "correlation id c0ffee00-0000-0000-0000-000000000000"},
		"a device":                {code: 53000, what: "demands a device", next: "a device that the tenant manages"},
		"security defaults":       {code: 530035, what: "Security defaults of this tenant block", next: "every tenant"},
		"no renewal of codes":     {code: 530036, what: "no longer renews such sign-ins", next: "in the browser"},
		"only an administrator":   {code: 90094, what: "only an administrator accept", next: "Global Administrator"},
		"a partner's account":     {code: 90094, tenant: "contoso.com", what: "only an administrator accept", next: "GDAP"},
		"not accepted yet":        {code: 65001, what: "Nobody has accepted", next: "accept them"},
		"declined":                {code: 65004, what: "declined", next: "accept them"},
		"Microsoft's own":         {code: 65002, client: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", what: "only the permissions that Microsoft gave it", next: "Leave out --client-id"},
		"unknown scope":           {code: 650053, what: "does not know one of the permissions", next: "--cloud"},
		"a wrong code":            {code: 70018, what: "typed wrong, or refused", next: "a new code each time"},
		"another tenant's":        {code: 50020, tenant: "contoso.com", what: "does not belong to contoso.com", next: "an account of contoso.com itself"},
		"another tenant's, which": {code: 50020, tenant: "contoso.com", home: "88888888-2222-3333-4444-555555555555", what: "of the tenant 88888888-2222-3333-4444-555555555555. It does not belong to contoso.com", next: "an account of contoso.com itself"},
		"no such tenant":          {code: 90002, tenant: "contoso.com", what: "no tenant called contoso.com", next: "Look at --tenant"},
		"not a public client":     {code: 7000218, client: ownClient, what: "not registered as a public client", next: "Allow public client flows"},
		"something else entirely": {code: 999999, what: "Could not sign in", next: "Try again"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{
					options: func(o *steps.Options) {
						if o.ClientID = test.client; test.tenant != "" {
							o.Tenant = test.tenant
						}
					},
					wrap: func(next http.RoundTripper) http.RoundTripper { return refusingCodes(next, test.code, test.home) },
				})
				err := step(steps.SignIn).Apply(t.Context(), r.run, r.report)
				what, next := "", ""
				if err == nil { // the wizard's screen offers the other way
					f := r.inspect(steps.SignIn)
					what, next = f.Text[0].String(), f.Text[0].String()
					err = r.run.Refused()
				}
				p := steps.Explain(err)
				what, next = what+" "+p.What, next+" "+p.Next
				if !strings.Contains(what+strings.Join(p.Raw, " "), test.what) || !strings.Contains(next, test.next) {
					t.Errorf("it says %q, and to do %q", what, next)
				}
				all := what + next + strings.Join(p.Raw, " ")
				for _, wrong := range []string{"AADSTS0", "no longer valid", "press d", test.not} {
					if wrong != "" && strings.Contains(all, wrong) {
						t.Errorf("%q is said: %s", wrong, all)
					}
				}
				if !strings.Contains(all, fmt.Sprintf("AADSTS%d", test.code)) {
					t.Errorf("Microsoft's number is lost: %s", all)
				}
			})
		})
	}
}

// refusingCodes refuses every request for a device code with this number, and names the account's own tenant.
func refusingCodes(next http.RoundTripper, code int, home string) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(q.URL.Path, "/oauth2/v2.0/devicecode") {
			return next.RoundTrip(q)
		}
		words := ""
		if home != "" {
			words = " from identity provider 'https://sts.windows.net/" + home + "/' do not exist in tenant 'Contoso'"
		}
		body := fmt.Sprintf(`{"error":"invalid_request","error_description":"AADSTS%d: Words%s. Trace ID: x","error_codes":[%d],"correlation_id":"c0ffee00-0000-0000-0000-000000000000"}`, code, words, code)
		return &http.Response{
			StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}}, Request: q,
			Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
		}, nil
	})
}

// Nobody who never signed in is told that a sign-in is no longer valid.
func TestNobodyIsSignedIn(t *testing.T) {
	t.Parallel()
	r := rehearse(t, setup{})
	_, err := step(steps.Check).Inspect(t.Context(), r.run, r.report)
	if p := steps.Explain(err); !strings.Contains(p.What, "Nobody is signed in") || p.Next != "Sign in first." {
		t.Errorf("it says %+v", p)
	}
}

// A connection that can't be believed is said to be that, with the issuer, and without a number that nobody gave.
func TestUntrustedConnectionIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		page := roundTripper(func(q *http.Request) (*http.Response, error) {
			body := "<h1>Welcome to the hotel</h1>"
			return &http.Response{
				StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}}, Request: q,
				Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
			}, nil
		})
		r := rehearse(t, setup{wrap: func(http.RoundTripper) http.RoundTripper { return page }})
		err := r.apply(t.Context(), steps.SignIn)
		p := steps.Explain(err)
		if !strings.Contains(p.What, "answered instead") || !strings.Contains(p.What, "200 text/html") || strings.Contains(strings.Join(p.Raw, " "), "AADSTS0") {
			t.Errorf("it says %+v", p)
		}
	})
	p := steps.Explain(fmt.Errorf("%w", graph.ErrUntrusted))
	if !strings.Contains(p.Next, "SSL_CERT_FILE") || !strings.Contains(p.Next, "Somebody may stand in between") {
		t.Errorf("it says %+v", p)
	}
}

// Where the sign-in was to another tenant than the one asked for, both are named, and who signed in.
func TestBothTenantsAreNamed(t *testing.T) {
	t.Parallel()
	const asked = "99999999-2222-3333-4444-555555555555"
	synctest.Test(t, func(t *testing.T) {
		home := ""
		r := rehearse(t, setup{
			options: func(o *steps.Options) { home, o.Tenant = o.Tenant, asked },
			wrap: func(next http.RoundTripper) http.RoundTripper { // an authority that lets everybody in
				return roundTripper(func(q *http.Request) (*http.Response, error) {
					q.URL.Path = strings.Replace(q.URL.Path, asked, home, 1)
					return next.RoundTrip(q)
				})
			},
		})
		p := steps.Explain(r.apply(t.Context(), steps.SignIn))
		for _, want := range []string{asked, home, "as admin@contoso.onmicrosoft.com"} {
			if !strings.Contains(p.What, want) {
				t.Errorf("%q is not named: %s", want, p.What)
			}
		}
		if !strings.Contains(p.Next, asked) {
			t.Errorf("what to do is: %s", p.Next)
		}
	})
}
