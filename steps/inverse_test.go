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
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// irreversible are the functions that make a write which nothing takes back, and why.
var irreversible = map[string]string{
	"repair_account.go repairWrite":              "nobody knows the password that was there before; that it never expires is how the account is made",
	"app_password_setting.go putBackWrite":       "it takes back what another write moved",
	"mfa/security_defaults.go turnOffSuccessors": "it takes back what Microsoft does when security defaults are turned off",
}

// Every write of this program names what takes it back, or what it takes back, in its literal or where it is sent.
func TestEveryWriteHasAnInverse(t *testing.T) {
	t.Parallel()
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
			made, without := writesOf(f.Body, takesBackIn(path))
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
	t.Parallel()
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
		if made, without := writesOf(file.Decls[0].(*ast.FuncDecl).Body, takesBackIn("")); made != 1 || without != wrong {
			t.Errorf("%s: %d writes, one without an inverse: %t", source, made, without)
		}
	}
}

// writesOf counts the writes that a function makes, and says whether one of them lacks an inverse.
func writesOf(body *ast.BlockStmt, takesBack func(member string) bool) (made int, without bool) {
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

// takesBackIn are the members that take a write back. What takes out what an onboarding put in takes something back, and has to be
// undone itself: there it is the inverse alone.
func takesBackIn(path string) func(member string) bool {
	takesOut := slices.Contains([]string{"offboard.go", "offboard_apps.go", "offboard_parts.go"}, path)
	return func(member string) bool { return member == "Inverse" || member == "Restores" && !takesOut }
}

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

// notRestored are the steps of the offboarding whose writes nothing puts back, and the sentence that says so where the rest is put back.
var notRestored = map[string]string{
	string(finding.EndExclusions): "The account is not excluded from policies again.",
}

// Every line of a journal that announces a write has what takes it back, or is such a write itself; in an offboarding both, because
// restore undoes it: it knows each of them.
func TestEveryAnnouncedWriteHasAnInverse(t *testing.T) {
	t.Parallel()
	for command, walk := range map[string]struct {
		profile string
		run     func(r *rehearsal)
		by      journal.By
	}{
		"onboard":             {"business", onboard, journal.ByWizard},
		"onboard with an end": {"privileged", onboard, journal.ByWizard},
		"offboard":            {"onboarded", func(r *rehearsal) { r.take(finding.Offboarded) }, journal.ByWizard},
		"offboard by halves":  {"drifted", func(r *rehearsal) { r.take(finding.Offboarded) }, journal.ByWizard},
		"restore":             {"half-done", func(r *rehearsal) { r.undo(0) }, journal.ByRestore},
	} {
		t.Run(command, func(t *testing.T) {
			folder, writes := t.TempDir(), 0
			synctest.Test(t, func(t *testing.T) {
				tenant := build(t, setup{profile: walk.profile})
				r := rehearseOn(t, tenant, journaled(folder, walk.by))
				walk.run(r)
				r.run.Close()
				l, offboards := read(t, folder, tenant.Endpoints().TenantID), strings.HasPrefix(command, "offboard")
				undone := map[string]bool{}
				for _, e := range l.Entries {
					if e.Kind != journal.KindIntent {
						continue
					}
					writes++
					_, known := notRestored[e.Step]
					switch {
					case e.Inverse == nil && e.Restores == nil:
						t.Errorf("%s %s: nothing takes it back", e.Step, e.Change.Object)
					case offboards && e.Inverse == nil && !known:
						t.Errorf("%s %s: restore does not undo it", e.Step, e.Change.Object)
					case offboards && e.Inverse != nil:
						undone[string(e.Inverse.Kind)+e.Inverse.TargetID] = true
					}
				}
				if offboards && len(l.TakenOut()) != len(undone) {
					t.Errorf("restore knows of %d things that were taken out, of %d", len(l.TakenOut()), len(undone))
				}
			})
			t.Logf("writes %d", writes)
			if writes == 0 {
				t.Error("nothing was written")
			}
		})
	}
	for step, sentence := range notRestored {
		if all := advice(t, ".."); !slices.ContainsFunc(all, func(text string) bool { return strings.Contains(text, sentence) }) {
			t.Errorf("no screen says of %s: %s", step, sentence)
		}
	}
}

// onboard passes all steps.
func onboard(r *rehearsal) {
	for _, s := range steps.All() {
		r.pass(s.Info().ID)
	}
}
