package graph

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// sts is a sign-in service with one operator, at login.test, in front of a Graph at graph.test.
type sts struct {
	graph http.Handler
	host  string

	mu        sync.Mutex
	tenant    string   // of whoever signs in
	object    string   // of whoever signs in
	consented []string // short names; nil consents to whatever is asked
	signedIn  time.Time
	expiresIn int // of device codes
	refuse    map[string]string
	broken    error
	noRefresh bool
	life      time.Duration
	tokens    []url.Values // token requests that were answered with tokens
	requests  []string
	secrets   []string // codes and tokens given out
	scopes    map[string]string
}

func newSTS() *sts {
	return &sts{
		host: "login.test", tenant: tenantID, object: operatorID, expiresIn: 900, life: time.Hour, refuse: map[string]string{}, scopes: map[string]string{},
		graph: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { ok(`{"id":"1"}`)(w) }),
	}
}

func (s *sts) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w := httptest.NewRecorder()
	if r.URL.Host == s.host {
		s.requests = append(s.requests, r.URL.Path)
		if s.broken != nil {
			return nil, s.broken
		}
		s.serve(w, r)
	} else {
		s.graph.ServeHTTP(w, r)
	}
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

func (s *sts) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Ms-Request-Id", "sts-1")
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if description, refused := s.refuse[rest]; refused {
		s.fail(w, description)
		return
	}
	_ = r.ParseForm()
	switch rest {
	case "v2.0/.well-known/openid-configuration":
		base := "https://" + s.host + "/" + tenant
		_ = json.NewEncoder(w).Encode(map[string]string{
			"issuer": base + "/v2.0", "token_endpoint": base + "/oauth2/v2.0/token",
			"authorization_endpoint": base + "/oauth2/v2.0/authorize", "device_authorization_endpoint": base + "/oauth2/v2.0/devicecode",
		})
	case "oauth2/v2.0/devicecode":
		s.scopes["device-code-secret"] = r.PostForm.Get("scope")
		s.secrets = append(s.secrets, "device-code-secret")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"device_code": "device-code-secret", "user_code": "ABCD-EFGH", "verification_uri": "https://portal.test/device",
			"expires_in": s.expiresIn, "interval": 5, "message": "go there",
		})
	case "oauth2/v2.0/token":
		s.token(w, r.PostForm)
	case "discovery/instance":
		_ = json.NewEncoder(w).Encode(map[string]any{
			"tenant_discovery_endpoint": "https://" + s.host + "/organizations/v2.0/.well-known/openid-configuration", "api-version": "1.1",
			"metadata": []map[string]any{{"preferred_network": s.host, "preferred_cache": s.host, "aliases": []string{s.host}}},
		})
	default:
		http.NotFound(w, r)
	}
}

func (s *sts) fail(w http.ResponseWriter, description string) {
	code, text, _ := strings.Cut(description, "|")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"error": code, "error_description": text, "correlation_id": "c0ffee00-0000-0000-0000-000000000000", "trace_id": "trace-1",
	})
}

func (s *sts) token(w http.ResponseWriter, form url.Values) {
	scope := form.Get("scope")
	switch form.Get("grant_type") {
	case "device_code", "urn:ietf:params:oauth:grant-type:device_code":
		if s.signedIn.IsZero() || time.Now().Before(s.signedIn) {
			s.fail(w, "authorization_pending|AADSTS70016: OAuth 2.0 device flow error. Authorization is pending.")
			return
		}
		scope = firstOf(scope, s.scopes[form.Get("device_code")])
	case "refresh_token":
		if strings.HasPrefix(form.Get("refresh_token"), "revoked") {
			s.fail(w, "invalid_grant|AADSTS700082: The refresh token has expired.\r\nTrace ID: t")
			return
		}
	case "authorization_code":
		if form.Get("code_verifier") == "" {
			s.fail(w, "invalid_request|AADSTS50148: code_verifier is missing")
			return
		}
	}
	var granted []string
	for f := range strings.FieldsSeq(scope) {
		short := f[strings.LastIndex(f, "/")+1:]
		if s.consented != nil && strings.Contains(f, "://") && !slices.Contains(s.consented, short) {
			s.fail(w, "invalid_grant|AADSTS65001: The user or administrator has not consented to use "+short+".\r\nTrace ID: 00000000-0000-0000-0000-00000000000a\r\nCorrelation ID: 00000000-0000-0000-0000-00000000000b")
			return
		}
		if strings.Contains(f, "://") {
			granted = append(granted, short)
		}
	}
	s.tokens = append(s.tokens, form)
	n := len(s.tokens)
	claims := jwt.MapClaims{
		"tid": s.tenant, "oid": s.object, "upn": "admin@contoso.example", "preferred_username": "admin@contoso.example", "name": "Ada Admin",
		"scp": strings.Join(granted, " "), "sub": "subject", "iss": "https://login.test/" + s.tenant + "/v2.0", "aud": DefaultClientID,
		"exp": time.Now().Add(s.life).Unix(), "n": n,
	}
	info, _ := json.Marshal(map[string]string{"uid": s.object, "utid": s.tenant})
	answer := map[string]any{
		"token_type": "Bearer", "expires_in": int(s.life.Seconds()), "scope": scope,
		"access_token": signed(claims), "id_token": signed(claims), "client_info": base64.RawURLEncoding.EncodeToString(info),
	}
	if !s.noRefresh {
		answer["refresh_token"] = fmt.Sprintf("refresh-token-secret-%d", n)
	}
	s.secrets = append(s.secrets, answer["access_token"].(string), "refresh-token-secret")
	_ = json.NewEncoder(w).Encode(answer)
}

// visit is a browser in which the operator signs in at once: it follows the sign-in address and posts the answer to
// the listener, with what change makes of it.
func (s *sts) visit(change func(query, form url.Values)) func(string) error {
	return func(address string) error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		q := u.Query()
		form := url.Values{"state": {q.Get("state")}, "code": {"authorization-code-secret"}}
		if change != nil {
			change(q, form)
		}
		s.mu.Lock()
		s.secrets = append(s.secrets, "authorization-code-secret")
		s.mu.Unlock()
		if q.Get("response_mode") != "form_post" || q.Get("code_challenge_method") != "S256" || !strings.HasPrefix(q.Get("redirect_uri"), "http://localhost:") {
			return errors.New("unexpected address " + address)
		}
		go func() {
			resp, err := http.PostForm(q.Get("redirect_uri"), form)
			if err == nil {
				_ = resp.Body.Close()
			}
		}()
		return nil
	}
}
