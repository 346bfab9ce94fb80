package steps_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// A whole onboarding, recorded, and each request and answer held against Microsoft's own lists: the types of Graph's
// metadata and the permissions of microsoft-graph-devx-content. Neither the client nor the simulated tenant has any
// part in the judgement.

// published is where Microsoft's lists are.
const published = "../graph/testdata/microsoft"

// undocumented are the members of what Microsoft does not publish, with where they are known from.
var undocumented = map[string]string{
	"allowAppPasswords":                                 "read by CIPP (Test-CIPPAccessPermissions.ps1) and by a published Pester test with Policy.Read.All",
	"trustedIps":                                        "the same test",
	"trustedIps.skipMfaForFederatedUsers":               "the same test",
	"rememberMfaOnTrustedDevice":                        "Microsoft support: PATCH of the mfaServicePolicy endpoint",
	"rememberMfaOnTrustedDevice.isEnabled":              "the same",
	"rememberMfaOnTrustedDevice.allowedNumberOfDays":    "the same",
	"permission GET /policies/mfaservicepolicy":         "Policy.Read.All, the same Pester test",
	"permission PATCH /policies/mfaservicepolicy":       "Policy.ReadWrite.AuthenticationMethod is expected; not confirmed",
	"permission GET /directory/deleteditems/{id}":       "the path has no entry; User.Read.All by directory-deleteditems-get.md",
	"permission GET /directory/deleteditems/graph.user": "the cast has no entry; User.Read.All reads deleted users",
}

// unlisted is a type that the lists do not have whole: only the permission is judged.
const unlisted = "unlisted"

