package fault_test

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestFaultAt(t *testing.T) {
	for _, test := range []struct {
		kind    fault.Kind
		status  int // 0: the connection breaks
		code    string
		headers []string // that are there
		applied bool
	}{
		{fault.Throttled, 429, "TooManyRequests", []string{"Retry-After", "Request-Id"}, false},
		{fault.ThrottledBare, 429, "TooManyRequests", []string{"Request-Id"}, false},
		{fault.Internal, 500, "InternalServerError", []string{"Request-Id"}, false},
		{fault.BadGateway, 502, "UnknownError", []string{"Request-Id"}, false},
		{fault.Unavailable, 503, "ServiceUnavailable", []string{"Retry-After", "Request-Id"}, false},
		{fault.Timeout, 504, "UnknownError", []string{"Request-Id"}, true},
		{fault.Dropped, 0, "", nil, false},
		{fault.DroppedAfter, 0, "", nil, true},
		{fault.HTML, 503, "", []string{"Via"}, false},
		{fault.Truncated, 201, "", []string{"Request-Id"}, true},
		{fault.Revoked, 401, "InvalidAuthenticationToken", []string{"Www-Authenticate"}, false},
		{fault.Lag, 201, "", []string{"Request-Id"}, true},
		{fault.Clock, 201, "", []string{"Request-Id"}, true},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			w := simtest.NewWire(t, simtenant.Options{})
			if err := w.Tenant.FaultAt(2, test.kind); err != nil {
				t.Fatal(err)
			}
			w.Must(200, "GET", "/v1.0/me", "")
			r, err := w.Attempt("POST", "/v1.0/users", simtest.NewUserBody)
			if _, applied := w.Tenant.Snapshot().Users[simtest.NewUserUPN]; applied != test.applied {
				t.Errorf("applied is %v", applied)
			}
			if got := w.Tenant.Requests(); len(got) != 2 || got[0].Fault != "" || got[1] != (simtest.GraphRequest{Number: 2, Method: "POST", Path: "/v1.0/users", Writes: true, Fault: test.kind}) {
				t.Errorf("seen %+v", got)
			}
			if test.status == 0 {
				if !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("the connection did not break: %v", err)
				}
				return
			}
			if err != nil || r.Status != test.status {
				t.Fatalf("%+v %v", r, err)
			}
			if r.Code() != test.code || json.Valid([]byte(r.Text)) != (test.kind != fault.HTML && test.kind != fault.Truncated) {
				t.Errorf("%s", r.Text)
			}
			for _, name := range []string{"Retry-After", "Request-Id", "Www-Authenticate", "Via"} {
				wanted := slices.Contains(test.headers, name) || name == "Request-Id" && test.kind == fault.Revoked
				if got := r.Header.Get(name) != ""; got != wanted {
					t.Errorf("%s: %q", name, r.Header.Get(name))
				}
			}
			if test.kind != fault.Revoked {
				w.Must(200, "GET", "/v1.0/me", "")
			}
		})
	}
}

// What can't happen to a request leaves it alone.
func TestFaultsSpareWhatTheyCannotHit(t *testing.T) {
	const policies = "/v1.0/identity/conditionalAccess/policies"
	batch := func(method string) string {
		return `{"requests":[{"id":"1","method":"` + method + `","url":"/users/nobody@contoso.com"}]}`
	}
	for _, test := range []struct {
		method, path, body string
		spared             []fault.Kind // of those that happen to requests
	}{
		{"GET", "/v1.0/me", "", []fault.Kind{fault.Timeout, fault.DroppedAfter, fault.Lag, fault.AuditLate}},
		{"GET", policies, "", []fault.Kind{fault.Throttled, fault.Timeout, fault.DroppedAfter, fault.Lag, fault.AuditLate}},
		{"GET", "/v1.0/auditLogs/directoryAudits", "", []fault.Kind{fault.Timeout, fault.DroppedAfter, fault.Lag}},
		{"POST", "/v1.0/users", simtest.NewUserBody, []fault.Kind{fault.AuditLate}},
		{"PATCH", "/v1.0/users/auditor@contoso.com", `{"jobTitle":"x"}`, []fault.Kind{fault.Truncated, fault.AuditLate}},
		{"DELETE", "/v1.0/users/yuki.tanaka@contoso.com", "", []fault.Kind{fault.Truncated, fault.AuditLate}},
		{"POST", "/v1.0/identity/conditionalAccess/evaluate", "{}", []fault.Kind{fault.Throttled, fault.Timeout, fault.DroppedAfter, fault.Lag, fault.AuditLate}},
		{"POST", "/v1.0/$batch", batch("GET"), []fault.Kind{fault.Timeout, fault.DroppedAfter, fault.Lag, fault.AuditLate}},
		{"POST", "/v1.0/$batch", batch("DELETE"), []fault.Kind{fault.AuditLate}},
	} {
		for _, k := range fault.Kinds() {
			if !k.OfRequests() {
				continue
			}
			w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
			if err := w.Tenant.FaultAt(1, k); err != nil {
				t.Fatal(err)
			}
			r, err := w.Attempt(test.method, test.path, test.body)
			seen := w.Tenant.Requests()[0]
			spared := slices.Contains(test.spared, k)
			if seen.Can(k) == spared || (seen.Fault == k) == spared {
				t.Errorf("%s %s: %s hit %q, spared should be %v", test.method, test.path, k, seen.Fault, spared)
			}
			if spared && (err != nil || r.Status >= 500 || r.Status == http.StatusTooManyRequests) {
				t.Errorf("%s %s with %s: %s %v", test.method, test.path, k, r.Text, err)
			}
		}
	}
}

