// Package clients holds no code but tests: programs that know nothing of this project drive the simulated tenant, as they
// would drive Microsoft's, and are all answered alike.
package clients

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// Rules of this file: what is compared is the answer as it came over TLS, status and JSON. Only what differs between any
// two runs is levelled: ids that were made in between, dates, request ids, and the name of the client's own account.

// job is what a client is told: where Graph is, and as whom to come.
type job struct {
	Graph     string `json:"graph"` // with the version
	CA        string `json:"ca"`
	Token     string `json:"token"`
	WeakToken string `json:"weakToken"` // for User.Read and nothing else
	Account   string `json:"account"`   // of the account to make
	Nickname  string `json:"nickname"`
	Password  string `json:"password"`
}

// answer is what came back to one request.
type answer struct {
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body,omitempty"`
}

// exchanges are the answers to each call, by its name. A call that turns pages has several.
type exchanges map[string][]answer

// calls are those that every client makes, in this order.
var calls = []string{
	"list", "me", "filter", "create", "read", "patch", "assign", "assigned", "security defaults", "policies", "batch", "not found", "forbidden",
	"pages", "unassign", "delete",
}

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"

// finder finds the operator, who runs the clients, by name.
const finder = "startswith(displayName,'Ada')"

func TestAnswersAreTheSame(t *testing.T) {
	t.Parallel()
	tenant, server := serveTenant(t, "business")
	at := endpoints(t, server)
	weak, err := tenant.AccessToken(at.Operator.UserPrincipalName, "User.Read")
	if err != nil {
		t.Fatal(err)
	}
	before := tenant.Snapshot()
	wanted := statuses()
	var first exchanges
	for _, client := range []struct {
		name string
		run  func(*testing.T, job) exchanges
	}{{"curl", runCurl}, {"go", runSDK}, {"javascript", runJavaScript}} {
		t.Run(client.name, func(t *testing.T) {
			if client.name == "javascript" && testing.Short() {
				t.Skip("it comes from npm, and asks as the others do")
			}
			if first != nil {
				time.Sleep(1100 * time.Millisecond) // Conditional Access allows one request a second, whoever makes it
			}
			j := job{
				Graph: at.Graph + "/v1.0", CA: at.CA, Token: at.Operator.AccessToken, WeakToken: weak,
				Nickname: "service." + client.name, Account: "service." + client.name + "@" + at.Domain, Password: "Correct-Horse-9",
			}
			got := levelled(t, client.run(t, j), j)
			for _, name := range calls {
				if n := len(got[name]); n == 0 || name != "pages" && n != 1 || name == "pages" && n < 3 {
					t.Errorf("%s: %d answers", name, n)
					continue
				}
				if got[name][0].Status != wanted[name] {
					t.Errorf("%s: status %d, want %d: %s", name, got[name][0].Status, wanted[name], got[name][0].Body)
				}
			}
			if first == nil {
				first = got
			}
			for name := range first {
				if !reflect.DeepEqual(texts(first[name]), texts(got[name])) {
					t.Errorf("%s differs:\n%s\n%s", name, texts(first[name]), texts(got[name]))
				}
			}
			if after := tenant.Snapshot(); !reflect.DeepEqual(before.Users, after.Users) {
				t.Errorf("it leaves another tenant behind: %v", after.Users)
			}
		})
	}
}

// serveTenant serves a tenant of a profile, whose replicas agree at once and who may be asked for a device code each second.
func serveTenant(t *testing.T, profile string) (*simtest.Tenant, *simtenant.Server) {
	t.Helper()
	tenant, err := simtest.New(simtenant.Options{Profile: profile, DeviceInterval: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	tenant.SetLag(0)
	server, err := tenant.Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return tenant, server
}

// endpoints are where the server is, with the operator's token.
func endpoints(t *testing.T, server *simtenant.Server) simtenant.Endpoints {
	t.Helper()
	at := server.Endpoints()
	var err error
	if at.Operator.AccessToken, err = server.OperatorToken(); err != nil {
		t.Fatal(err)
	}
	return at
}

func statuses() map[string]int {
	return map[string]int{
		"list": 200, "me": 200, "filter": 200, "create": 201, "read": 200, "patch": 204, "assign": 201, "assigned": 200, "security defaults": 200,
		"policies": 200, "batch": 200, "not found": 404, "forbidden": 403, "pages": 200, "unassign": 204, "delete": 204,
	}
}

func texts(list []answer) []string {
	var out []string
	for _, a := range list {
		out = append(out, fmt.Sprintf("%d %s", a.Status, a.Body))
	}
	return out
}

var dateForm = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`)

// levelled are the answers without what is different every time, with their members in order.
func levelled(t *testing.T, got exchanges, j job) exchanges {
	t.Helper()
	level := strings.NewReplacer(j.Account, "service.client@domain", j.Nickname, "service.client", madeID(t, got, "create"), "the account", madeID(t, got, "assign"), "the assignment")
	out := exchanges{}
	for name, list := range got {
		for _, a := range list {
			if len(a.Body) > 0 {
				var v any
				if err := json.Unmarshal(a.Body, &v); err != nil {
					t.Fatalf("%s: %v: %s", name, err, a.Body)
				}
				withoutRequestIDs(v)
				b, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				a.Body = json.RawMessage(dateForm.ReplaceAllString(level.Replace(string(b)), "a date"))
			}
			out[name] = append(out[name], a)
		}
	}
	return out
}

// madeID is the id of what a call made.
func madeID(t *testing.T, got exchanges, name string) string {
	t.Helper()
	var made struct{ ID string }
	if len(got[name]) != 1 || json.Unmarshal(got[name][0].Body, &made) != nil || made.ID == "" {
		t.Fatalf("%s made nothing: %s", name, texts(got[name]))
	}
	return made.ID
}

// withoutRequestIDs takes the ids of requests out of error envelopes and of the headers of a batch's items.
func withoutRequestIDs(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if lower := strings.ToLower(name); lower == "request-id" || lower == "client-request-id" {
				v[name] = "an id"
				continue
			}
			withoutRequestIDs(member)
		}
	case []any:
		for _, item := range v {
			withoutRequestIDs(item)
		}
	}
}

// missing skips the test where a program is not installed, except in CI, which has them all.
func missing(t *testing.T, program string, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s: %v", program, err)
	}
	t.Skipf("%s is needed: %v", program, err)
}
