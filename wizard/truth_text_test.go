package wizard

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// What stands on a frame comes from the finding, which is held, or is constant in the wizard, which is advice. Anything else is
// neither, and nobody would notice what it says.

// constants are the texts that this package holds, as one.
var constants = sync.OnceValues(func() (string, error) {
	var all strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		return "", err
	}
	for _, name := range append(files, "leaving/question.go", "../steps/walker/act.go", "../steps/phrase/phrase.go", "../styles/glyphs.go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return "", err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, _ := strconv.Unquote(literal.Value)
				all.WriteString(text + " ")
			}
			return true
		})
	}
	return all.String(), nil
})

// neither are the words of the frame that are of no finding and no constant.
func (o *outside) neither(d *driver, frame string) (unknown []string) {
	own, err := constants()
	if err != nil {
		o.t.Fatal(err)
	}
	m := d.m
	operator, tenant := m.run.Identity()
	known := own + " " + operator + " " + tenant + " " + m.note + " " + d.statusLine() + " " + said(d)
	for _, s := range m.flow.screens {
		known += " " + s.Info.Title
	}
	known = squash(known)
	for word := range strings.FieldsSeq(frame) {
		word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if strings.IndexFunc(word, unicode.IsLetter) >= 0 && !strings.Contains(known, word) {
			unknown = append(unknown, word)
		}
	}
	return unknown
}

// said is everything that the finding on screen says.
func said(d *driver) string {
	s := d.m.current()
	f := s.Found
	out := []string{s.Info.Why.String(), f.Notice.String(), string(s.Actor())}
	for _, text := range f.Text {
		out = append(out, text.String())
	}
	for _, section := range f.Sections {
		out = append(out, section.Title)
		for _, fact := range section.Facts {
			out = append(out, fact.Label, fact.Value, fact.Note, fact.Mark.String(), fact.Page.Name)
		}
	}
	for _, c := range append(append([]steps.Change{}, f.Changes...), s.Applied...) {
		out = append(out, string(c.Op), c.Object, c.From, c.To)
	}
	if t := f.Task; t != nil {
		out = append(out, t.Where, t.URL, t.Opened, t.Code, t.Watched)
		for _, item := range t.Items {
			out = append(out, item.Text, item.Shown)
		}
	}
	for _, stop := range d.m.flow.walk.Passed() {
		out = append(out, stop.Found.Gist().String(), stop.Info.Title, "read back", "changes", "change", statusWord(stop.Found.Status))
		for _, c := range stop.Applied {
			out = append(out, string(c.Op), c.Object, c.From, c.To)
		}
	}
	if p := d.m.flow.progress; p.Wait != nil {
		out = append(out, p.Wait.Text)
	}
	out = append(out, d.m.flow.progress.Line, string(steps.Microsoft))
	for i := range s.form.entries {
		out = append(out, s.form.entries[i].problem)
	}
	for _, field := range f.Fields {
		out = append(out, field.Label, field.Help, field.Value)
		for _, option := range field.Options {
			out = append(out, option.Label)
		}
	}
	for _, a := range d.m.focus().actions() {
		out = append(out, a.Label, strings.ToLower(a.Label)) // the footer names it as well
	}
	return strings.Join(out, " ")
}

// A word that nobody accounts for is found.
func TestNeitherIsFound(t *testing.T) {
	t.Parallel()
	truthWalk{profile: "fresh"}.begin(t, func(d *driver, o *outside) {
		d.wait(2 * time.Second)
		if left := o.neither(d, d.whole()); len(left) > 0 {
			t.Errorf("the first screen has %q", left)
		}
		if left := o.neither(d, d.whole()+" Nobody lost a Zebra."); !slices.Contains(left, "Zebra") {
			t.Errorf("what is neither is not found: %q", left)
		}
	})
}
