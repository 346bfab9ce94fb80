package graph

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The excluded users are read whenever they are written: what somebody else wrote in a pause, or beside what lags, stays. What is older than
// what was read before is read again, and nothing is sent where nothing is to change.
func TestExclusionsAreReadAnew(t *testing.T) {
	excluding := func(modified string, users ...string) func(http.ResponseWriter) {
		return ok(fmt.Sprintf(`{"id":"p","modifiedDateTime":%q,"conditions":{"users":{"excludeUsers":["%s"]}}}`, "2026-11-22T10:00:0"+modified+"Z", strings.Join(users, `","`)))
	}
	const busy, odd = `{"error":{"code":"TooManyRequests","message":"wait"}}`, `{"error":{"code":"BadRequest","message":"x"}}`
	later, done := status(429, busy, "Retry-After", "9"), status(204, "")
	for name, c := range map[string]struct {
		answers []func(http.ResponseWriter)
		sent    []string // whom each change excludes
		waits   int
		kind    error
		outcome Outcome
		paths   string
	}{
		"as it was":            {answers: []func(http.ResponseWriter){excluding("1", "a"), done}, sent: []string{"a ours"}},
		"edited before":        {answers: []func(http.ResponseWriter){excluding("2", "a", "b"), done}, sent: []string{"a b ours"}},
		"edited in the pause":  {answers: []func(http.ResponseWriter){excluding("1", "a"), later, excluding("2", "a", "b"), done}, sent: []string{"a ours", "a b ours"}, waits: 1},
		"an older answer":      {answers: []func(http.ResponseWriter){excluding("0"), excluding("1", "a"), done}, sent: []string{"a ours"}, waits: 1},
		"older than the pause": {answers: []func(http.ResponseWriter){excluding("2", "a", "b"), later, excluding("1", "a"), excluding("2", "a", "b"), done}, sent: []string{"a b ours", "a b ours"}, waits: 2},
		"always older":         {answers: slices.Repeat([]func(http.ResponseWriter){excluding("0")}, 6), waits: 5, kind: ErrUnavailable, outcome: Refused},
		"excluded already":     {answers: []func(http.ResponseWriter){excluding("2", "a", "ours")}},
		"not read":             {answers: []func(http.ResponseWriter){status(500, odd)}, kind: ErrUnavailable, outcome: Refused},
		"busy for ever": {
			answers: slices.Repeat([]func(http.ResponseWriter){excluding("1", "a"), status(429, busy)}, 6), sent: slices.Repeat([]string{"a ours"}, 6), waits: 5, kind: ErrThrottled, outcome: Refused,
		},
		"lost":                  {answers: []func(http.ResponseWriter){excluding("1", "a"), nil}, sent: []string{"a ours"}, kind: ErrOffline, outcome: Unknown},
		"refused by beta":       {answers: []func(http.ResponseWriter){excluding("1", "a"), status(400, odd), excluding("2", "b"), done}, sent: []string{"a ours", "b ours"}, paths: "beta beta v1.0 v1.0"},
		"not there at beta":     {answers: []func(http.ResponseWriter){status(404, odd), excluding("2", "b"), done}, sent: []string{"b ours"}, paths: "beta v1.0 v1.0"},
		"refused by both":       {answers: []func(http.ResponseWriter){excluding("1", "a"), status(400, odd), excluding("1", "a"), status(404, odd)}, sent: []string{"a ours", "a ours"}, kind: ErrInvalid, outcome: Refused},
		"refused as it stands":  {answers: []func(http.ResponseWriter){excluding("1", "a"), status(403, odd)}, sent: []string{"a ours"}, kind: ErrForbidden, outcome: Refused},
		"nothing of the policy": {answers: []func(http.ResponseWriter){ok(`{}`)}, kind: ErrUnavailable, outcome: Refused},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, waits := &answers{t: t, list: c.answers}, 0
				client := newTestClient(t, a, func(o *Options) { o.OnWait = func(Wait) { waits++ } })
				read := Policy{ID: "p", Modified: time.Date(2026, 11, 22, 10, 0, 1, 0, time.UTC), Users: PolicyUsers{ExcludeUsers: []string{"a"}}}
				err := client.ConditionalAccess.AddPolicyExclusion(t.Context(), read, "ours")
				if !errors.Is(err, c.kind) || OutcomeOf(err) != c.outcome || a.count() != len(c.answers) || waits != c.waits {
					t.Errorf("%v, outcome %v, after %d requests and %d waits", err, OutcomeOf(err), a.count(), waits)
				}
				var sent, paths []string
				for i, q := range a.got {
					paths = append(paths, strings.Split(q.URL.Path, "/")[1])
					if q.Method == http.MethodPatch {
						_, list, _ := strings.Cut(a.body[i], "[")
						sent = append(sent, strings.NewReplacer(`"`, "", ",", " ", "]", "", "}", "").Replace(list))
					}
				}
				if !slices.Equal(sent, c.sent) || c.paths != "" && strings.Join(paths, " ") != c.paths || client.ConditionalAccess.HidesPolicies() {
					t.Errorf("sent %q to %q", sent, paths)
				}
			})
		})
	}
}
