package graph

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// noObjectIDs are members that are called an id and are none.
var noObjectIDs = []string{"domains.go", "secure_score_controls.go", "authentication_methods.go", "step_up.go", "role_rules.go"}

// Every id that is decoded from an answer is taken in as an objectid: a member that is forgotten compares with case.
func TestIDsAreTakenInWithoutCase(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`^(id|.*Id|(in|ex)clude(Users|Groups|Roles|Applications|Locations|ServicePrincipals))$`)
	seen := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || slices.Contains(noObjectIDs, name) || name == "organization.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			f, is := n.(*ast.Field)
			if !is || f.Tag == nil {
				return true
			}
			tag, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
			kind, _ := f.Type.(*ast.SelectorExpr)
			if !id.MatchString(tag) || tag == "directoryScopeId" || f.Names[0].Name == "Spelled" { // a path; what is written back
				return true
			}
			seen++
			if kind == nil || kind.X.(*ast.Ident).Name != "objectid" {
				t.Errorf("%s: %s is not decoded as an objectid", name, tag)
			}
			return true
		})
	}
	if seen < 15 {
		t.Errorf("only %d ids are looked at", seen)
	}
}
