package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetry(t *testing.T) {
	const body = `{"id":"x"}`
	busy := func(code int, headers ...string) func(http.ResponseWriter) {
		return status(code, refusal("TooManyRequests", "slow down"), headers...)
	}
	read := func(c *Client, ctx context.Context) error { _, err := c.Users.User(ctx, "x"); return err }
	create := func(c *Client, ctx context.Context) error {
		_, err := c.Users.CreateUser(ctx, NewUser{UserPrincipalName: "a@b.example", Password: NewSecret("Passw0rd!")})
		return err
	}
	patch := func(c *Client, ctx context.Context) error { return c.Users.SetUserEnabled(ctx, "x", true) }
	whatIf := func(c *Client, ctx context.Context) error {
		_, err := c.ConditionalAccess.Evaluate(ctx, SignInContext{UserID: "u", AppID: "a"})
		return err
	}
	many := func(n int, f func(http.ResponseWriter)) []func(http.ResponseWriter) {
		return slices.Repeat([]func(http.ResponseWriter){f}, n)
	}
	type list = []func(http.ResponseWriter)
	for name, test := range map[string]struct {
		call     func(*Client, context.Context) error
		answers  list
		waits    [][2]time.Duration // least and most
		asked    bool
		kind     error
		outcome  Outcome
		deadline time.Duration
	}{
		"seconds":               {call: read, answers: list{busy(429, "Retry-After", "9"), ok(body)}, waits: [][2]time.Duration{{9e9, 9e9}}, asked: true},
		"date":                  {call: read, answers: list{busy(429, "Retry-After", "Sat, 01 Jan 2000 00:00:07 GMT"), ok(body)}, waits: [][2]time.Duration{{7e9, 7e9}}, asked: true},
		"date by their clock":   {call: read, answers: list{busy(429, "Retry-After", "Sat, 01 Jan 2000 03:00:07 GMT", "Date", "Sat, 01 Jan 2000 03:00:00 GMT"), ok(body)}, waits: [][2]time.Duration{{7e9, 7e9}}, asked: true},
		"date in the past":      {call: read, answers: list{busy(429, "Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT"), ok(body)}, waits: [][2]time.Duration{{1e9, 15e8}}},
		"none":                  {call: read, answers: list{busy(429), busy(429), ok(body)}, waits: [][2]time.Duration{{1e9, 15e8}, {2e9, 3e9}}},
		"a fraction":            {call: read, answers: list{busy(429, "Retry-After", "8.2"), ok(body)}, waits: [][2]time.Duration{{9e9, 9e9}}, asked: true},
		"nonsense":              {call: read, answers: list{busy(429, "Retry-After", "soon"), ok(body)}, waits: [][2]time.Duration{{1e9, 15e8}}},
		"502":                   {call: read, answers: list{busy(502), ok(body)}, waits: [][2]time.Duration{{1e9, 15e8}}},
		"503":                   {call: read, answers: list{busy(503, "Retry-After", "2"), ok(body)}, waits: [][2]time.Duration{{2e9, 2e9}}, asked: true},
		"504":                   {call: read, answers: list{busy(504), ok(body)}, waits: [][2]time.Duration{{1e9, 15e8}}},
		"500":                   {call: read, answers: list{busy(500)}, kind: ErrUnavailable, outcome: Unknown},
		"dropped":               {call: read, answers: list{nil, ok(body)}, waits: [][2]time.Duration{{1e9, 15e8}}},
		"dropped thrice":        {call: read, answers: list{nil, nil, nil}, waits: [][2]time.Duration{{1e9, 15e8}, {2e9, 3e9}}, kind: ErrOffline, outcome: Unknown},
		"for ever":              {call: read, answers: many(6, busy(429)), waits: [][2]time.Duration{{1e9, 15e8}, {2e9, 3e9}, {4e9, 6e9}, {8e9, 12e9}, {16e9, 24e9}}, kind: ErrThrottled, outcome: Refused},
		"longer than we wait":   {call: read, answers: list{busy(429, "Retry-After", "121")}, kind: ErrThrottled, outcome: Refused},
		"long in sum":           {call: read, answers: many(3, busy(429, "Retry-After", "50")), waits: [][2]time.Duration{{50e9, 50e9}, {50e9, 50e9}}, asked: true, kind: ErrThrottled, outcome: Refused},
		"beyond the deadline":   {call: read, answers: list{busy(429, "Retry-After", "30")}, deadline: 10 * time.Second, kind: ErrThrottled, outcome: Refused},
		"write after 429":       {call: create, answers: list{busy(429, "Retry-After", "3"), status(201, body)}, waits: [][2]time.Duration{{3e9, 3e9}}, asked: true},
		"write after 503":       {call: create, answers: list{busy(503, "Retry-After", "3")}, kind: ErrUnavailable, outcome: Unknown},
		"write after 504":       {call: create, answers: list{busy(504)}, kind: ErrUnavailable, outcome: Unknown},
		"write after a drop":    {call: create, answers: list{nil}, kind: ErrOffline, outcome: Unknown},
		"patch after 504":       {call: patch, answers: list{busy(504)}, kind: ErrUnavailable, outcome: Unknown},
		"patch after 429":       {call: patch, answers: list{busy(429), status(204, "")}, waits: [][2]time.Duration{{1e9, 15e8}}},
		"what-if is a read":     {call: whatIf, answers: list{busy(503), nil, ok(`{"value":[]}`)}, waits: [][2]time.Duration{{1e9, 15e8}, {2e9, 3e9}}},
		"too long for a number": {call: read, answers: list{busy(429, "Retry-After", "99999999999")}, kind: ErrThrottled, outcome: Refused},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &answers{t: t, list: test.answers}
				var waits []Wait
				var attempts []int
				c := newTestClient(t, a, func(o *Options) {
					o.OnWait = func(w Wait) { waits = append(waits, w) }
					o.Observe = func(x Exchange) { attempts = append(attempts, x.Attempt) }
				})
				ctx := t.Context()
				if test.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.deadline)
					defer cancel()
				}
				start := time.Now()
				err := test.call(c, ctx)
				if !errors.Is(err, test.kind) || OutcomeOf(err) != test.outcome {
					t.Errorf("got %v, outcome %v", err, OutcomeOf(err))
				}
				if a.count() != len(test.answers) || len(waits) != len(test.waits) {
					t.Fatalf("%d requests, waits %v", a.count(), waits)
				}
				var sum time.Duration
				for i, w := range waits {
					sum += w.Delay
					if w.Delay < test.waits[i][0] || w.Delay > test.waits[i][1] || w.Attempt != i+1 || w.Asked != test.asked || w.Path == "" {
						t.Errorf("wait %d is %+v", i+1, w)
					}
				}
				if took := time.Since(start); took < sum || took > sum+2*time.Second {
					t.Errorf("took %v with %v of waiting", took, sum)
				}
				for i := range a.body {
					if a.body[i] != a.body[0] || a.got[i].Header.Get("client-request-id") != a.got[0].Header.Get("client-request-id") || attempts[i] != i+1 {
						t.Errorf("attempt %d differs: %q", i+1, a.body[i])
					}
				}
			})
		})
	}
}

func TestRetriedBodyIsWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{t: t, list: []func(http.ResponseWriter){status(429, ""), status(429, ""), status(201, `{"id":"new"}`)}}
		u, err := newTestClient(t, a).Users.CreateUser(t.Context(), NewUser{
			UserPrincipalName: "service@contoso.example", DisplayName: "Service", MailNickname: "service", JobTitle: "marker", UsageLocation: "AT", Password: NewSecret("S3cret-Word"),
		})
		if err != nil || u.ID != "new" {
			t.Fatal(u, err)
		}
		for i, r := range a.got {
			if r.ContentLength != int64(len(a.body[i])) || r.Header.Get("Content-Encoding") != "" || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("attempt %d: length %d, %v", i+1, r.ContentLength, r.Header)
			}
		}
		got := decoded(t, a.body[2])
		profile, _ := got["passwordProfile"].(map[string]any)
		if got["accountEnabled"] != true || got["passwordPolicies"] != "DisablePasswordExpiration" || got["jobTitle"] != "marker" ||
			profile["password"] != "S3cret-Word" || profile["forceChangePasswordNextSignIn"] != false || profile["forceChangePasswordNextSignInWithMfa"] != false {
			t.Errorf("body %s", a.body[2])
		}
	})
}

func TestCancelDuringWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{t: t, list: []func(http.ResponseWriter){status(429, refusal("TooManyRequests", "x"), "Retry-After", "100")}}
		ctx, cancel := context.WithCancel(t.Context())
		c := newTestClient(t, a, func(o *Options) { o.OnWait = func(Wait) { time.AfterFunc(5*time.Second, cancel) } })
		start := time.Now()
		err := c.Users.SetUserEnabled(ctx, "x", true)
		if !errors.Is(err, context.Canceled) || OutcomeOf(err) != Refused || time.Since(start) != 5*time.Second {
			t.Errorf("after %v: %v, outcome %v", time.Since(start), err, OutcomeOf(err))
		}
	})
}

func TestBrokenBodyIsReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := newTestClient(t, roundTrip(func(*http.Request) (*http.Response, error) {
			n++
			var body io.Reader = strings.NewReader(`{"id":"x"}`)
			if n == 1 {
				body = io.MultiReader(strings.NewReader(`{"id"`), failing{})
			}
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(body), ContentLength: -1}, nil
		}))
		if u, err := c.Users.User(t.Context(), "x"); err != nil || u.ID != "x" || n != 2 {
			t.Errorf("%v, %v after %d", u, err, n)
		}
	})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestConditionalAccessIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		start := time.Now()
		c := newTestClient(t, inProcess{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "conditionalAccess") {
				at = append(at, time.Since(start))
			}
			status(200, `{"value":[{"id":"p"}]}`)(w)
		})})
		for range 3 {
			if _, err := c.ConditionalAccess.Policies(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := c.Tenant.Domains(t.Context()); err != nil || time.Since(start) != 2200*time.Millisecond {
			t.Errorf("other calls wait: %v, %v", time.Since(start), err)
		}
		if _, err := c.ConditionalAccess.Evaluate(t.Context(), SignInContext{}); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(at) != "[0s 1.1s 2.2s 3.3s]" {
			t.Errorf("sent at %v", at)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.ConditionalAccess.Policies(ctx); !errors.Is(err, context.Canceled) || len(at) != 4 {
			t.Errorf("cancelled: %v after %d", err, len(at))
		}
	})
}
