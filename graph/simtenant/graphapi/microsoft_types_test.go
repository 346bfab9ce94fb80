package graphapi_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/graphapi"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file: Microsoft's published types and permissions are the measure, this package's own tables are what is
// measured. undocumented lists everything that Microsoft has not published, with its source.

var undocumented = map[string]string{
	"undocumented.mfaServicePolicy":           "seen at /beta/policies/mfaServicePolicy by CIPP and Monkey365",
	"undocumented.rememberMfaOnTrustedDevice": "member of the same",
	"undocumented.trustedIps":                 "member of the same",
	"action.evaluate":                         "parameters of the action conditionalAccessRoot: evaluate, which the types file leaves out",
	"group":                                   "the types file leaves it out: https://learn.microsoft.com/graph/api/resources/group",
	"namedLocation":                           "the types file leaves it out: https://learn.microsoft.com/graph/api/resources/namedlocation",
	"user.perUserMfaState":                    "selected by CIPP's Get-CIPPPerUserMFA",
	"undocumented.user":                       "see user.perUserMfaState",
	"/policies/mfaservicepolicy":              "see undocumented.mfaServicePolicy",
	"unifiedRbacResourceAction":               "the types file leaves it out: https://learn.microsoft.com/graph/api/resources/unifiedrbacresourceaction",
	"/rolemanagement/directory/resourcenamespaces/{namespace}/resourceactions": "the permissions file leaves it out: https://learn.microsoft.com/graph/api/unifiedrbacresourcenamespace-list-resourceactions",
	"/$batch": "needs no permission of its own",
}

// castPaths are paths that the permissions file lists without their cast, or not at all.
var castPaths = map[string]string{
	"/me/memberof/microsoft.graph.directoryrole":                   "/me/memberof",
	"/me/transitivememberof/microsoft.graph.directoryrole":         "/me/transitivememberof",
	"/users/{id}/memberof/microsoft.graph.directoryrole":           "/users/{id}/memberof",
	"/users/{id}/transitivememberof/microsoft.graph.directoryrole": "/users/{id}/transitivememberof",
	"/me/memberof/microsoft.graph.group":                           "/me/memberof",
	"/users/{id}/memberof/microsoft.graph.group":                   "/users/{id}/memberof",
	"/me/transitivememberof/microsoft.graph.group":                 "/me/transitivememberof",
	"/users/{id}/transitivememberof/microsoft.graph.group":         "/users/{id}/transitivememberof",
	"/directory/deleteditems/microsoft.graph.user":                 "",
	"/policies/conditionalaccesspolicies":                          "/identity/conditionalaccess/policies",
	"/policies/conditionalaccesspolicies/{id}":                     "/identity/conditionalaccess/policies/{id}",
	"/directory/deleteditems/{id}":                                 "",
	"/groups/{id}":                                                 "", "/identity/conditionalaccess/namedlocations": "", "/identity/conditionalaccess/namedlocations/{id}": "",
	"/rolemanagement/directory/transitiveroleassignments": "/rolemanagement/directory/roleassignments",
}

type publishedProperty struct {
	Type       string
	Collection bool
	Nullable   bool
}

type publishedType struct {
	Kind        string
	Base        string
	Open        bool
	Flags       bool
	Members     []string
	Properties  map[string]publishedProperty
	Navigations map[string]publishedProperty
}

