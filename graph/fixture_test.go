package graph

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/golang-jwt/jwt/v5"
)

const (
	tenantID   = "11111111-2222-3333-4444-555555555555"
	operatorID = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
)

// inProcess serves requests from a handler without a network, so that tests run in virtual time.
type inProcess struct{ http.Handler }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	w := httptest.NewRecorder()
	t.ServeHTTP(w, r)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// given is a credential that always has a token.
type given struct {
	claims jwt.MapClaims
	life   time.Duration

	mu    sync.Mutex
	asked []policy.TokenRequestOptions
}

func (g *given) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, o)
	life := g.life
	if life == 0 {
		life = time.Hour
	}
	claims := jwt.MapClaims{"tid": tenantID, "oid": operatorID, "upn": "admin@contoso.example", "name": "Ada Admin", "scp": "User.Read"}
	for k, v := range g.claims {
		claims[k] = v
	}
	return azcore.AccessToken{Token: signed(claims), ExpiresOn: time.Now().Add(life)}, nil
}

func signed(claims jwt.Claims) string {
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("test"))
	if err != nil {
		panic(err)
	}
	return token
}

func testCloud() Cloud {
	return Cloud{Name: "test", Authority: "https://login.test", Graph: "https://graph.test", Portal: "https://portal.test", Custom: true}
}

// newTestClient is a signed-in client whose requests the transport answers.
func newTestClient(t *testing.T, transport http.RoundTripper, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{Cloud: testCloud(), Transport: transport, Credential: &given{}}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answers gives one canned answer after the other and keeps the requests.
type answers struct {
	t    *testing.T
	list []func(w http.ResponseWriter)

	mu   sync.Mutex
	got  []*http.Request
	body []string
	at   []time.Time
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := len(a.got)
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	a.got, a.body, a.at = append(a.got, r), append(a.body, string(body)), append(a.at, time.Now())
	if n >= len(a.list) {
		a.t.Errorf("request %d was not expected: %s %s", n+1, r.Method, r.URL)
		return nil, io.ErrUnexpectedEOF
	}
	if a.list[n] == nil {
		return nil, io.ErrUnexpectedEOF
	}
	w := httptest.NewRecorder()
	a.list[n](w)
	return w.Result(), nil
}

func (a *answers) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.got)
}

// status answers with a status, headers as name, value, … and a body; JSON unless a content type is among the headers.
func status(code int, body string, headers ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		if body != "" {
			w.Header().Set("Content-Type", "application/json;odata.metadata=minimal")
		}
		w.Header().Set("Request-Id", "req-1")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

func ok(body string) func(http.ResponseWriter) { return status(http.StatusOK, body) }

func refusal(code, message string) string {
	raw, _ := json.Marshal(map[string]any{"error": map[string]any{"code": code, "message": message}})
	return string(raw)
}

func decoded(t *testing.T, raw string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		t.Fatalf("body %q: %v", raw, err)
	}
	return m
}
