package wizard

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// A dialog is changed in its own file: no other one knows any by name.
func TestDialogsKeepToTheirFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			name, ok := n.(*ast.Ident)
			switch {
			case !ok || !strings.HasSuffix(name.Name, "Dialog"):
			case strings.HasPrefix(file, "dialog_"):
				known++
			default:
				t.Errorf("%s knows %s", file, name.Name)
			}
			return true
		})
	}
	if known == 0 {
		t.Error("no dialog was found")
	}
}

// What belongs together goes into a type of its own instead of one more field.
func TestModelStaysSmall(t *testing.T) {
	t.Parallel()
	if n := reflect.TypeFor[Model]().NumField(); n > 20 {
		t.Errorf("the model has %d fields", n)
	}
}
