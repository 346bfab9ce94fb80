package steps_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// irreversible are the functions that make a write which nothing takes back, and why.
var irreversible = map[string]string{
	"repair_account.go repairWrite":              "nobody knows the password that was there before; that it never expires is how the account is made",
	"app_password_setting.go putBackWrite":       "it takes back what another write moved",
	"mfa/security_defaults.go turnOffSuccessors": "it takes back what Microsoft does when security defaults are turned off",
}

// Every write of this program names what takes it back, or what it takes back, in its literal or where it is sent.
func TestEveryWriteHasAnInverse(t *testing.T) {
	writes, found := 0, map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			f, is := d.(*ast.FuncDecl)
			if !is || f.Body == nil {
				continue
			}
			made, without := writesOf(f.Body)
			writes += made
			name := filepath.ToSlash(path) + " " + f.Name.Name
			if found[name] = without; without && irreversible[name] == "" {
				t.Errorf("%s makes a write that nothing takes back", name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range irreversible {
		if !found[name] {
			t.Errorf("%s makes no write without an inverse", name)
		}
	}
	if writes < 14 {
		t.Errorf("only %d writes were looked at", writes)
	}
}

// The search itself is held against writes that lack one.
func TestWritesWithoutInverseAreFound(t *testing.T) {
	for source, wrong := range map[string]bool{
		`w := change.Write{Send: s, Inverse: i}`:                                                               false,
		`w := change.Write{Send: s, Restores: i}`:                                                              false,
		`w := change.Write{Send: s}; w.Inverse = i`:                                                            false,
		`w := change.Write{Send: s}`:                                                                           true,
		`w := change.Write{}; switch { case a: w.Send = s; w.Restores = i; case b: w.Send = s }`:               true,
		`w := change.Write{}; switch { case a: w.Send = s; w.Restores = i; case b: w.Send, w.Inverse = s, i }`: false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc f() {"+source+"}", 0)
		if err != nil {
			t.Fatal(err)
		}
		if made, without := writesOf(file.Decls[0].(*ast.FuncDecl).Body); made != 1 || without != wrong {
			t.Errorf("%s: %d writes, one without an inverse: %t", source, made, without)
		}
	}
}

// writesOf counts the writes that a function makes, and says whether one of them lacks an inverse.
func writesOf(body *ast.BlockStmt) (made int, without bool) {
	bare, cases := 0, 0
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if s, is := n.Type.(*ast.SelectorExpr); !is || s.Sel.Name != "Write" {
				return true
			}
			if made++; !slices.ContainsFunc(n.Elts, func(e ast.Expr) bool {
				kv, is := e.(*ast.KeyValueExpr)
				return is && takesBack(kv.Key.(*ast.Ident).Name)
			}) {
				bare++
			}
		case *ast.CaseClause:
			if sets(n, func(name string) bool { return name == "Send" }) {
				cases++
				without = without || !sets(n, takesBack)
			}
		}
		return true
	})
	return made, without || bare > 0 && cases == 0 && !sets(body, takesBack)
}

func takesBack(member string) bool { return member == "Inverse" || member == "Restores" }

// sets reports an assignment to a member of this name.
func sets(within ast.Node, named func(string) bool) (yes bool) {
	ast.Inspect(within, func(n ast.Node) bool {
		a, is := n.(*ast.AssignStmt)
		yes = yes || is && slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool {
			s, is := e.(*ast.SelectorExpr)
			return is && named(s.Sel.Name)
		})
		return true
	})
	return yes
}
