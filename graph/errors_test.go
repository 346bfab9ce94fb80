package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestErrorMapping(t *testing.T) {
	details := `{"error":{"code":"Request_BadRequest","message":"Another object with the same value for property userPrincipalName already exists.","details":[{"code":"ObjectConflict","target":"userPrincipalName","message":"taken"}],"innerError":{"date":"2026-11-22T10:00:00","request-id":"inner","client-request-id":"mine"}}}`
	for name, test := range map[string]struct {
		status  int
		body    string
		headers []string
		kind    error
		code    string
		says    string
	}{
		"not found":          {status: 404, body: refusal("Request_ResourceNotFound", "Resource 'x' does not exist"), kind: ErrNotFound, code: "Request_ResourceNotFound", says: "Resource 'x' does not exist"},
		"not found by code":  {status: 400, body: refusal("Request_ResourceNotFound", "no principal"), kind: ErrNotFound},
		"forbidden":          {status: 403, body: refusal("Authorization_RequestDenied", "Insufficient privileges"), kind: ErrForbidden},
		"unlicensed words":   {status: 403, body: refusal("AccessDenied", "Your tenant is not licensed for this feature"), kind: ErrUnlicensed},
		"unlicensed P1":      {status: 403, body: refusal("Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Tenant is not a B2C tenant and doesn't have premium license"), kind: ErrUnlicensed},
		"unlicensed P2":      {status: 400, body: refusal("AadPremiumLicenseRequired", "needs P2"), kind: ErrUnlicensed},
		"conflict details":   {status: 400, body: details, kind: ErrConflict, code: "Request_BadRequest"},
		"conflict words":     {status: 400, body: refusal("Request_BadRequest", "A conflicting object with one or more of the specified property values is present in the directory."), kind: ErrConflict},
		"conflict status":    {status: 409, body: refusal("X", "x"), kind: ErrConflict},
		"conflict code":      {status: 400, body: refusal("Request_MultipleObjectsWithSameKeyValue", "x"), kind: ErrConflict},
		"bad request":        {status: 400, body: refusal("Request_BadRequest", "The specified password does not comply"), kind: ErrInvalid},
		"unauthorized":       {status: 401, body: refusal("InvalidAuthenticationToken", "expired"), kind: ErrUnauthorized},
		"server":             {status: 500, body: refusal("InternalServerError", "x"), kind: ErrUnavailable},
		"empty object":       {status: 403, body: `{}`, kind: ErrForbidden, says: "could not be read"},
		"no message":         {status: 403, body: `{"error":{"code":"AccessDenied"}}`, kind: ErrForbidden, code: "AccessDenied"},
		"null among details": {status: 400, body: `{"error":{"code":"X","message":"m","details":[null]}}`, kind: ErrInvalid, code: "X", says: "m (400 X)"},
		"error is a string":  {status: 403, body: `{"error":"no"}`, kind: ErrForbidden},
		"empty":              {status: 500, body: ``, kind: ErrUnavailable, says: "no explanation"},
		"HTML":               {status: 403, body: `<html>Forbidden</html>`, headers: []string{"Content-Type", "text/html; charset=utf-8"}, kind: ErrForbidden, says: "not Graph's (text/html)"},
		"truncated":          {status: 400, body: `{"error":{"code":"Req`, kind: ErrInvalid, says: "could not be read"},
		"redirect":           {status: 302, body: ``, headers: []string{"Location", "https://evil.test/"}, kind: ErrUnavailable},
		"HTML with 200":      {status: 200, body: `<html>Welcome</html>`, headers: []string{"Content-Type", "text/html"}, kind: ErrUnavailable, says: "not Graph's"},
		"truncated with 200": {status: 200, body: `{"id":"1","userPr`, kind: ErrUnavailable, says: "could not be read"},
		"empty with 200":     {status: 200, body: ``, kind: ErrUnavailable},
		"wrong type":         {status: 200, body: `{"id":"1","accountEnabled":"perhaps"}`, kind: ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			a := &answers{t: t, list: []func(http.ResponseWriter){status(test.status, test.body, test.headers...)}}
			var seen []Exchange
			c := newTestClient(t, a, func(o *Options) { o.Observe = func(x Exchange) { seen = append(seen, x) } })
			_, err := c.Users.User(t.Context(), "x")
			e, isError := errors.AsType[*Error](err)
			if !isError {
				t.Fatalf("got %T %v", err, err)
			}
			if !errors.Is(err, test.kind) {
				t.Errorf("%v is not %v", err, test.kind)
			}
			if e.Status != test.status || e.RequestID != "req-1" || e.ClientRequestID == "" {
				t.Errorf("status %d, request %q, client request %q", e.Status, e.RequestID, e.ClientRequestID)
			}
			if test.code != "" && e.Code != test.code || !strings.Contains(err.Error(), test.says) || !strings.HasPrefix(err.Error(), "read the account: ") {
				t.Errorf("code %q, text %q", e.Code, err)
			}
			if len(seen) != 1 || seen[0].Status != test.status || seen[0].Code != e.Code || seen[0].ClientRequestID != e.ClientRequestID {
				t.Errorf("observed %+v", seen)
			}
		})
	}
}