// calls are the calls of the onboarding: what is sent and what comes back.
var calls = []struct {
	method, path   string // without the version; {} is one segment
	version        string
	request, reply string // types without microsoft.graph.; [] behind a collection; empty is no body
}{
	{"GET", "/organization", "v1.0", "", "organization[]"},
	{"GET", "/domains", "v1.0", "", "domain[]"},
	{"GET", "/me", "v1.0", "", "user"},
	{"GET", "/me/transitiveMemberOf/microsoft.graph.directoryRole", "v1.0", "", "directoryRole[]"},
	{"GET", "/subscribedSkus", "v1.0", "", "subscribedSku[]"},
	{"GET", "/security/secureScores", "v1.0", "", "secureScore[]"},
	{"GET", "/policies/identitySecurityDefaultsEnforcementPolicy", "v1.0", "", "identitySecurityDefaultsEnforcementPolicy"},
	{"GET", "/identity/conditionalAccess/policies", "beta", "", "conditionalAccessPolicy[]"},
	{"GET", "/identity/conditionalAccess/policies/{}", "beta", "", "conditionalAccessPolicy"},
	{"PATCH", "/identity/conditionalAccess/policies/{}", "beta", "conditionalAccessPolicy", ""},
	{"POST", "/identity/conditionalAccess/evaluate", "v1.0", "evaluate", "whatIfAnalysisResult[]"},
	{"GET", "/users", "v1.0", "", "user[]"},
	{"GET", "/users/{}", "v1.0", "", "user"},
	{"POST", "/users", "v1.0", "user", "user"},
	{"PATCH", "/users/{}", "v1.0", "user", ""},
	{"GET", "/directory/deletedItems/microsoft.graph.user", "v1.0", "", "user[]"},
	{"GET", "/roleManagement/directory/roleAssignments", "v1.0", "", "unifiedRoleAssignment[]"},
	{"POST", "/roleManagement/directory/roleAssignments", "v1.0", "unifiedRoleAssignment", "unifiedRoleAssignment"},
	{"DELETE", "/roleManagement/directory/roleAssignments/{}", "v1.0", "", ""},
	{"GET", "/roleManagement/directory/roleAssignmentScheduleInstances", "v1.0", "", "unifiedRoleAssignmentScheduleInstance[]"},
	{"POST", "/roleManagement/directory/roleAssignmentScheduleRequests", "v1.0", "unifiedRoleAssignmentScheduleRequest", "unifiedRoleAssignmentScheduleRequest"},
	{"GET", "/policies/roleManagementPolicyAssignments", "v1.0", "", "unifiedRoleManagementPolicyAssignment[]"},
	{"GET", "/users/{}/authentication/requirements", "beta", "", "strongAuthenticationRequirements"},
	{"PATCH", "/users/{}/authentication/requirements", "beta", "strongAuthenticationRequirements", ""},
	{"GET", "/users/{}/transitiveMemberOf/microsoft.graph.directoryRole", "v1.0", "", "directoryRole[]"},
	{"GET", "/users/{}/transitiveMemberOf/microsoft.graph.group", "v1.0", "", "directoryObject[]"},
	{"GET", "/roleManagement/directory/roleEligibilityScheduleInstances", "v1.0", "", "unifiedRoleEligibilityScheduleInstance[]"},
	{"GET", "/roleManagement/directory/roleEligibilityScheduleInstances/filterByCurrentUser(on='principal')", "v1.0", "", "unifiedRoleEligibilityScheduleInstance[]"},
	{"GET", "/roleManagement/directory/resourceNamespaces/microsoft.directory/resourceActions", "beta", "", unlisted},
	{"GET", "/policies/authenticationMethodsPolicy", "beta", "", unlisted},
	{"GET", "/policies/authenticationStrengthPolicies", "v1.0", "", "authenticationStrengthPolicy[]"},
	{"GET", "/policies/defaultAppManagementPolicy", "v1.0", "", "tenantAppManagementPolicy"},
	{"GET", "/policies/authorizationPolicy", "v1.0", "", "authorizationPolicy"},
	{"GET", "/policies/identitySecurityDefaultsEnforcementPolicy", "v1.0", "", "identitySecurityDefaultsEnforcementPolicy"},
	{"PATCH", "/policies/identitySecurityDefaultsEnforcementPolicy", "v1.0", "identitySecurityDefaultsEnforcementPolicy", ""},
	{"GET", "/security/secureScoreControlProfiles", "v1.0", "", "secureScoreControlProfile[]"},
	{"GET", "/users/{}/authentication/methods", "v1.0", "", "authenticationMethod[]"},
	{"GET", "/policies/mfaServicePolicy", "beta", "", "undocumented"},
	{"PATCH", "/policies/mfaServicePolicy", "beta", "undocumented", ""},
	{"GET", "/servicePrincipals", "v1.0", "", "servicePrincipal[]"},
	{"GET", "/servicePrincipals/{}/oauth2PermissionGrants", "v1.0", "", "oAuth2PermissionGrant[]"},
	{"GET", "/servicePrincipals(appId='{}')/oauth2PermissionGrants", "v1.0", "", "oAuth2PermissionGrant[]"},
	{"GET", "/servicePrincipals/{}/appRoleAssignments", "v1.0", "", "appRoleAssignment[]"},
	{"GET", "/auditLogs/directoryAudits", "v1.0", "", "directoryAudit[]"},
	{"GET", "/roleManagement/directory/roleAssignmentScheduleInstances", "v1.0", "", "unifiedRoleAssignmentScheduleInstance[]"},
	{"GET", "/servicePrincipals/{}", "v1.0", "", "servicePrincipal"},
	{"GET", "/applications", "v1.0", "", "application[]"},
	{"DELETE", "/applications/{}", "v1.0", "", ""},
	{"DELETE", "/servicePrincipals/{}", "v1.0", "", ""},
	{"GET", "/directory/deletedItems/microsoft.graph.servicePrincipal", "v1.0", "", "servicePrincipal[]"},
	{"GET", "/directory/deletedItems/microsoft.graph.application", "v1.0", "", "application[]"},
	{"GET", "/directory/deletedItems/{}", "v1.0", "", "directoryObject"},
	{"POST", "/directory/deletedItems/{}/restore", "v1.0", "", "directoryObject"},
	{"POST", "/oauth2PermissionGrants", "v1.0", "oAuth2PermissionGrant", "oAuth2PermissionGrant"},
	{"POST", "/servicePrincipals/{}/appRoleAssignments", "v1.0", "appRoleAssignment", "appRoleAssignment"},
	{"PATCH", "/oauth2PermissionGrants/{}", "v1.0", "oAuth2PermissionGrant", ""},
	{"DELETE", "/oauth2PermissionGrants/{}", "v1.0", "", ""},
	{"DELETE", "/roleManagement/directory/roleAssignments/{}", "v1.0", "", ""},
	{"DELETE", "/users/{}", "v1.0", "", ""},
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, profile := range straight {
		t.Run(profile, func(t *testing.T) {
			tape := &tape{}
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: profile, wrap: tape.wrap})
				for _, s := range steps.All() {
					r.pass(s.Info().ID)
				}
			})
			j := newJudge(t)
			for _, x := range tape.exchanges {
				j.judge(x)
			}
			t.Logf("%d exchanges held against %d types and %d paths; %d kinds of call", len(tape.exchanges), len(j.beta), len(j.permissions), len(j.seen))
			if len(j.seen) < 15 {
				t.Errorf("only %d kinds of call were recorded: the onboarding did not really run", len(j.seen))
			}
		})
	}
}