func TestFaultAtRefuses(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	w.Must(200, "GET", "/v1.0/me", "")
	for _, test := range []struct {
		n    int
		kind fault.Kind
		want string
	}{
		{2, "rain", `unknown fault "rain"`},
		{2, fault.DeviceCode, "happens to sign-ins"},
		{2, fault.ConsentMissing, "happens to sign-ins"},
		{1, fault.Internal, "request 1 has arrived already"},
		{0, fault.Internal, "request 0 has arrived already"},
	} {
		if err := w.Tenant.FaultAt(test.n, test.kind); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%d %s: %v", test.n, test.kind, err)
		}
	}
	if err := w.Tenant.FaultAt(2, fault.Truncated); err != nil {
		t.Fatal(err)
	}
	// Nothing to cut: the page's request is no request to Graph, and a DELETE has no answer.
	w.Send("GET", w.Endpoints.Authority+"/common/discovery/instance", "")
	w.Must(204, "DELETE", "/v1.0/users/yuki.tanaka@contoso.com", "")
	if got := w.Tenant.Requests(); len(got) != 2 || got[1].Fault != "" {
		t.Errorf("%+v", got)
	}
}

// A session that is challenged goes on with a token that was asked for with the claims, and never with an old one
// (https://learn.microsoft.com/entra/identity-platform/claims-challenge).
func TestClaimsChallenge(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	token := func() string {
		text, err := w.Tenant.ChallengeableToken(state.OperatorUPN, "User.Read")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	first, other := token(), token()
	if err := w.Tenant.FaultAt(2, fault.Revoked); err != nil {
		t.Fatal(err)
	}
	w.Token = first
	w.Must(200, "GET", "/v1.0/me", "")
	for range 2 {
		r := w.Must(401, "GET", "/v1.0/me", "")
		header := r.Header.Get("Www-Authenticate")
		_, claims, found := strings.Cut(header, `error="insufficient_claims", claims="`)
		if !found || !strings.HasPrefix(header, "Bearer ") {
			t.Fatalf("no challenge: %s", header)
		}
		text, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(claims, `"`))
		var asked struct {
			AccessToken struct {
				NotBefore struct {
					Essential bool
					Value     json.Number
				} `json:"nbf"`
			} `json:"access_token"`
		}
		if err != nil || json.Unmarshal(text, &asked) != nil || !asked.AccessToken.NotBefore.Essential {
			t.Fatalf("claims %s: %v", text, err)
		}
		if at, err := asked.AccessToken.NotBefore.Value.Int64(); err != nil || time.Since(time.Unix(at, 0)) > time.Minute {
			t.Errorf("not before %v", at)
		}
	}
	w.Token = other
	w.Must(401, "GET", "/v1.0/me", "")
	w.Token = token()
	w.Must(200, "GET", "/v1.0/me", "")

	// A client that has not said that it can answer a challenge gets none.
	w.As(state.OperatorUPN)
	if err := w.Tenant.FaultAt(len(w.Tenant.Requests())+1, fault.Revoked); err != nil {
		t.Fatal(err)
	}
	if r := w.Must(401, "GET", "/v1.0/me", ""); strings.Contains(r.Header.Get("Www-Authenticate"), "claims") {
		t.Errorf("challenged: %v", r.Header)
	}
}

// Over sockets a broken connection is one, and half an answer is a whole message.
func TestFaultsOverTLS(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Weather: weather(t, "clock-skew", 0)})
	server, err := w.Tenant.Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: server.CertPool()}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	w.Client, w.Endpoints = &http.Client{Transport: transport}, server.Endpoints()
	if w.Token, err = server.OperatorToken(); err != nil {
		t.Fatal(err)
	}
	for n, k := range []fault.Kind{fault.Dropped, fault.Truncated} {
		if err := w.Tenant.FaultAt(n+1, k); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := w.Attempt("PATCH", "/v1.0/users/auditor@contoso.com", `{"jobTitle":"x"}`); err == nil {
		t.Errorf("dropped: %s", r.Text)
	}
	if r, err := w.Attempt("GET", "/v1.0/me", ""); err != nil || r.Status != http.StatusOK || r.Text == "" || json.Valid([]byte(r.Text)) {
		t.Errorf("truncated: %q %v", r.Text, err)
	}
	w.Must(200, "GET", "/v1.0/me", "")
	keys := w.Send("GET", w.Endpoints.Authority+"/common/discovery/keys", "").Header.Get("Date")
	if at, err := time.Parse(http.TimeFormat, keys); err != nil || time.Until(at).Abs() < fault.SmallestSkew-time.Minute {
		t.Errorf("the sign-in's clock is right: %s %v", keys, err)
	}
}
