package steps_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// roundTrip is how long each request takes in these tests.
const roundTrip = 100 * time.Millisecond

// meter counts requests to Graph, and makes each take a round trip.
type meter struct {
	mu       sync.Mutex
	requests []string
	bytes    int
	policies int // requests that Conditional Access lets through once a second
}

func (m *meter) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		time.Sleep(roundTrip)
		a, err := next.RoundTrip(q)
		if err != nil || strings.Contains(q.URL.Path, "/oauth2/") {
			return a, err
		}
		body, err := io.ReadAll(a.Body)
		a.Body = io.NopCloser(strings.NewReader(string(body)))
		m.mu.Lock()
		defer m.mu.Unlock()
		m.requests = append(m.requests, q.Method+" "+q.URL.RequestURI())
		m.bytes += len(body)
		if strings.Contains(q.URL.Path, "/conditionalAccess/") {
			m.policies++
		}
		return a, err
	})
}

// checkCost signs in, and measures the check alone.
func checkCost(t *testing.T, profile string) (m *meter, first, all time.Duration) {
	t.Helper()
	m = &meter{}
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: profile, wrap: m.wrap})
		r.tenant.SetLag(0)
		r.pass(steps.SignIn)
		m.requests, m.bytes, m.policies = nil, 0, 0
		begun := time.Now()
		f, err := step(steps.Check).Inspect(t.Context(), r.run, func(e steps.Event) {
			if e.Fact != nil && e.Fact.Mark != steps.MarkPending && first == 0 {
				first = time.Since(begun)
			}
		})
		if err != nil || len(f.Sections) == 0 {
			t.Fatalf("%+v, %v", f, err)
		}
		all = time.Since(begun)
	})
	return m, first, all
}

// The first row is there after one round trip, and all are after two, besides the one request a second that Conditional
// Access allows.
func TestCheckIsQuick(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "business", "taken", "no-licence"} {
		m, first, all := checkCost(t, profile)
		spared := time.Duration(max(0, m.policies-1)) * 1100 * time.Millisecond
		t.Logf("%-10s first row after %.1f round trips, all after %.1f (%d requests, %.1f s of them for Conditional Access)",
			profile, float64(first)/float64(roundTrip), float64(all-spared)/float64(roundTrip), len(m.requests), spared.Seconds())
		if first > roundTrip {
			t.Errorf("%s: the first row comes after %s", profile, first)
		}
		if all-spared > 2*roundTrip {
			t.Errorf("%s: all rows are there after %s, %s of it for Conditional Access", profile, all, spared)
		}
	}
}

// A hundred thousand accounts, five hundred policies and five thousand applications cost the check no more requests than a
// small tenant does: what has to be read whole comes in one page. Accounts are never listed.
func TestCheckOfABigTenant(t *testing.T) {
	t.Parallel()
	small, _, _ := checkCost(t, "business")
	big, _, _ := checkCost(t, "big")
	t.Logf("business: %d requests, %d bytes; big: %d requests, %d bytes", len(small.requests), small.bytes, len(big.requests), big.bytes)
	if got, want := len(big.requests), len(small.requests); got != want {
		t.Errorf("%d requests, want %d", got, want)
	}
	for _, call := range big.requests {
		path, query, _ := strings.Cut(call, "?")
		switch {
		case strings.HasSuffix(path, "/users") && !strings.Contains(query, "filter"):
			t.Errorf("it lists accounts: %s", call)
		case strings.Contains(query, "skiptoken"):
			t.Errorf("it pages through %s", call)
		}
	}
}