func published(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "microsoft", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// publishedTypes are both files, beta only where v1.0 has no such type, by short name.
func publishedTypes(t *testing.T) map[string]publishedType {
	t.Helper()
	all := map[string]publishedType{}
	for _, name := range []string{"types-v1.0.json", "types-beta.json"} {
		var file struct{ Types map[string]publishedType }
		published(t, name, &file)
		for name, kind := range file.Types {
			if short := strings.TrimPrefix(name, "microsoft.graph."); all[short].Kind == "" {
				all[short] = kind
			}
		}
	}
	return all
}

// property finds a member of a type or of its bases.
func property(types map[string]publishedType, name, member string) (publishedProperty, bool) {
	for name != "" {
		kind, ok := types[name]
		if !ok {
			return publishedProperty{}, false
		}
		if p, ok := kind.Properties[member]; ok {
			return p, true
		}
		if p, ok := kind.Navigations[member]; ok {
			return p, true
		}
		name = shortType(kind.Base)
	}
	return publishedProperty{}, false
}

func shortType(s string) string {
	return strings.TrimPrefix(strings.TrimPrefix(s, "microsoft.graph."), "Edm.")
}

func TestSchemaIsMicrosofts(t *testing.T) {
	types := publishedTypes(t)
	for _, name := range odata.SortedKeys(odata.Types()) {
		if undocumented[name] != "" {
			continue
		}
		for _, member := range odata.SortedKeys(odata.Types()[name]) {
			own := odata.Types()[name][member]
			p, ok := property(types, name, member)
			if !ok {
				t.Errorf("%s.%s is not Microsoft's", name, member)
				continue
			}
			if shortType(p.Type) != own.Kind || p.Collection != own.Collection {
				t.Errorf("%s.%s is %s (collection %v), Microsoft's is %s (%v)", name, member, own.Kind, own.Collection, p.Type, p.Collection)
			}
		}
	}
	for _, name := range odata.SortedKeys(odata.Enums()) {
		own, theirs := odata.Enums()[name], types[name]
		if theirs.Kind != "enum" || own.Flags != theirs.Flags || !slices.Equal(own.Members, theirs.Members) {
			t.Errorf("enum %s: %v, Microsoft's %v", name, own, theirs)
		}
	}
}

func TestPermissionsAreMicrosofts(t *testing.T) {
	var file struct {
		Paths map[string]map[string]struct{ Least, Also []string }
	}
	published(t, "permissions.json", &file)
	for _, route := range graphapi.Routes() {
		path := strings.NewReplacer("'{appid}'", "{value}", "{appid}", "{value}", "'{on}'", "{parametervalue}").Replace(strings.ToLower(route.Path))
		if undocumented[path] != "" {
			continue
		}
		listed, known := castPaths[path]
		if known && listed == "" {
			continue
		}
		if known {
			path = listed
		}
		methods, ok := file.Paths[path]
		if strings.HasSuffix(path, "authenticationmethodconfigurations/{id}") {
			ok = true
		}
		if !ok {
			t.Errorf("%s is not among Microsoft's paths", path)
			continue
		}
		method, ok := methods[route.Method]
		if !ok {
			t.Errorf("%s %s is not Microsoft's", route.Method, path)
		}
		for _, alternative := range route.Scopes {
			for scope := range strings.SplitSeq(alternative, "+") {
				if !slices.Contains(method.Least, scope) && !slices.Contains(method.Also, scope) {
					t.Errorf("%s %s takes %s, which Microsoft does not list", route.Method, path, scope)
				}
			}
		}
		for _, alternative := range route.Scopes {
			for scope := range strings.SplitSeq(alternative, "+") {
				if !slices.Contains(entra.AllGraphScopes(), scope) {
					t.Errorf("%s is not offered for consent", scope)
				}
			}
		}
	}
}

// shapeCheck holds an answer against a type, all the way down.
type shapeCheck struct {
	*testing.T
	types map[string]publishedType
}

func (c shapeCheck) object(at, name string, object map[string]any) {
	c.Helper()
	if annotated, ok := object["@odata.type"].(string); ok {
		name = strings.TrimPrefix(annotated, "#microsoft.graph.")
	}
	if _, known := c.types[name]; !known {
		return
	}
	for _, member := range odata.SortedKeys(object) {
		if strings.HasPrefix(member, "@") || undocumented[name+"."+member] != "" {
			continue
		}
		p, ok := property(c.types, name, member)
		if !ok {
			if name != "group" && name != "user" {
				c.Errorf("%s: %s.%s is not Microsoft's", at, name, member)
			}
			continue
		}
		c.value(at+"."+member, p, object[member])
	}
}

func (c shapeCheck) value(at string, p publishedProperty, value any) {
	c.Helper()
	if value == nil {
		return
	}
	if p.Collection {
		list, ok := value.([]any)
		if !ok {
			c.Errorf("%s is no collection: %v", at, value)
		}
		for _, item := range list {
			c.value(at+"[]", publishedProperty{Type: p.Type}, item)
		}
		return
	}
	kind := shortType(p.Type)
	if enum, ok := c.types[kind]; ok && enum.Kind == "enum" {
		text, _ := value.(string)
		for member := range strings.SplitSeq(text, ",") {
			if !slices.Contains(enum.Members, member) {
				c.Errorf("%s is %q, no member of %s", at, member, kind)
			}
		}
		return
	}
	if object, ok := value.(map[string]any); ok {
		c.object(at, kind, object)
		return
	}
	var good bool
	switch kind {
	case "Boolean":
		_, good = value.(bool)
	case "Int32", "Double", "Int64":
		_, good = value.(float64)
	case "DateTimeOffset":
		text, _ := value.(string)
		_, err := time.Parse(time.RFC3339Nano, text)
		good = err == nil && strings.HasSuffix(text, "Z")
	case "Guid":
		text, _ := value.(string)
		good = odata.IsGUID(text)
	default:
		_, good = value.(string)
	}
	if !good {
		c.Errorf("%s is %v, which is no %s", at, value, kind)
	}
}

func TestAnswersAreMicrosofts(t *testing.T) {
	check := shapeCheck{t, publishedTypes(t)}
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	w.Tenant.Graph.ConditionalAccess.Most, w.Tenant.Graph.Reports.Most = 1<<30, 1<<30
	operator := w.ID(state.OperatorUPN)
	w.Consent(state.OperatorUPN, "User.Read")
	if err := w.Tenant.RunDelegate365Setup(operator); err != nil {
		t.Fatal(err)
	}
	w.Register(w.ID("yuki.tanaka@contoso.com"))
	_, _ = w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: state.OperatorUPN, Password: state.OperatorPassword, AppID: state.AppCommandLine, AppName: "Tools"})
	if err := errors.Join(w.Tenant.Settings.BuyPremium("P2"), w.Tenant.SetEligible("yuki.tanaka@contoso.com", state.RoleGlobalReader, true)); err != nil {
		t.Fatal(err)
	}
	vendor := w.Must(200, "GET", "/v1.0/servicePrincipals?$filter=startswith(displayName,'Delegate365')", "").List()
	w.Must(201, "POST", "/v1.0/users/"+w.ID("yuki.tanaka@contoso.com")+"/authentication/temporaryAccessPassMethods", `{"lifetimeInMinutes":60,"isUsableOnce":false}`)
	if len(vendor) != 2 {
		t.Fatalf("the setup made %d applications", len(vendor))
	}
	sp := vendor[0]["id"].(string)
	for path, kind := range map[string]string{
		"/v1.0/organization": "organization",
		"/v1.0/domains":      "domain",
		"/v1.0/me":           "user",
		"/v1.0/users?$select=" + strings.Join(odata.SortedKeys(odata.Types()["user"]), ","): "user",
		"/v1.0/me/memberOf": "directoryObject",
		"/v1.0/me/memberOf/microsoft.graph.directoryRole":                                                  "directoryRole",
		"/v1.0/users/" + w.ID("yuki.tanaka@contoso.com") + "/transitiveMemberOf/microsoft.graph.group":     "group",
		"/v1.0/groups/" + w.Tenant.State.Directory.Groups[0].ID:                                            "group",
		"/v1.0/identity/conditionalAccess/namedLocations":                                                  "namedLocation",
		"/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$expand=principal,roleDefinition": "unifiedRoleEligibilityScheduleInstance",
		"/v1.0/roleManagement/directory/roleAssignmentScheduleInstances":                                   "unifiedRoleAssignmentScheduleInstance",
		"/v1.0/subscribedSkus":                                                                              "subscribedSku",
		"/v1.0/directory/deletedItems/microsoft.graph.user":                                                 "user",
		"/v1.0/roleManagement/directory/roleAssignments?$expand=principal":                                  "unifiedRoleAssignment",
		"/v1.0/roleManagement/directory/roleDefinitions":                                                    "unifiedRoleDefinition",
		"/v1.0/users/" + w.ID("yuki.tanaka@contoso.com") + "/authentication/methods":                        "authenticationMethod",
		"/v1.0/policies/identitySecurityDefaultsEnforcementPolicy":                                          "identitySecurityDefaultsEnforcementPolicy",
		"/v1.0/policies/authorizationPolicy":                                                                "authorizationPolicy",
		"/v1.0/policies/authenticationMethodsPolicy":                                                        "authenticationMethodsPolicy",
		"/v1.0/policies/authenticationStrengthPolicies":                                                     "authenticationStrengthPolicy",
		"/v1.0/identity/conditionalAccess/policies":                                                         "conditionalAccessPolicy",
		"/v1.0/servicePrincipals":                                                                           "servicePrincipal",
		"/v1.0/servicePrincipals/" + sp + "/appRoleAssignments":                                             "appRoleAssignment",
		"/v1.0/servicePrincipals/" + sp + "/oauth2PermissionGrants":                                         "oAuth2PermissionGrant",
		"/v1.0/servicePrincipals(appId='" + state.AppGraph + "')/appRoleAssignedTo":                         "appRoleAssignment",
		"/v1.0/directory/deletedItems/" + w.Tenant.State.Directory.Deleted[0].ID:                            "user",
		"/v1.0/roleManagement/directory/roleDefinitions/" + state.RoleGlobalReader:                          "unifiedRoleDefinition",
		"/v1.0/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004":                "authenticationStrengthPolicy",
		"/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass": "authenticationMethodConfiguration",
		"/v1.0/reports/authenticationMethods/userRegistrationDetails/" + operator:                           "userRegistrationDetails",
		"/v1.0/oauth2PermissionGrants":                                                                      "oAuth2PermissionGrant",
		"/v1.0/auditLogs/directoryAudits":                                                                   "directoryAudit",
		"/v1.0/auditLogs/signIns":                                                                           "signIn",
		"/v1.0/reports/authenticationMethods/userRegistrationDetails":                                       "userRegistrationDetails",
		"/v1.0/security/secureScores":                                                                       "secureScore",
		"/v1.0/security/secureScoreControlProfiles":                                                         "secureScoreControlProfile",
		"/beta/users/" + operator + "/authentication/requirements":                                          "strongAuthenticationRequirements",
	} {
		r := w.Must(200, "GET", path, "")
		if _, isList := r.Body["value"].([]any); !isList {
			check.object(path, kind, r.Body)
			continue
		}
		if len(r.List()) == 0 {
			t.Errorf("%s is empty", path)
		}
		for _, object := range r.List() {
			check.object(path, kind, object)
		}
	}
	what := w.Must(200, "POST", "/v1.0/identity/conditionalAccess/evaluate", simtest.EvaluateBody(operator, `"clientAppType":"browser"`))
	for _, object := range what.List() {
		check.object("evaluate", "whatIfAnalysisResult", object)
	}
}
