package phrase_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// What the source says is found by type: each constant of a type that is translated is a text, wherever it stands.

const module = "github.com/delegate365-onboard/delegate365-onboard/"

// translated are the types whose constants are texts.
var translated = []string{
	module + "steps/phrase.Format", module + "steps/finding.constant", module + "graph.Words", module + "steps/finding.Actor", module + "steps/analysis.Ask",
}

// said is a text, and where it is said first.
type said struct {
	text string
	file string // below the module
	line int
}

type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// checked is a package that speaks, with what the compiler knows of it.
type checked struct {
	set   *token.FileSet
	files []*ast.File
	info  *types.Info
}

// packages are those that speak, each checked by itself, once for all tests.
func packages(t *testing.T) []checked {
	t.Helper()
	all, err := checkPackages()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var checkPackages = sync.OnceValues(func() ([]checked, error) {
	list := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", "./steps/...", "./wizard/...", "./graph")
	list.Dir = filepath.Join("..", "..")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	export := map[string]string{}
	var speaking []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		export[p.ImportPath] = p.Export
		if speaks(p.ImportPath) {
			speaking = append(speaking, p)
		}
	}
	set := token.NewFileSet()
	from := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	var all []checked
	for _, p := range speaking {
		c := checked{set, nil, &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			c.files = append(c.files, f)
		}
		config := types.Config{Importer: from}
		if _, err := config.Check(p.ImportPath, set, c.files, c.info); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
})

// texts are what the source says, in the order of its files.
func texts(t *testing.T) []said {
	t.Helper()
	var all []said
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages(t) {
		for e, v := range p.info.Types {
			if v.Value == nil || v.Value.Kind() != constant.String || !slices.Contains(translated, types.TypeString(v.Type, nil)) {
				continue
			}
			text, at := constant.StringVal(v.Value), p.set.Position(e.Pos())
			if name, err := filepath.Rel(root, at.Filename); err == nil && text != "" {
				all = append(all, said{text, filepath.ToSlash(name), at.Line})
			}
		}
	}
	slices.SortFunc(all, func(a, b said) int {
		if a.file != b.file {
			return strings.Compare(a.file, b.file)
		}
		if a.line != b.line {
			return a.line - b.line
		}
		return strings.Compare(a.text, b.text)
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(s said) bool {
		was := seen[s.text]
		seen[s.text] = true
		return was
	})
}

// speaks reports a package of this program.
func speaks(path string) bool {
	return strings.HasPrefix(path, module) && (path == module+"graph" || !strings.Contains(path, "/graph"))
}
