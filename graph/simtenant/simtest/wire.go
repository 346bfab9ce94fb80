package simtest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Wire is a client that knows nothing but HTTP.
type Wire struct {
	testing.TB
	Tenant    *Tenant
	Client    *http.Client
	Endpoints simtenant.Endpoints
	Token     string // sent to Graph unless a header says otherwise
}

// NewWire is a client of the tenant that o describes, with a token of its operator.
func NewWire(t *testing.T, o simtenant.Options) *Wire {
	t.Helper()
	tenant, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w := &Wire{TB: t, Tenant: tenant, Endpoints: tenant.Endpoints()}
	w.Client = &http.Client{Transport: tenant.Transport(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w.As(state.OperatorUPN)
	return w
}

// As makes the wire send a token of this account, with these scopes or all of them.
func (w *Wire) As(upn string, scopes ...string) {
	w.Helper()
	token, err := w.Tenant.AccessToken(upn, scopes...)
	if err != nil {
		w.Fatal(err)
	}
	w.Token = token
}

// Reply is an answer, read to its end.
type Reply struct {
	Status int
	Header http.Header
	Text   string
	Body   map[string]any
}

// Code is the code of Graph's error envelope, or the error of the sign-in's.
func (r Reply) Code() string {
	switch e := r.Body["error"].(type) {
	case string:
		return e
	case map[string]any:
		code, _ := e["code"].(string)
		return code
	}
	return ""
}

// Message is the message of Graph's error envelope.
func (r Reply) Message() string {
	e, _ := r.Body["error"].(map[string]any)
	message, _ := e["message"].(string)
	return message
}

// List are the objects of a collection.
func (r Reply) List() []map[string]any {
	values, _ := r.Body["value"].([]any)
	var out []map[string]any
	for _, v := range values {
		object, _ := v.(map[string]any)
		out = append(out, object)
	}
	return out
}

// Send sends one request; headers are name and value in turn, and a value of "" removes the header.
func (w *Wire) Send(method, address, body string, headers ...string) Reply {
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
	res, err := w.Client.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	r := Reply{Status: res.StatusCode, Header: res.Header, Text: string(text)}
	_ = json.Unmarshal(text, &r.Body)
	return r
}

// Graph calls Graph with the wire's token.
func (w *Wire) Graph(method, path, body string, headers ...string) Reply {
	w.Helper()
	path = strings.ReplaceAll(path, " ", "%20")
	return w.Send(method, w.Endpoints.Graph+path, body, append([]string{"Authorization", "Bearer " + w.Token}, headers...)...)
}

// Must calls Graph and fails the test unless the status is as wanted.
func (w *Wire) Must(status int, method, path, body string, headers ...string) Reply {
	w.Helper()
	r := w.Graph(method, path, body, headers...)
	if r.Status != status {
		w.Fatalf("%s %s: status %d, want %d: %s", method, path, r.Status, status, r.Text)
	}
	return r
}

// Form posts to a sign-in endpoint of the tenant.
func (w *Wire) Form(endpoint string, values ...string) Reply {
	w.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		v.Set(values[i], values[i+1])
	}
	return w.Send("POST", w.Endpoints.Authority+"/"+w.Endpoints.TenantID+"/oauth2/v2.0/"+endpoint, v.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// ID is the object id of an account.
func (w *Wire) ID(upn string) string {
	w.Helper()
	u := w.Tenant.Snapshot().Users[upn]
	if u.ID == "" {
		w.Fatalf("no account %s", upn)
	}
	return u.ID
}

// NewUserBody is what Graph makes an account of.
const NewUserBody = `{"accountEnabled":true,"displayName":"Delegate365 Service","mailNickname":"service.delegate365",` +
	`"userPrincipalName":"service.delegate365@contoso.onmicrosoft.com","passwordProfile":{"forceChangePasswordNextSignIn":false,"password":"Correct-Horse-9"},` +
	`"passwordPolicies":"DisablePasswordExpiration","usageLocation":"AT","@odata.type":"#microsoft.graph.user"}`

// NewUserUPN is the account that NewUserBody makes.
const NewUserUPN = "service.delegate365@contoso.onmicrosoft.com"

// AssignBody makes a principal Global Administrator.
func AssignBody(principal string) string {
	return `{"@odata.type":"#microsoft.graph.unifiedRoleAssignment","roleDefinitionId":"` + state.RoleGlobalAdministrator + `","principalId":"` + principal + `","directoryScopeId":"/"}`
}

// Register gives the account with this id an authenticator app.
func (w *Wire) Register(id string) {
	w.Helper()
	m, err := w.Tenant.State.MFA.RegisterMethod(id, state.MethodTOTP, "App", []byte("secret"))
	if err != nil {
		w.Fatal(err)
	}
	if m.ID == "" || m.Kind != state.MethodTOTP || m.Created.IsZero() {
		w.Errorf("registered %+v", m)
	}
}

// Attempt is a request that may break. Its answer is whole or cut.
func (w *Wire) Attempt(method, path, body string) (Reply, error) {
	w.Helper()
	req, err := http.NewRequestWithContext(w.Context(), method, w.Endpoints.Graph+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.Token)
	req.Header.Set("Content-Type", "application/json")
	res, err := w.Client.Do(req)
	if err != nil {
		return Reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	r := Reply{Status: res.StatusCode, Header: res.Header, Text: string(text)}
	_ = json.Unmarshal(text, &r.Body)
	return r, err
}

// Names are the display names of a collection's objects.
func (r Reply) Names() []string {
	var names []string
	for _, object := range r.List() {
		name, _ := object["displayName"].(string)
		names = append(names, name)
	}
	return names
}

// SameJSON says whether two texts are the same JSON.
func SameJSON(t *testing.T, a, b any) bool {
	t.Helper()
	x, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(x) == string(y)
}

// EvaluateBody asks what-if about an account.
func EvaluateBody(user, conditions string) string {
	return `{"signInIdentity":{"@odata.type":"#microsoft.graph.userSignIn","userId":"` + user + `"},` +
		`"signInContext":{"@odata.type":"#microsoft.graph.applicationContext","includeApplications":["` + state.AppGraph + `"]},` +
		`"signInConditions":{` + conditions + `},"appliedPoliciesOnly":true}`
}

// An account for a test to sign in as.
const (
	VendorUPN      = "vendor.account@contoso.com"
	VendorPassword = "Correct-Horse-9"
)

// FailuresUntilLocked is how many wrong passwords lock an account.
const FailuresUntilLocked = 10
