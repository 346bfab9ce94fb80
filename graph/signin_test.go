package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func newSignInClient(t *testing.T, s *sts, change ...func(*Options)) *Client {
	t.Helper()
	return newTestClient(t, s, append([]func(*Options){func(o *Options) { o.Credential = nil }}, change...)...)
}

func TestDeviceCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSTS()
		var seen []Exchange
		c := newSignInClient(t, s, func(o *Options) { o.Observe = func(x Exchange) { seen = append(seen, x) } })
		s.signedIn = time.Now().Add(40 * time.Second)
		start := time.Now()
		var shown []Code
		id, err := c.SignIn(t.Context(), DeviceCode, Prompt{ShowCode: func(code Code) { shown = append(shown, code) }}, "User.Read", "Domain.Read.All")
		if err != nil {
			t.Fatal(err)
		}
		if id != (Identity{tenantID, operatorID, "admin@contoso.example", "Ada Admin", tenantID, false}) || c.Identity() != id {
			t.Errorf("identity %+v", id)
		}
		if len(shown) != 1 || shown[0] != (Code{"ABCD-EFGH", "https://portal.test/device", start.Add(900 * time.Second)}) {
			t.Errorf("shown %+v", shown)
		}
		if took := time.Since(start); took < 40*time.Second || took > 50*time.Second {
			t.Errorf("took %v", took)
		}
		if got := c.Granted(); !slices.Equal(got, []string{"User.Read", "Domain.Read.All"}) || !c.Renewable() || !c.TokenExpires().After(time.Now().Add(50*time.Minute)) {
			t.Errorf("granted %v, renewable %v, expires %v", got, c.Renewable(), c.TokenExpires())
		}
		if _, err := c.Users.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		if _, err := c.Users.Me(t.Context()); err != nil || s.tokens[len(s.tokens)-1].Get("grant_type") != "refresh_token" {
			t.Errorf("renewal: %v, %v", err, s.tokens)
		}
		for _, x := range seen {
			text := fmt.Sprintf("%+v", x)
			for _, secret := range s.secrets {
				if strings.Contains(text, secret) {
					t.Errorf("observed %s", text)
				}
			}
		}
	})
}

func TestDeviceCodeEndings(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*sts)
		cancel  time.Duration
		kind    error
		code    int
		took    time.Duration
	}{
		"expired":   {prepare: func(s *sts) { s.expiresIn = 60 }, kind: ErrSignInClosed, took: time.Minute},
		"cancelled": {cancel: 7 * time.Second, kind: ErrSignInClosed, took: 7 * time.Second},
		"blocked": {prepare: func(s *sts) {
			s.refuse["oauth2/v2.0/token"] = "invalid_grant|AADSTS53003: Access has been blocked by Conditional Access policies."
		}, kind: ErrSignInRefused, code: 53003},
		"security default": {prepare: func(s *sts) {
			s.refuse["oauth2/v2.0/token"] = "invalid_grant|AADSTS530035: Access has been blocked by security defaults."
		}, kind: ErrSignInRefused, code: 530035},
		"flow is off": {prepare: func(s *sts) {
			s.refuse["oauth2/v2.0/devicecode"] = "invalid_client|AADSTS7000218: The request body must contain client_assertion"
		}, kind: ErrSignInRefused, code: 7000218},
		"declined": {prepare: func(s *sts) {
			s.refuse["oauth2/v2.0/token"] = "authorization_declined|AADSTS65004: User declined to consent."
		}, kind: ErrConsent, code: 65004},
		"no such tenant": {prepare: func(s *sts) {
			s.refuse["v2.0/.well-known/openid-configuration"] = "invalid_tenant|AADSTS90002: Tenant 'x' not found."
		}, kind: ErrNoTenant, code: 90002},
		"offline": {prepare: func(s *sts) { s.broken = io.ErrUnexpectedEOF }, kind: ErrOffline},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSTS()
				if test.prepare != nil {
					test.prepare(s)
				}
				c := newSignInClient(t, s)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.cancel > 0 {
					time.AfterFunc(test.cancel, cancel)
				}
				start := time.Now()
				_, err := c.SignIn(ctx, DeviceCode, Prompt{ShowCode: func(Code) {}}, "User.Read")
				e, isSignIn := errors.AsType[*SignInError](err)
				if !isSignIn || !errors.Is(err, test.kind) || e.Code != test.code || e.Method != DeviceCode {
					t.Fatalf("got %#v: %v", err, err)
				}
				if test.cancel > 0 && !errors.Is(err, context.Canceled) || test.took > 0 && time.Since(start) != test.took {
					t.Errorf("after %v: %v", time.Since(start), err)
				}
				if test.code != 0 && (e.CorrelationID == "" || e.TraceID != "trace-1" || strings.Contains(e.Message, "AADSTS")) {
					t.Errorf("read as %+v", e)
				}
				if c.Granted() != nil {
					t.Error("somebody is signed in")
				}
			})
		})
	}
}

func TestPollingSurvivesABadMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSTS()
		s.signedIn = time.Now().Add(20 * time.Second)
		polls := 0
		flaky := roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/token") {
				if polls++; polls == 2 {
					return nil, io.ErrUnexpectedEOF
				} else if polls == 3 {
					return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: http.NoBody}, nil
				}
			}
			return s.RoundTrip(r)
		})
		var waits []Wait
		c := newSignInClient(t, s, func(o *Options) {
			o.Transport = flaky
			o.OnWait = func(w Wait) { waits = append(waits, w) }
		})
		if _, err := c.SignIn(t.Context(), DeviceCode, Prompt{ShowCode: func(Code) {}}); err != nil {
			t.Fatal(err)
		}
		if len(waits) != 2 || waits[0].Path != "/organizations/oauth2/v2.0/token" {
			t.Errorf("waits %+v", waits)
		}
	})
}

func TestBrowser(t *testing.T) {
	s := newSTS()
	var seen []Exchange
	c := newSignInClient(t, s, func(o *Options) {
		o.Tenant = tenantID
		o.Observe = func(x Exchange) { seen = append(seen, x) }
	})
	var hints []string
	p := Prompt{OpenURL: s.visit(func(q, _ url.Values) { hints = append(hints, q.Get("login_hint")) })}
	id, err := c.SignIn(t.Context(), Browser, p, "User.Read")
	if err != nil || id != (Identity{tenantID, operatorID, "admin@contoso.example", "Ada Admin", tenantID, false}) {
		t.Fatalf("%+v, %v", id, err)
	}
	if c.Granted()[0] != "User.Read" || !c.Renewable() {
		t.Errorf("granted %v", c.Granted())
	}
	if err := c.Require(t.Context(), p, "Domain.Read.All"); err != nil {
		t.Fatal(err)
	}
	if got := c.Granted(); !slices.Equal(got, []string{"User.Read", "Domain.Read.All"}) || len(hints) != 1 {
		t.Errorf("silently granted %v after %d pages", got, len(hints))
	}
	s.consented = []string{"User.Read", "Domain.Read.All"}
	before := len(s.tokens)
	agree := Prompt{OpenURL: s.visit(func(q, _ url.Values) {
		hints = append(hints, q.Get("login_hint"))
		s.mu.Lock()
		s.consented = nil
		s.mu.Unlock()
	})}
	if err := c.Require(t.Context(), agree, "Policy.Read.All"); err != nil {
		t.Fatal(err)
	}
	if got := c.Granted(); !slices.Equal(got, []string{"User.Read", "Domain.Read.All", "Policy.Read.All"}) || len(hints) != 2 || hints[1] != "admin@contoso.example" {
		t.Errorf("granted %v after the pages %q", got, hints)
	}
	if got := s.tokens[before].Get("grant_type"); got != "authorization_code" {
		t.Errorf("the consent came by %s", got)
	}
	if err := c.Require(t.Context(), Prompt{}, "User.Read", "Policy.Read.All"); err != nil {
		t.Errorf("what is covered asks again: %v", err)
	}
	for _, x := range seen {
		for _, secret := range s.secrets {
			if strings.Contains(fmt.Sprintf("%+v", x), secret) {
				t.Errorf("observed %+v", x)
			}
		}
	}
}