// The same of every request that the role of the account takes, each way that it can be decided.
func TestRoleConformance(t *testing.T) {
	t.Parallel()
	tape := &tape{}
	for _, c := range []struct {
		licensed bool
		answers  [][]string
	}{{false, [][]string{{"role-remove"}}}, {true, [][]string{{"role-keep", "role-reason=x"}, {"role-end"}, {"role-remove"}}}} {
		synctest.Test(t, func(t *testing.T) {
			r := rehearse(t, setup{profile: "business", wrap: tape.wrap})
			if c.licensed {
				privileged(nil)(t, r.tenant)
			}
			for _, s := range steps.All() {
				r.pass(s.Info().ID)
			}
			for _, a := range c.answers {
				r.settle(a...)
				r.must(steps.HandOver)
			}
		})
	}
	j, actions := newJudge(t), map[string]bool{}
	for _, x := range tape.exchanges {
		j.judge(x)
		var sent struct{ Action string }
		if json.Unmarshal(x.sent, &sent) == nil && x.status < 300 {
			actions[sent.Action] = true
		}
	}
	for _, want := range []string{"adminAssign", "adminUpdate", "adminRemove"} {
		if !actions[want] {
			t.Errorf("%s was not sent: %v", want, actions)
		}
	}
	if !j.seen["DELETE /roleManagement/directory/roleAssignments/{}"] || !j.seen["GET /policies/roleManagementPolicyAssignments"] {
		t.Errorf("seen are %v", j.seen)
	}
}

// The judge itself is held against answers that are wrong.
func TestConformanceCatches(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, body string }{
		"unknown property": {"conditionalAccessPolicy", `{"colour":"red"}`},
		"wrong type":       {"user", `{"accountEnabled":"yes"}`},
		"wrong enum":       {"conditionalAccessPolicy", `{"state":"on"}`},
		"wrong nested":     {"conditionalAccessPolicy", `{"conditions":{"users":{"excludeUser":[]}}}`},
		"no collection":    {"conditionalAccessPolicy", `{"conditions":{"users":{"excludeUsers":"x"}}}`},
		"no date":          {"user", `{"createdDateTime":"yesterday"}`},
		"no number":        {"secureScore", `{"maxScore":"697"}`},
		"unknown cast":     {"authenticationMethod", `{"@odata.type":"#microsoft.graph.carrierPigeon","id":"1"}`},
		"wrong cast":       {"authenticationMethod", `{"@odata.type":"#microsoft.graph.user","id":"1"}`},
	} {
		j := newJudge(t)
		var body any
		if err := json.Unmarshal([]byte(c.body), &body); err != nil {
			t.Fatal(err)
		}
		if faults := j.value(j.v1, body, "microsoft.graph."+c.kind, c.kind); len(faults) == 0 {
			t.Errorf("%s passes", name)
		}
	}
}

