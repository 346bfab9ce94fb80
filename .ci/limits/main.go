// Command limits says which types, functions and files of the packages it is given are larger than this house allows, and
// exits with 1 where one is. Tests are not measured.
package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// The limits. Fields and methods count what is promoted; a type that is JSON on the wire is as large as the wire has it.
const (
	mostFields     = 20
	mostMethods    = 40
	mostParameters = 5
	mostLines      = 60  // of a function
	mostFileLines  = 300 // of a file
)

func main() {
	all, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps | packages.NeedModule,
	}, os.Args[1:]...)
	if err != nil || packages.PrintErrors(all) > 0 {
		fmt.Fprintln(os.Stderr, "limits: load the packages:", err)
		os.Exit(2)
	}
	var breaches []string
	for _, p := range all {
		h := house{p}
		breaches = append(breaches, h.types()...)
		for _, file := range p.Syntax {
			breaches = append(breaches, h.file(file)...)
		}
	}
	slices.Sort(breaches)
	for _, b := range breaches {
		fmt.Println(b)
	}
	if len(breaches) > 0 {
		os.Exit(1)
	}
}

type house struct{ *packages.Package }

func (h house) types() (breaches []string) {
	scope := h.Types.Scope()
	for _, name := range scope.Names() {
		named, ok := scope.Lookup(name).Type().(*types.Named)
		if _, is := scope.Lookup(name).(*types.TypeName); !is || !ok {
			continue
		}
		if n := fields(named.Underlying()); n > mostFields {
			breaches = append(breaches, fmt.Sprintf("%s.%s: %d fields", h.PkgPath, name, n))
		}
		if n := h.methods(named); n > mostMethods {
			breaches = append(breaches, fmt.Sprintf("%s.%s: %d methods", h.PkgPath, name, n))
		}
	}
	return breaches
}

// fields are those of a struct, and of what is embedded in it in its place; none of a wire format.
func fields(t types.Type) (n int) {
	s, ok := t.(*types.Struct)
	if !ok {
		return 0
	}
	for i := range s.NumFields() {
		if _, wire := reflect.StructTag(s.Tag(i)).Lookup("json"); wire {
			continue
		}
		f := s.Field(i)
		if !f.Embedded() {
			n++
			continue
		}
		embedded := f.Type()
		if p, ok := embedded.(*types.Pointer); ok {
			embedded = p.Elem()
		}
		n += max(1, fields(embedded.Underlying()))
	}
	return n
}

// methods are those of a type and of a pointer to it that this module wrote.
func (h house) methods(named *types.Named) (n int) {
	if types.IsInterface(named) {
		return named.Underlying().(*types.Interface).NumMethods()
	}
	set := types.NewMethodSet(types.NewPointer(named))
	for i := range set.Len() {
		if p := set.At(i).Obj().Pkg(); p != nil && strings.HasPrefix(p.Path(), h.Module.Path) {
			n++
		}
	}
	return n
}

func (h house) file(file *ast.File) (breaches []string) {
	at := h.Fset.Position(file.Package)
	if n := h.Fset.File(file.Package).LineCount(); n > mostFileLines {
		breaches = append(breaches, fmt.Sprintf("%s: %d lines", at.Filename, n))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		f, ok := n.(*ast.FuncDecl)
		if !ok {
			return true
		}
		from, to := h.Fset.Position(f.Pos()), h.Fset.Position(f.End())
		if lines := to.Line - from.Line + 1; lines > mostLines {
			breaches = append(breaches, fmt.Sprintf("%s:%d: %s has %d lines", from.Filename, from.Line, f.Name.Name, lines))
		}
		if n := f.Type.Params.NumFields(); n > mostParameters {
			breaches = append(breaches, fmt.Sprintf("%s:%d: %s has %d parameters", from.Filename, from.Line, f.Name.Name, n))
		}
		return true
	})
	return breaches
}
