package plain

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// forged is what a stranger would have the program say, behind what a terminal obeys.
const (
	forged = "Forged: the onboarding can begin."
	poison = "\x1b]0;OWNED\a\x1b]52;c;Y3VybA==\a\u009b31m\u202eX\u202c\u200b\u2066\u2028\r\n" + forged + "\n" + forged
)

// poisoner adds poison to every text of one member in what Graph and the sign-in answer, and notes all members there are.
type poisoner struct {
	next   http.RoundTripper
	member string
	mu     sync.Mutex // over seen
	seen   map[string]bool
	refuse string // requests whose path has this are refused in such words
}

func (p *poisoner) RoundTrip(q *http.Request) (*http.Response, error) {
	a, err := p.next.RoundTrip(q)
	if err != nil || !strings.Contains(a.Header.Get("Content-Type"), "json") {
		return a, err
	}
	body, err := io.ReadAll(a.Body)
	if err != nil {
		return nil, err
	}
	var v any
	if json.Unmarshal(body, &v) == nil {
		p.mu.Lock()
		p.walk(v)
		p.mu.Unlock()
		if p.refuse != "" && strings.Contains(q.URL.Path, p.refuse) {
			a.StatusCode = http.StatusForbidden
			v = map[string]any{"error": map[string]any{"code": "Denied" + poison, "message": "No" + poison}}
			if strings.Contains(q.URL.Path, "/oauth2/") {
				a.StatusCode = http.StatusBadRequest
				v = map[string]any{"error": "invalid_grant", "error_description": "AADSTS50020: " + poison}
			}
		}
		if body, err = json.Marshal(v); err != nil {
			return nil, err
		}
	}
	a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	a.Header.Del("Content-Length")
	return a, nil
}

func (p *poisoner) walk(v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			p.walk(x)
		}
	case map[string]any:
		for name, x := range v {
			if text, ok := x.(string); ok {
				p.seen[name] = true
				if name == p.member {
					v[name] = text + poison
				}
				continue
			}
			p.walk(x)
		}
	}
}

// hears runs the check, and then the onboarding by itself, and returns all that was said, JSON and errors among it.
func hears(t *testing.T, profile string, p *poisoner) string {
	t.Helper()
	var out bytes.Buffer
	tenant, err := simtest.New(simtenant.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	ep := tenant.Endpoints()
	p.next, p.seen = tenant.Transport(), map[string]bool{}
	run, err := steps.NewRun(steps.Options{
		Cloud: graph.Cloud{
			Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: ep.Portal, Account: ep.Portal,
			SecurityInfo: ep.Portal + "/security-info", Delegate365: ep.Delegate365, Custom: true,
		},
		Tenant: ep.TenantID, DeviceCode: true, Transport: p, Person: tenant.NewPerson(&http.Client{Transport: tenant.Transport()}, ep),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer run.Wipe()
	report, err := Check(t.Context(), Options{Run: run}, steps.All()[0], &out)
	if err == nil {
		WriteCheck(Options{Out: &out}, report)
		if err := json.NewEncoder(printable.JSON(&out)).Encode(report); err != nil {
			t.Fatal(err)
		}
	}
	s := &session{Options: Options{Run: run, Out: &out}}
	s.details()
	if err != nil {
		s.problem(err)
		return out.String()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // what it waits for may never come
	defer cancel()
	err = Run(ctx, Options{Run: run, Steps: steps.All(), In: strings.NewReader(""), Out: &out, Autopilot: true})
	if err != nil { // as the command line says it
		fmt.Fprintln(printable.Writer(&out), printable.Line(err.Error()))
	}
	return out.String()
}

// unforged fails for what a terminal would obey, and for a line that the program did not write.
func unforged(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, forged) {
			t.Errorf("a stranger wrote the line %q", line)
		}
		for _, r := range strings.TrimSuffix(line, "\n") {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Errorf("%U is in %+q", r, line)
				break
			}
		}
	}
}

// Whatever text of a tenant a stranger chose, it forges no line, and nothing that a terminal obeys arrives.
func TestHostileTenant(t *testing.T) {
	for _, profile := range []string{"business"} {
		members := map[string]bool{}
		synctest.Test(t, func(t *testing.T) {
			p := &poisoner{}
			if out := hears(t, profile, p); len(out) < 1000 {
				t.Fatalf("it only says %q", out)
			}
			maps.Copy(members, p.seen)
		})
		said := 0
		for i, member := range slices.Sorted(maps.Keys(members)) {
			if testing.Short() && i%8 != 0 {
				continue // every eighth
			}
			synctest.Test(t, func(t *testing.T) {
				out := hears(t, profile, &poisoner{member: member})
				if strings.Contains(out, forged) {
					said++
				}
				unforged(t, out)
			})
		}
		if said < 3 && !testing.Short() {
			t.Errorf("of %d members, what was added is said of %d alone", len(members), said)
		}
		t.Logf("%s: %d members, %d of them are said", profile, len(members), said)
	}
}

// The same for the words in which Graph and the sign-in refuse.
func TestHostileRefusal(t *testing.T) {
	for _, path := range []string{"/oauth2/", "/organization", "/policies", "/users", "/me", "/subscribedSkus", "/domains"} {
		synctest.Test(t, func(t *testing.T) {
			unforged(t, hears(t, "business", &poisoner{refuse: path}))
		})
	}
}