func TestBrowserEndings(t *testing.T) {
	noBrowser := errors.New("no browser here")
	answer := func(s *sts, code, description string) func(string) error {
		return s.visit(func(_, form url.Values) {
			form.Del("code")
			form.Set("error", code)
			form.Set("error_description", description)
		})
	}
	for name, test := range map[string]struct {
		open    func(*sts) func(string) error
		prepare func(*sts)
		tenant  string
		kind    error
		code    int
		says    string
	}{
		"declined": {
			open: func(s *sts) func(string) error {
				return answer(s, "access_denied", "AADSTS65004: User declined to consent to access the app. Trace ID: 00000000-0000-0000-0000-00000000000a Correlation ID: 00000000-0000-0000-0000-00000000000b Timestamp: 2026")
			},
			kind: ErrConsent, code: 65004, says: "sign in: the browser said AADSTS65004",
		},
		"blocked": {
			open: func(s *sts) func(string) error {
				return answer(s, "interaction_required", "AADSTS50199: For security reasons, user confirmation is required.")
			},
			kind: ErrSignInRefused, code: 50199,
		},
		"no reason":    {open: func(s *sts) func(string) error { return answer(s, "access_denied", "") }, kind: ErrSignInClosed},
		"no browser":   {open: func(*sts) func(string) error { return func(string) error { return noBrowser } }, kind: noBrowser, says: "sign in: open the sign-in page: no browser here"},
		"wrong tenant": {tenant: tenantID, prepare: func(s *sts) { s.tenant = "99999999-2222-3333-4444-555555555555" }, kind: ErrWrongTenant},
		"code refused": {prepare: func(s *sts) {
			s.refuse["oauth2/v2.0/token"] = "invalid_grant|AADSTS50020: User account from another tenant"
		}, kind: ErrWrongTenant, code: 50020},
		"no sense": {
			prepare: func(s *sts) { s.refuse["v2.0/.well-known/openid-configuration"] = "" }, says: "sign-in service",
			kind: ErrUnavailable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSTS()
			if test.prepare != nil {
				test.prepare(s)
			}
			open := s.visit(nil)
			if test.open != nil {
				open = test.open(s)
			}
			c := newSignInClient(t, s, func(o *Options) { o.Tenant = test.tenant })
			_, err := c.SignIn(t.Context(), Browser, Prompt{OpenURL: open}, "User.Read")
			e, isSignIn := errors.AsType[*SignInError](err)
			if !isSignIn || test.kind != nil && !errors.Is(err, test.kind) || e.Code != test.code || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %#v: %v", err, err)
			}
			if strings.Contains(fmt.Sprintf("%+v", err), "secret") {
				t.Errorf("a secret shows: %+v", err)
			}
		})
	}
}

func TestCancelledBrowserEndsAtOnce(t *testing.T) {
	s := newSTS()
	ctx, cancel := context.WithCancel(t.Context())
	open := func(address string) error {
		// A browser opens a connection ahead of time, which must not be waited for.
		u, _ := url.Parse(address)
		redirect, _ := url.Parse(u.Query().Get("redirect_uri"))
		conn, err := net.Dial("tcp", redirect.Host)
		if err != nil {
			return err
		}
		t.Cleanup(func() { _ = conn.Close() })
		cancel()
		return nil
	}
	start := time.Now()
	_, err := newSignInClient(t, s).SignIn(ctx, Browser, Prompt{OpenURL: open}, "User.Read")
	if !errors.Is(err, ErrSignInClosed) || !errors.Is(err, context.Canceled) || time.Since(start) > time.Second/2 {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}

func TestRequireKeepsTheAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSTS()
		s.signedIn = time.Now()
		c := newSignInClient(t, s)
		p := Prompt{ShowCode: func(Code) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.consented = nil
		}}
		if _, err := c.SignIn(t.Context(), DeviceCode, p, "User.Read"); err != nil {
			t.Fatal(err)
		}
		s.consented = []string{"User.Read"}
		s.object = "99999999-bbbb-cccc-dddd-eeeeeeeeeeee"
		err := c.Require(t.Context(), p, "Policy.Read.All")
		if !errors.Is(err, ErrWrongAccount) || c.Identity().ObjectID != operatorID || !slices.Equal(c.Granted(), []string{"User.Read"}) {
			t.Errorf("another account gives %v, and the sign-in is %+v", err, c.Identity())
		}
		s.broken = io.ErrUnexpectedEOF
		s.consented = []string{"User.Read"}
		asked := false
		err = c.Require(t.Context(), Prompt{ShowCode: func(Code) { asked = true }}, "Policy.Read.All")
		if !errors.Is(err, ErrOffline) || asked {
			t.Errorf("without a network: %v, asked %v", err, asked)
		}
	})
}

func TestRefusedRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSTS()
		s.signedIn = time.Now()
		c := newSignInClient(t, s)
		p := Prompt{ShowCode: func(Code) {}}
		if _, err := c.SignIn(t.Context(), DeviceCode, p, "User.Read"); err != nil {
			t.Fatal(err)
		}
		s.refuse["oauth2/v2.0/token"] = "invalid_grant|AADSTS50173: The provided grant has expired due to it being revoked."
		time.Sleep(time.Hour - time.Minute)
		if _, err := c.Users.Me(t.Context()); err != nil {
			t.Errorf("a token in its last minute is not used: %v", err)
		}
		if c.Renewable() || c.Lapsed() {
			t.Error("a refused sign-in counts as renewable, or as over")
		}
		time.Sleep(2 * time.Minute)
		if !c.Lapsed() {
			t.Error("a sign-in that has run out counts as good")
		}
		_, err := c.Users.Me(t.Context())
		e, _ := errors.AsType[*SignInError](err)
		if !errors.Is(err, ErrUnauthorized) || OutcomeOf(err) != Refused || e == nil || e.Code != 50173 {
			t.Errorf("after the token's end: %v", err)
		}
		delete(s.refuse, "oauth2/v2.0/token")
		if _, err := c.SignIn(t.Context(), DeviceCode, p, "User.Read"); err != nil || !c.Renewable() {
			t.Errorf("signing in again: %v", err)
		}
		s.noRefresh = true
		if _, err := c.SignIn(t.Context(), DeviceCode, p, "User.Read"); err != nil || c.Renewable() {
			t.Errorf("without a refresh token: %v, renewable %v", err, c.Renewable())
		}
	})
}

func TestChallengeThatNeedsAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSTS()
		s.signedIn = time.Now()
		challenged := true
		s.graph = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if challenged {
				status(401, refusal("InvalidAuthenticationToken", "x"), "WWW-Authenticate", `Bearer error="insufficient_claims", claims="e30="`)(w)
				return
			}
			ok(`{"id":"1"}`)(w)
		})
		c := newSignInClient(t, s)
		shown := 0
		p := Prompt{ShowCode: func(Code) {
			shown++
			challenged = false
			delete(s.refuse, "oauth2/v2.0/token")
		}}
		if _, err := c.SignIn(t.Context(), DeviceCode, p, "User.Read"); err != nil {
			t.Fatal(err)
		}
		challenged = true
		s.refuse["oauth2/v2.0/token"] = "interaction_required|AADSTS50076: Due to a configuration change you must use multi-factor authentication."
		_, err := c.Users.Me(t.Context())
		if e, _ := errors.AsType[*SignInError](err); !errors.Is(err, ErrUnauthorized) || e == nil || e.Code != 50076 {
			t.Fatalf("the challenge gives %v", err)
		}
		if !c.Lapsed() {
			t.Error("a sign-in that only a person can renew counts as good")
		}
		if err := c.Require(t.Context(), p, "User.Read"); err != nil || shown != 2 {
			t.Errorf("Require after a challenge: %v, %d codes", err, shown)
		}
		if c.Lapsed() {
			t.Error("a sign-in that was renewed counts as lapsed")
		}
		if _, err := c.Users.Me(t.Context()); err != nil {
			t.Errorf("after the challenge: %v", err)
		}
	})
}

func TestPromptIsNeeded(t *testing.T) {
	for _, m := range []Method{Browser, DeviceCode} {
		if _, err := newSignInClient(t, newSTS()).SignIn(t.Context(), m, Prompt{}); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v without a prompt gives %v", m, err)
		}
	}
}

func TestEveryCloudSignsIn(t *testing.T) {
	for _, cloud := range builtInClouds() {
		for _, m := range []Method{Browser, DeviceCode} {
			t.Run(cloud.Name+" "+m.String(), func(t *testing.T) {
				s := newSTS()
				s.host = strings.TrimPrefix(cloud.Authority, "https://")
				s.signedIn = time.Now()
				var hosts, shown []string
				c := newSignInClient(t, s, func(o *Options) {
					o.Observe = func(x Exchange) { shown = append(shown, x.Path) }
					o.Cloud, o.Tenant = cloud, "contoso.example"
					o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
						hosts = append(hosts, r.URL.Scheme+"://"+r.URL.Host)
						return s.RoundTrip(r)
					})
				})
				if _, err := c.SignIn(t.Context(), m, Prompt{OpenURL: s.visit(nil), ShowCode: func(Code) {}}, "User.Read"); err != nil {
					t.Fatal(err)
				}
				if _, err := c.Users.Me(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := slices.Compact(hosts); !slices.Equal(got, []string{cloud.Authority, cloud.Graph}) {
					t.Errorf("asked %v", got)
				}
				if query := func(p string) bool { return strings.Contains(p, "?") && !strings.HasPrefix(p, "/v1.0/") }; slices.ContainsFunc(shown, query) {
					t.Errorf("observed %v", shown)
				}
				if scope := s.tokens[0].Get("scope") + s.scopes["device-code-secret"]; !strings.Contains(scope, cloud.Graph+"/User.Read") {
					t.Errorf("scope %q", scope)
				}
				if !slices.ContainsFunc(s.requests, func(p string) bool { return strings.HasPrefix(p, "/contoso.example/") }) {
					t.Errorf("requests %v", s.requests)
				}
			})
		}
	}
}