func TestErrorDetails(t *testing.T) {
	body := `{"error":{"code":"Request_BadRequest","message":"taken","details":[{"code":"ObjectConflict","target":"userPrincipalName","message":"m"}],"innerError":{"request-id":"inner"}}}`
	a := &answers{t: t, list: []func(http.ResponseWriter){status(400, body, "Request-Id", "", "Date", "Sun, 22 Nov 2026 10:00:00 GMT")}}
	_, err := newTestClient(t, a).Users.User(t.Context(), "x")
	e, _ := errors.AsType[*Error](err)
	if e == nil || len(e.Details) != 1 || e.Details[0] != (Detail{"ObjectConflict", "userPrincipalName", "m"}) {
		t.Fatalf("details of %#v", err)
	}
	if e.RequestID != "inner" || !e.Date.Equal(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("request %q at %v", e.RequestID, e.Date)
	}
}

func TestOutcome(t *testing.T) {
	refusing := httptest.NewTLSServer(http.NotFoundHandler())
	refusing.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	defer untrusted.Close()
	to := func(server *httptest.Server) http.RoundTripper {
		host := strings.TrimPrefix(server.URL, "https://")
		real := NewTransport(nil)
		real.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, host)
		}
		return real
	}
	for name, test := range map[string]struct {
		transport http.RoundTripper
		want      Outcome
		kind      error
	}{
		"applied":        {inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })}, Applied, nil},
		"refused":        {inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })}, Refused, ErrForbidden},
		"gateway":        {inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGatewayTimeout) })}, Unknown, ErrUnavailable},
		"redirect":       {inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) })}, Unknown, ErrIntercepted},
		"dropped":        {roundTrip(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }), Unknown, ErrOffline},
		"no port":        {to(refusing), Refused, ErrOffline},
		"no trust":       {to(untrusted), Refused, ErrOffline},
		"no name":        {roundTrip(func(*http.Request) (*http.Response, error) { return nil, &net.DNSError{Err: "no such host"} }), Refused, ErrOffline},
		"dial in memory": {roundTrip(func(*http.Request) (*http.Response, error) { return nil, &net.OpError{Op: "dial", Err: io.EOF} }), Refused, ErrOffline},
	} {
		t.Run(name, func(t *testing.T) {
			err := newTestClient(t, test.transport).Users.DeleteUser(t.Context(), "x")
			if got := OutcomeOf(err); got != test.want || test.kind != nil && !errors.Is(err, test.kind) {
				t.Errorf("outcome %v of %v", got, err)
			}
			if got := OutcomeOf(fmt.Errorf("wrapped: %w", err)); err != nil && got != test.want {
				t.Errorf("wrapped, the outcome is %v", got)
			}
		})
	}
	for name, test := range map[string]struct {
		err  error
		want Outcome
	}{
		"foreign":   {io.EOF, Unknown},
		"signed in": {&SignInError{}, Refused},
		"by status": {&Error{Status: 409}, Refused},
	} {
		if got := OutcomeOf(test.err); got != test.want {
			t.Errorf("%s is %v", name, got)
		}
	}
}

func TestCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		c := newTestClient(t, stuck)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		err := c.Users.DeleteUser(ctx, "x")
		if !errors.Is(err, context.DeadlineExceeded) || OutcomeOf(err) != Unknown {
			t.Errorf("got %v, %v", err, OutcomeOf(err))
		}
		cancelled, stop := context.WithCancel(t.Context())
		stop()
		err = c.Users.DeleteUser(cancelled, "x")
		if !errors.Is(err, context.Canceled) || OutcomeOf(err) == Applied {
			t.Errorf("got %v", err)
		}
		start := time.Now()
		err = c.Users.DeleteUser(t.Context(), "x")
		if !errors.Is(err, ErrUnavailable) || OutcomeOf(err) != Unknown || time.Since(start) != attemptTimeout {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestForeignHostsAreRefused(t *testing.T) {
	for name, next := range map[string]string{
		"other host":   "https://evil.test/v1.0/domains?page=2",
		"plain http":   "http://graph.test/v1.0/domains?page=2",
		"other port":   "https://graph.test:8443/v1.0/domains",
		"user in it":   "https://graph.test@evil.test/v1.0/domains",
		"user at home": "https://a@graph.test/v1.0/domains",
	} {
		a := &answers{t: t, list: []func(http.ResponseWriter){ok(`{"value":[],"@odata.nextLink":"` + next + `"}`)}}
		_, err := newTestClient(t, a).Tenant.Domains(t.Context())
		if err == nil || !strings.Contains(err.Error(), "refused to send") || a.count() != 1 {
			t.Errorf("%s: %v after %d requests", name, err, a.count())
		}
	}
}
