package steps

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// principals is Graph with nothing but service principals, each with one permission. It answers after a while.
type principals struct {
	ids []string

	mu    sync.Mutex
	asked int      // requests
	open  []string // whom those are about that are not answered yet; nothing is the list
	most  int      // as many at once
}

func (p *principals) RoundTrip(q *http.Request) (*http.Response, error) {
	id, what, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(q.URL.Path, "/v1.0/servicePrincipals"), "/"), "/")
	p.mu.Lock()
	p.asked++
	p.open = append(p.open, id)
	p.most = max(p.most, len(slices.Compact(slices.Sorted(slices.Values(p.open)))))
	p.mu.Unlock()
	time.Sleep(time.Second)
	p.mu.Lock()
	i := slices.Index(p.open, id)
	p.open = slices.Delete(p.open, i, i+1)
	p.mu.Unlock()
	all := []map[string]string{}
	switch {
	case id == "":
		for _, id := range p.ids {
			all = append(all, map[string]string{"id": id, "displayName": "Delegate365 " + id})
		}
	case what == "oauth2PermissionGrants":
		all = append(all, map[string]string{"id": "grant of " + id, "scope": "User.Read"})
	}
	body, err := json.Marshal(map[string]any{"value": all})
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(body))), Request: q}, err
}

// The apps and their grants are asked for four at a time, whether their ids are known or not, and each once, in whatever case its id is.
func TestAppsAreAskedForFourAtATime(t *testing.T) {
	t.Parallel()
	for _, known := range []int{0, 2, 9} {
		t.Run(fmt.Sprint(known, " known"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant := &principals{}
				for i := range 10 {
					tenant.ids = append(tenant.ids, fmt.Sprintf("abcdef00-0000-4000-8000-%012d", i))
				}
				var ids []string
				for _, id := range tenant.ids[:known] {
					ids = append(ids, strings.ToUpper(id))
				}
				apps, err := delegate365Apps(t.Context(), asking(t, tenant), ids...)
				if err != nil || len(apps) != len(tenant.ids) {
					t.Fatalf("%d apps, %v", len(apps), err)
				}
				for _, a := range apps {
					if len(a.grants) != 1 || !strings.EqualFold(a.grants[0].ID, "grant of "+a.ID) {
						t.Errorf("%s: %+v", a.ID, a.grants)
					}
				}
				if tenant.most > 4 {
					t.Errorf("%d at once", tenant.most)
				}
				if want := 1 + 2*len(tenant.ids); tenant.asked != want {
					t.Errorf("%d requests, want %d", tenant.asked, want)
				}
			})
		})
	}
}

// asking is a client that is signed in, and whose requests this answers.
func asking(t *testing.T, answers http.RoundTripper) *graph.Client {
	t.Helper()
	var tokens graph.Relay
	tokens.Set(graph.Token{Text: graph.NewSecret("token"), Expires: time.Now().Add(time.Hour)})
	client, err := graph.New(graph.Options{Tenant: "contoso.com", Transport: answers, Credential: &tokens})
	if err != nil {
		t.Fatal(err)
	}
	return client
}
