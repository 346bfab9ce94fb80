package steps_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Advice says nothing about this tenant or this run. What sounds as if it did is read by eye, and kept in one list with its number:
// a sentence that is new there is to be made a claim, or to be read and added.

var adviceUpdate = flag.Bool("advice.update", false, "write the list of advice that was read by eye anew")

// telling are words by which a sentence may say how something stands.
var telling = regexp.MustCompile(`(?i)\b(is|are|was|were|has|have|been|nothing|none|no|off|on|back|again|already|yet|done)\b`)

func TestAdviceThatSoundsLikeAClaimWasRead(t *testing.T) {
	t.Parallel()
	var sounding []string
	all := advice(t, "..")
	for _, text := range all {
		if telling.MatchString(text) {
			sounding = append(sounding, text)
		}
	}
	slices.Sort(sounding)
	sounding = slices.Compact(sounding)
	want := listed(sounding)
	const file = "testdata/advice.txt"
	if *adviceUpdate {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	read := strings.Split(strings.ReplaceAll(string(got), "\r\n", "\n"), "\n")
	for _, text := range sounding {
		if !slices.Contains(read, text) {
			t.Errorf("is this true in every tenant and every run? %q", text)
		}
	}
	if kept := strings.FieldsFunc(string(got), func(r rune) bool { return r == '\n' || r == '\r' })[1:]; listed(kept) != strings.Join(read, "\n") {
		t.Errorf("the list says %q, and has %d", read[0], len(kept))
	}
	t.Logf("advice %d, read by eye %d", len(all), len(sounding))
	if len(all) == 0 {
		t.Error("no advice was found in the source")
	}
}

// listed is the list with its number.
func listed(texts []string) string {
	return "Read by eye: " + strconv.Itoa(len(texts)) + "\n\n" + strings.Join(texts, "\n") + "\n"
}

// advice are the texts of all calls of finding.Advice and finding.Advise beneath a folder.
func advice(t *testing.T, folder string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || d.Name() == "testdata" {
			return err
		}
		if path != folder && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		out = append(out, adviceOf(t, path)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func adviceOf(t *testing.T, folder string) (out []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	constants := map[string]ast.Expr{}
	var parsed []*ast.File
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, name := range spec.Names {
					if i < len(spec.Values) {
						constants[name.Name] = spec.Values[i]
					}
				}
			}
			return true
		})
	}
	for _, f := range parsed {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !advises(call.Fun) {
				return true
			}
			for _, argument := range call.Args {
				out = append(out, text(argument, constants))
			}
			return true
		})
	}
	return out
}

func advises(f ast.Expr) bool {
	s, ok := f.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := s.X.(*ast.Ident)
	return ok && of.Name == "finding" && (s.Sel.Name == "Advice" || s.Sel.Name == "Advise")
}

// text is the value of a constant expression; a constant of another package stands as its name.
func text(e ast.Expr, constants map[string]ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		value, _ := strconv.Unquote(e.Value)
		return value
	case *ast.BinaryExpr:
		return text(e.X, constants) + text(e.Y, constants)
	case *ast.Ident:
		if value := constants[e.Name]; value != nil {
			return text(value, constants)
		}
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