// exchange is one request to Graph and its answer.
type exchange struct {
	method, path  string
	scopes        []string
	sent, got     []byte
	status        int
	authorization bool
}

// tape records exchanges with Graph.
type tape struct {
	mu        sync.Mutex
	exchanges []exchange
}

func (tp *tape) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		sent := copyBody(&q.Body, q.Header)
		answer, err := next.RoundTrip(q)
		if err != nil || (!strings.HasPrefix(q.URL.Path, "/v1.0/") && !strings.HasPrefix(q.URL.Path, "/beta/")) {
			return answer, err
		}
		x := exchange{method: q.Method, path: q.URL.Path, sent: sent, got: copyBody(&answer.Body, answer.Header), status: answer.StatusCode}
		token := strings.TrimPrefix(q.Header.Get("Authorization"), "Bearer ")
		claims := jwt.MapClaims{}
		if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err == nil {
			x.authorization = true
			scp, _ := claims["scp"].(string)
			x.scopes = strings.Fields(scp)
			roles, _ := claims["roles"].([]any)
			for _, role := range roles {
				x.scopes = append(x.scopes, fmt.Sprint(role))
			}
		}
		tp.mu.Lock()
		defer tp.mu.Unlock()
		tp.exchanges = append(tp.exchanges, x)
		return answer, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(q *http.Request) (*http.Response, error) { return f(q) }

// copyBody reads a body, puts it back, and returns it inflated.
func copyBody(body *io.ReadCloser, h http.Header) []byte {
	if *body == nil {
		return nil
	}
	raw, _ := io.ReadAll(*body)
	*body = io.NopCloser(bytes.NewReader(raw))
	if h.Get("Content-Encoding") == "gzip" {
		if z, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
			raw, _ = io.ReadAll(z)
		}
	}
	return raw
}

// judge holds exchanges against the lists.
type judge struct {
	t           *testing.T
	v1, beta    map[string]graphType
	permissions map[string]map[string]struct{ Least, Also []string }
	seen        map[string]bool
}

type graphType struct {
	Kind, Base  string
	Open, Flags bool
	Members     []string
	Properties  map[string]property
	Navigations map[string]property
}

type property struct {
	Type       string
	Collection bool
	Nullable   bool
}

func newJudge(t *testing.T) *judge {
	t.Helper()
	j := &judge{t: t, seen: map[string]bool{}}
	var v1, beta struct{ Types map[string]graphType }
	load(t, "types-v1.0.json", &v1)
	load(t, "types-beta.json", &beta)
	// What the lists have of version 1.0 only is the same in beta, as far as it is there.
	j.v1, j.beta = v1.Types, maps.Clone(v1.Types)
	maps.Copy(j.beta, beta.Types)
	j.permissionsOf("permissions.json")
	return j
}

// permissionsOf has the judge go by one of the lists: those of a person, or of an application.
func (j *judge) permissionsOf(list string) {
	j.t.Helper()
	var permissions struct {
		Paths map[string]map[string]struct{ Least, Also []string }
	}
	load(j.t, list, &permissions)
	j.permissions = permissions.Paths
}

func load(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(published, name))
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (j *judge) judge(x exchange) {
	version, path, _ := strings.Cut(strings.TrimPrefix(x.path, "/"), "/")
	path = "/" + path
	types := j.v1
	if version == "beta" {
		types = j.beta
	}
	for _, c := range calls {
		if c.method != x.method || c.version != version || !matches(c.path, path) {
			continue
		}
		j.seen[c.method+" "+c.path] = true
		j.permitted(x, c.method, c.path)
		j.body(types, x.sent, c.request, x.method+" "+x.path+" request")
		if x.status < 300 {
			j.body(types, x.got, c.reply, x.method+" "+x.path+" answer")
		} else {
			j.envelope(x)
		}
		return
	}
	j.t.Errorf("%s %s is no call that Microsoft's lists were held against", x.method, x.path)
}

