package simtenant_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// wire is a client that knows nothing but HTTP.
type wire struct {
	*testing.T
	tenant *simtest.Tenant
	client *http.Client
	ep     simtenant.Endpoints
	token  string // sent to Graph unless a header says otherwise
}

func newWire(t *testing.T, o simtenant.Options) *wire {
	t.Helper()
	tenant, err := simtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{T: t, tenant: tenant, ep: tenant.Endpoints()}
	w.client = &http.Client{Transport: tenant.Transport(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w.as(state.OperatorUPN)
	return w
}

// as makes the wire send a token of this account, with these scopes or all of them.
func (w *wire) as(upn string, scopes ...string) {
	w.Helper()
	token, err := w.tenant.AccessToken(upn, scopes...)
	if err != nil {
		w.Fatal(err)
	}
	w.token = token
}

type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// code is the code of Graph's error envelope, or the error of the sign-in's.
func (r reply) code() string {
	switch e := r.body["error"].(type) {
	case string:
		return e
	case map[string]any:
		code, _ := e["code"].(string)
		return code
	}
	return ""
}

func (r reply) message() string {
	e, _ := r.body["error"].(map[string]any)
	message, _ := e["message"].(string)
	return message
}

func (r reply) list() []map[string]any {
	values, _ := r.body["value"].([]any)
	var out []map[string]any
	for _, v := range values {
		object, _ := v.(map[string]any)
		out = append(out, object)
	}
	return out
}

// send sends one request; headers are name and value in turn, and a value of "" removes the header.
func (w *wire) send(method, address, body string, headers ...string) reply {
	w.Helper()
	req, err := http.NewRequestWithContext(w.Context(), method, address, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
		}
	}
	res, err := w.client.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	r := reply{status: res.StatusCode, header: res.Header, text: string(text)}
	_ = json.Unmarshal(text, &r.body)
	return r
}

// graph calls Graph with the wire's token.
func (w *wire) graph(method, path, body string, headers ...string) reply {
	w.Helper()
	path = strings.ReplaceAll(path, " ", "%20")
	return w.send(method, w.ep.Graph+path, body, append([]string{"Authorization", "Bearer " + w.token}, headers...)...)
}

// must calls Graph and fails the test unless the status is as wanted.
func (w *wire) must(status int, method, path, body string, headers ...string) reply {
	w.Helper()
	r := w.graph(method, path, body, headers...)
	if r.status != status {
		w.Fatalf("%s %s: status %d, want %d: %s", method, path, r.status, status, r.text)
	}
	return r
}

// form posts to a sign-in endpoint of the tenant.
func (w *wire) form(endpoint string, values ...string) reply {
	w.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		v.Set(values[i], values[i+1])
	}
	return w.send("POST", w.ep.Authority+"/"+w.ep.TenantID+"/oauth2/v2.0/"+endpoint, v.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// id is the object id of an account.
func (w *wire) id(upn string) string {
	w.Helper()
	u := w.tenant.Snapshot().Users[upn]
	if u.ID == "" {
		w.Fatalf("no account %s", upn)
	}
	return u.ID
}

const newUserBody = `{"accountEnabled":true,"displayName":"Delegate365 Service","mailNickname":"service.delegate365",` +
	`"userPrincipalName":"service.delegate365@contoso.onmicrosoft.com","passwordProfile":{"forceChangePasswordNextSignIn":false,"password":"Correct-Horse-9"},` +
	`"passwordPolicies":"DisablePasswordExpiration","usageLocation":"AT","@odata.type":"#microsoft.graph.user"}`

const newUserUPN = "service.delegate365@contoso.onmicrosoft.com"

func assignBody(principal string) string {
	return `{"@odata.type":"#microsoft.graph.unifiedRoleAssignment","roleDefinitionId":"` + state.RoleGlobalAdministrator + `","principalId":"` + principal + `","directoryScopeId":"/"}`
}
