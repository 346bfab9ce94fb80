package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	khttp "github.com/microsoft/kiota-http-go"
)

// signInFlow is one sign-in or renewal. It travels in the context through azidentity and MSAL down to the transport, which
// notes here what the sign-in service really said: azidentity drops the answer that ends a device code, and the errors
// of MSAL may quote tokens.
type signInFlow struct {
	method      Method
	prompt      Prompt
	interactive bool
	tenant      string // Options.Tenant
	clientID    string
	foreign     bool // the account is known to be of another tenant

	mu      sync.Mutex
	answer  tokenAnswer // the last one
	broken  error       // why the last request had no answer
	expires time.Time   // of the device code
	refresh bool
	opening error // what Prompt.OpenURL returned
}

type signInFlowKey struct{}

func (f *signInFlow) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, signInFlowKey{}, f)
}

// signInFlowOf is the flow of a request; one without is given an empty flow.
func signInFlowOf(ctx context.Context) *signInFlow {
	if f, ok := ctx.Value(signInFlowKey{}).(*signInFlow); ok {
		return f
	}
	return &signInFlow{}
}

// tokenAnswer is what is read of an answer of the sign-in service: errors (RFC 6749, section 5.2, with Entra's own
// members) and the life of a device code (RFC 8628). Tokens are seen as present or not.
type tokenAnswer struct {
	Error       string   `json:"error"`
	Description string   `json:"error_description"`
	Codes       []int    `json:"error_codes"`
	Correlation string   `json:"correlation_id"`
	Trace       string   `json:"trace_id"`
	DeviceCode  presence `json:"device_code"`
	ExpiresIn   int      `json:"expires_in"`
	Refresh     presence `json:"refresh_token"`
}

// presence notes that a member is there and forgets its value.
type presence bool

func (p *presence) UnmarshalJSON(raw []byte) error {
	*p = presence(len(raw) > 2 && string(raw) != "null")
	return nil
}

func (f *signInFlow) note(a tokenAnswer, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer, f.broken = a, err
	if a.DeviceCode {
		f.expires = time.Now().Add(time.Duration(a.ExpiresIn) * time.Second)
	}
	f.refresh = f.refresh || bool(a.Refresh)
}

func (f *signInFlow) codeExpires() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.expires
}

// refreshable reports that a refresh token came with an answer.
func (f *signInFlow) refreshable() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.refresh
}

// unopened notes why the sign-in page could not be shown.
func (f *signInFlow) unopened(err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opening = err
	return err
}

// openURL hands the sign-in address to the operator.
func (f *signInFlow) openURL(address string) error {
	return f.unopened(f.prompt.OpenURL(address))
}

// tokenAttempt is one request to the sign-in service. It bounds the time, notes the answer in the flow and tells the
// observer, who sees neither query strings nor bodies.
type tokenAttempt struct {
	observe func(Exchange)
	network *network
}

func (t *tokenAttempt) Intercept(pipeline khttp.Pipeline, next int, req *http.Request) (*http.Response, error) {
	at := time.Now()
	redactRequest(req)
	resp, body, _, err := exchange(pipeline, next, req)
	t.network.failed(req, err)
	redactAnswer(body)
	var a tokenAnswer
	x := Exchange{
		At: at, Took: time.Since(at), Method: req.Method, Path: req.URL.EscapedPath(), Err: reason(err),
		ClientRequestID: req.Header.Get("client-request-id"), Attempt: attemptNumber(req),
	}
	if resp != nil {
		if json.Unmarshal(body, &a) != nil {
			a = tokenAnswer{}
		}
		x.Status, x.RequestID = resp.StatusCode, resp.Header.Get("x-ms-request-id")
		x.Code, x.Message = a.Error, firstLine(a.Description)
	}
	broken := err
	if resp != nil && broken == nil {
		broken = foreign(req, resp.StatusCode, resp.Header)
	}
	signInFlowOf(req.Context()).note(a, broken)
	if t.observe != nil {
		t.observe(x)
	}
	if err != nil {
		return nil, err
	}
	return resp, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}