func matches(pattern, path string) bool {
	a, b := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		before, after, key := strings.Cut(a[i], "{}")
		if a[i] != b[i] && (!key || !strings.HasPrefix(b[i], before) || !strings.HasSuffix(b[i], after)) {
			return false
		}
	}
	return true
}

// permitted asks for a scope that Microsoft lists for the call.
func (j *judge) permitted(x exchange, method, pattern string) {
	if !x.authorization {
		j.t.Errorf("%s %s was sent without a token", x.method, x.path)
		return
	}
	key := strings.ToLower(strings.ReplaceAll(pattern, "{}", "{id}"))
	if strings.Contains(key, "deleteditems/microsoft.") {
		key = "/directory/deleteditems/graph.user"
	}
	key = strings.ReplaceAll(key, "(appid='{id}')", "(appid={value})")
	key = strings.ReplaceAll(key, "(on='principal')", "(on={parametervalue})")
	key = strings.ReplaceAll(key, "/microsoft.directory/", "/{id}/")
	key = regexp.MustCompile(`/microsoft\.graph\.[a-z]+`).ReplaceAllString(key, "")
	if _, known := undocumented["permission "+method+" "+key]; known {
		return
	}
	listed := j.permissions[key][method]
	if !slices.ContainsFunc(x.scopes, func(s string) bool { return slices.Contains(listed.Least, s) || slices.Contains(listed.Also, s) }) {
		j.t.Errorf("%s %s carries none of the scopes Microsoft lists: %v %v", x.method, x.path, listed.Least, listed.Also)
	}
}

// body holds a JSON body against its type.
func (j *judge) body(types map[string]graphType, data []byte, kind, where string) {
	if kind == unlisted {
		return
	}
	if kind == "" || len(data) == 0 {
		if len(data) > 0 {
			j.t.Errorf("%s has a body and should have none: %s", where, data)
		} else if kind != "" {
			j.t.Errorf("%s has no body", where)
		}
		return
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		j.t.Errorf("%s is no JSON: %v", where, err)
		return
	}
	for _, fault := range j.value(types, v, "microsoft.graph."+kind, where) {
		j.t.Error(fault)
	}
}

func (j *judge) envelope(x exchange) {
	var e struct {
		Error struct {
			Code, Message string
			InnerError    map[string]any
		}
	}
	if err := json.Unmarshal(x.got, &e); err != nil || e.Error.Code == "" || e.Error.InnerError["request-id"] == nil {
		j.t.Errorf("%s %s answers %d without Graph's error envelope: %s", x.method, x.path, x.status, x.got)
	}
}

// evaluateParameters are those of the action conditionalAccessRoot: evaluate.
var evaluateParameters = map[string]property{
	"signInIdentity":      {Type: "microsoft.graph.signInIdentity"},
	"signInContext":       {Type: "microsoft.graph.signInContext"},
	"signInConditions":    {Type: "microsoft.graph.signInConditions"},
	"appliedPoliciesOnly": {Type: "Edm.Boolean", Nullable: true},
}

// value holds a value against a type and returns what is wrong.
func (j *judge) value(types map[string]graphType, v any, kind, where string) []string {
	if element, ok := strings.CutSuffix(kind, "[]"); ok {
		page, _ := v.(map[string]any)
		items, ok := page["value"].([]any)
		if !ok {
			return []string{where + " is no collection"}
		}
		var faults []string
		for i, item := range items {
			faults = append(faults, j.value(types, item, element, fmt.Sprintf("%s[%d]", where, i))...)
		}
		return faults
	}
	switch kind {
	case "microsoft.graph.evaluate":
		return j.members(types, v, graphType{Properties: evaluateParameters}, where)
	case "microsoft.graph.undocumented":
		return undocumentedMembers(v, "", where)
	}
	if strings.HasPrefix(kind, "Edm.") {
		return primitive(v, kind, where)
	}
	t, ok := types[kind]
	if !ok {
		return []string{where + ": " + kind + " is not in Microsoft's list"}
	}
	if t.Kind == "enum" {
		return enumMember(v, t, where)
	}
	object, _ := v.(map[string]any)
	if cast, ok := object["@odata.type"].(string); ok {
		name := strings.TrimPrefix(cast, "#")
		if !derives(types, name, kind) {
			return []string{where + ": " + cast + " is no " + kind}
		}
		t = types[name]
	}
	return j.members(types, v, flat(types, t), where)
}

