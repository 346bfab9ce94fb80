package graphapi_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/graphapi"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
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
	"/users/{id}/extensions":                  "the permissions file leaves it out: https://learn.microsoft.com/graph/api/opentypeextension-post-opentypeextension",
	"/users/{id}/extensions/{name}":           "the permissions file leaves it out: https://learn.microsoft.com/graph/api/opentypeextension-update",
	"POST /directory/deleteditems/{id}/restore Application.ReadWrite.All": "the permissions file has those of users and agents only: https://learn.microsoft.com/graph/api/directory-deleteditems-restore",
	"/$batch": "needs no permission of its own",
}

// castPaths are paths that the permissions file lists without their cast, or not at all.
var castPaths = map[string]string{
	"/me/memberof/microsoft.graph.directoryrole":                               "/me/memberof",
	"/me/transitivememberof/microsoft.graph.directoryrole":                     "/me/transitivememberof",
	"/users/{id}/memberof/microsoft.graph.directoryrole":                       "/users/{id}/memberof",
	"/users/{id}/transitivememberof/microsoft.graph.directoryrole":             "/users/{id}/transitivememberof",
	"/me/memberof/microsoft.graph.group":                                       "/me/memberof",
	"/users/{id}/memberof/microsoft.graph.group":                               "/users/{id}/memberof",
	"/me/transitivememberof/microsoft.graph.group":                             "/me/transitivememberof",
	"/users/{id}/transitivememberof/microsoft.graph.group":                     "/users/{id}/transitivememberof",
	"/directory/deleteditems/microsoft.graph.user":                             "",
	"/directory/deleteditems/microsoft.graph.serviceprincipal":                 "",
	"/directory/deleteditems/microsoft.graph.application":                      "",
	"/policies/conditionalaccesspolicies":                                      "/identity/conditionalaccess/policies",
	"/policies/conditionalaccesspolicies/{id}":                                 "/identity/conditionalaccess/policies/{id}",
	"/directory/deleteditems/{id}":                                             "",
	"/rolemanagement/directory/resourcenamespaces/{namespace}/resourceactions": "/rolemanagement/directory/resourcenamespaces/{id}/resourceactions",
	"/rolemanagement/directory/roleassignmentschedulerequests/{id}":            "/rolemanagement/directory/roleassignmentschedulerequests/{unifiedroleassignmentschedulerequestid}",
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
				if !slices.Contains(method.Least, scope) && !slices.Contains(method.Also, scope) && undocumented[route.Method+" "+path+" "+scope] == "" {
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

func TestApplicationPermissionsAreMicrosofts(t *testing.T) {
	var file struct {
		Paths map[string]map[string]struct{ Least, Also []string }
	}
	published(t, "permissions-application.json", &file)
	held := 0
	for _, route := range graphapi.Routes() {
		permissions := graphapi.ApplicationPermissions(route.Method, route.Path)
		path := strings.ToLower(route.Path)
		if permissions == nil || undocumented[path] != "" {
			continue
		}
		if listed, known := castPaths[path]; known {
			if listed == "" {
				continue
			}
			path = listed
		}
		method, ok := file.Paths[path][route.Method]
		if !ok {
			t.Errorf("%s %s is not among Microsoft's for an application", route.Method, path)
		}
		for _, p := range permissions {
			held++
			if !slices.Contains(method.Least, p) && !slices.Contains(method.Also, p) {
				t.Errorf("%s %s takes %s, which Microsoft does not list for an application", route.Method, path, p)
			}
		}
	}
	if held < 40 {
		t.Errorf("only %d permissions were held against Microsoft's list", held)
	}
}
