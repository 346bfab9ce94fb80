package phrase_test

import (
	"go/ast"
	"go/types"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// pairs are the texts of the catalogue with their German.
func pairs(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("german.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, block := range strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n\n") {
		lines := strings.Split(strings.Trim(block, "\n"), "\n")
		switch {
		case len(lines) == 1 && (lines[0] == "" || strings.HasPrefix(lines[0], "# ")):
		case len(lines) != 2:
			t.Errorf("neither a text with its German nor the name of a file: %q", block)
		case all[lines[0]] != "":
			t.Errorf("there twice: %q", lines[0])
		default:
			all[lines[0]] = lines[1]
		}
	}
	return all
}

// Every text that the source says is in the catalogue, and nothing else is.
func TestEveryTextHasItsGerman(t *testing.T) {
	german := pairs(t)
	used := map[string]bool{}
	for _, s := range texts(t) {
		used[s.text] = true
		if german[s.text] == "" {
			t.Errorf("%s:%d: no German for %q", s.file, s.line, s.text)
		}
	}
	for text := range german {
		if !used[text] {
			t.Errorf("nobody says %q", text)
		}
	}
	t.Logf("texts %d, German %d", len(used), len(german))
}

var verb = regexp.MustCompile(`%(?:\[(\d)\])?([-+# 0-9.]*[a-zA-Z%])`)

// verbs are what a text takes, in the order of the values.
func verbs(text string) []string {
	at, named := 0, map[int]string{}
	for _, m := range verb.FindAllStringSubmatch(text, -1) {
		if m[2] == "%" {
			continue
		}
		if at++; m[1] != "" {
			at = int(m[1][0] - '0')
		}
		named[at] = m[2]
	}
	out := make([]string, len(named))
	for i := range out {
		out[i] = named[i+1]
	}
	return out
}

// The German takes the same values as the English, ends as it does, and addresses nobody as a friend.
func TestGermanIsMadeOfTheSameValues(t *testing.T) {
	familiar := regexp.MustCompile(`(?i)\b(du|dein\w*|dich|dir|euer|eure)\b`)
	for text, german := range pairs(t) {
		if a, b := verbs(text), verbs(german); !slices.Equal(a, b) {
			t.Errorf("%q takes %v, its German %v: %q", text, a, b, german)
		}
		if strings.HasSuffix(text, ".") != strings.HasSuffix(german, ".") {
			t.Errorf("one is a sentence and the other is not: %q, %q", text, german)
		}
		if familiar.MatchString(german) {
			t.Errorf("not in the formal address: %q", german)
		}
		if len(text)-len(strings.TrimLeft(text, " ")) != len(german)-len(strings.TrimLeft(german, " ")) || strings.HasSuffix(german, " ") || strings.Contains(german, "  ") != strings.Contains(text, "  ") {
			t.Errorf("blanks: %q", german)
		}
	}
}

// Only constants become texts, so that nothing of a tenant's is ever looked up: what is not one is named here.
func TestOnlyConstantsAreTexts(t *testing.T) {
	allowed := map[string]int{
		"steps/finding": 4, "steps/analysis": 1, "steps/phrase": 0, "steps/problem": 1, "steps/report": 1, "wizard/cli": 1,
	}
	found := map[string]int{}
	for _, p := range packages(t) {
		for _, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) != 1 {
					return true
				}
				to, from := p.info.Types[call.Fun], p.info.Types[call.Args[0]]
				if to.IsType() && from.Value == nil && slices.Contains(translated[:3], types.TypeString(to.Type, nil)) {
					file := p.set.Position(call.Pos()).Filename
					i := strings.LastIndex(file, "/steps/")
					if i < 0 {
						i = strings.LastIndex(file, "/wizard/")
					}
					found[file[i+1:strings.LastIndex(file, "/")]]++
				}
				return true
			})
		}
	}
	for room, n := range found {
		if n > allowed[room] {
			t.Errorf("%s makes %d texts of what is no constant", room, n)
		}
	}
}

// What comes with a text stays as it is, and English is what stands in the source.
func TestValuesAreNotTranslated(t *testing.T) {
	if got := phrase.German.T("%s exists and is used again.", "none"); got != "none existiert und wird wieder verwendet." {
		t.Errorf("an account called none reads %q", got)
	}
	if got := phrase.English.T("100% of it"); got != "100% of it" {
		t.Errorf("a text without values reads %q", got)
	}
	if got := phrase.German.Count(2, "change", "changes") + ", " + phrase.German.JoinAnd([]string{"a", "b", "c"}); got != "2 Änderungen, a, b und c" {
		t.Errorf("%q", got)
	}
	if phrase.Spoken() != phrase.English {
		t.Error("English is not what is spoken at first")
	}
}

var (
	inBrackets = regexp.MustCompile(`\([^)]*\)`)
	sentence   = regexp.MustCompile(`[.?!;] |%s [A-ZÄÖÜ]`)
	mail       = regexp.MustCompile(`(?i)\S*mail`)
)

// German says E-Mail everywhere, and has at most one colon in a sentence: what comes after it is what was promised.
func TestGermanIsWrittenOneWay(t *testing.T) {
	for english, german := range pairs(t) {
		for _, word := range mail.FindAllString(german, -1) {
			if !strings.Contains(word, "E-Mail") && word != "winmail" && !strings.Contains(english, word) {
				t.Errorf("%q in %q", word, german)
			}
		}
		for _, s := range sentence.Split(inBrackets.ReplaceAllString(german, ""), -1) {
			if strings.Count(s+" ", ": ") > 1 {
				t.Errorf("two colons in %q", s)
			}
		}
	}
}