func derives(types map[string]graphType, name, base string) bool {
	for name != "" {
		if name == base {
			return true
		}
		name = types[name].Base
	}
	return false
}

// flat is a type with the properties of all it derives from.
func flat(types map[string]graphType, t graphType) graphType {
	out := graphType{Properties: map[string]property{}, Open: t.Open}
	for {
		for name, p := range t.Properties {
			out.Properties[name] = p
		}
		for name, p := range t.Navigations {
			p.Nullable = true
			out.Properties[name] = p
		}
		base, ok := types[t.Base]
		if !ok {
			return out
		}
		out.Open = out.Open || base.Open
		t = base
	}
}

func (j *judge) members(types map[string]graphType, v any, t graphType, where string) []string {
	object, ok := v.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s is %T, not an object", where, v)}
	}
	var faults []string
	for name, member := range object {
		at := where + "." + name
		p, known := t.Properties[name]
		switch {
		case strings.Contains(name, "@odata."):
		case !known && t.Open:
		case !known:
			faults = append(faults, at+" is not a property that Microsoft lists")
		case member == nil:
			if !p.Nullable && !p.Collection {
				faults = append(faults, at+" is null and may not be")
			}
		case p.Collection:
			items, ok := member.([]any)
			if !ok {
				faults = append(faults, at+" is no collection")
			}
			for _, item := range items {
				faults = append(faults, j.value(types, item, p.Type, at)...)
			}
		default:
			faults = append(faults, j.value(types, member, p.Type, at)...)
		}
	}
	return faults
}

func enumMember(v any, t graphType, where string) []string {
	s, ok := v.(string)
	if !ok {
		return []string{fmt.Sprintf("%s is %v, not a name", where, v)}
	}
	names := []string{s}
	if t.Flags {
		names = strings.Split(s, ",")
	}
	for _, n := range names {
		if !slices.Contains(t.Members, n) {
			return []string{fmt.Sprintf("%s is %q, not one of %v", where, s, t.Members)}
		}
	}
	return nil
}

var guid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

func primitive(v any, kind, where string) []string {
	ok := false
	switch kind {
	case "Edm.Boolean":
		_, ok = v.(bool)
	case "Edm.Int16", "Edm.Int32", "Edm.Int64":
		var f float64
		f, ok = v.(float64)
		ok = ok && f == float64(int64(f))
	case "Edm.Double", "Edm.Single", "Edm.Decimal":
		_, ok = v.(float64)
	default:
		var s string
		s, ok = v.(string)
		switch kind {
		case "Edm.Guid":
			ok = guid.MatchString(s)
		case "Edm.DateTimeOffset":
			_, err := time.Parse(time.RFC3339Nano, s)
			ok = err == nil && strings.HasSuffix(s, "Z")
		}
	}
	if ok {
		return nil
	}
	return []string{fmt.Sprintf("%s is %v, not %s", where, v, kind)}
}

func undocumentedMembers(v any, prefix, where string) []string {
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	var faults []string
	for name, member := range object {
		if strings.HasPrefix(name, "@odata.") {
			continue
		}
		if undocumented[prefix+name] == "" {
			faults = append(faults, where+"."+prefix+name+" has no source")
		}
		faults = append(faults, undocumentedMembers(member, prefix+name+".", where)...)
	}
	return faults
}
