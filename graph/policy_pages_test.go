package graph

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
)

// Conditional Access allows one request a second, so the policies are asked for in one page; where Graph refuses that, as it
// comes, and from then on at once.
func TestPoliciesInOnePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		none := ok(`{"value":[{"id":"p"}]}`)
		a := &answers{t: t, list: []func(http.ResponseWriter){status(400, `{"error":{"code":"BadRequest","message":"$top is too large."}}`), none, none}}
		c := newTestClient(t, a)
		for range 2 {
			if list, err := c.ConditionalAccess.Policies(t.Context()); err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
		}
		var queries []string
		for _, q := range a.got {
			queries = append(queries, q.URL.Path+"?"+q.URL.RawQuery)
		}
		const list = "/beta/identity/conditionalAccess/policies?"
		if want := []string{list + "$top=999", list, list}; !slices.Equal(queries, want) || c.ConditionalAccess.HidesPolicies() {
			t.Errorf("asked %q", queries)
		}
	})
}
