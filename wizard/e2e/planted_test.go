package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The program that leaks what it is asked to is this one with a few lines more, laid over the files for one build. None of
// them is in the program that people get.

const root = "../.."

// plant is a line of the program and what stands there in the build that leaks.
type plant struct {
	file, line, leaks string
}

const whileOpen = "if _, open := m.run.Exposure(); open {\nplanted.Panic(%q)\n}\n"

var plants = []plant{
	{"graph/redact/redact.go", "safe, found := live.text(s)", "if planted.Blind() {\nreturn s\n}\n\tsafe, found := live.text(s)"},
	{"graph/secret/secret.go", "return Secret{held: h}", "planted.Saw(s)\nreturn Secret{held: h}"},
	{"wizard/frame.go", `strings.Join(lines, "\n")`, `planted.Into("frame", strings.Join(lines, "\n"))`},
	{"wizard/frame.go", "redact.Text(redact.Title, cmp.Or(m.opts.Title, phrase.T(product)))", `redact.Text(redact.Title, planted.Into("title", cmp.Or(m.opts.Title, phrase.T(product))))`},
	{"wizard/frame.go", "v.SetContent(", fmt.Sprintf(whileOpen, "view") + "v.SetContent("},
	{"wizard/flow.go", "return outcomeMsg{work(ctx, report)}", fmt.Sprintf(whileOpen, "command") + "return outcomeMsg{work(ctx, report)}"},
	{"wizard/cli/errors.go", `complain("", phrase.T(ends[end]))`, `complain("", planted.Into("error", phrase.T(ends[end])))`},
	{"wizard/cli/onboard.go", "open, yes := s.run.Exposure()", "planted.Panic(\"main\")\nopen, yes := s.run.Exposure()"},
	{"steps/run.go", `"path", x.Path`, `"path", planted.Into("log", x.Path)`},
	{"steps/journal/append.go", "e, err := j.append(e)", "e.Note = planted.Into(\"journal\", e.Note)\ne, err := j.append(e)"},
	{"steps/guard/serve.go", "case <-clock.C:", "case <-clock.C:\nplanted.Panic(\"guard\")"},
}

// planted is the program in the build that leaks.
var planted = sync.OnceValues(func() (string, error) {
	overlay, err := overlaid()
	if err != nil {
		return "", err
	}
	return build("delegate365-onboard-planted", "-overlay", overlay)
})

// overlaid writes the files of that build, and what the go command reads of them: go help build, -overlay.
func overlaid() (string, error) {
	folder, err := folder()
	if err != nil {
		return "", err
	}
	own, err := filepath.Abs("testdata/planted/planted.go")
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	above, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	replace[filepath.Join(above, "graph/planted/planted.go")] = own
	texts := map[string]string{}
	for _, p := range plants {
		if err := p.into(texts); err != nil {
			return "", err
		}
	}
	for file, text := range texts {
		copied := filepath.Join(folder, strings.ReplaceAll(file, "/", "-"))
		if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(above, file)] = copied
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}

// into puts the line into the text of its file. A line that is not there once is not the one that was meant.
func (p plant) into(texts map[string]string) error {
	text, ok := texts[p.file]
	if !ok {
		read, err := os.ReadFile(filepath.Join(root, p.file))
		if err != nil {
			return err
		}
		text = strings.Replace(string(read), "import (\n", "import (\n\t\"github.com/delegate365-onboard/delegate365-onboard/graph/planted\"\n", 1)
	}
	if n := strings.Count(text, p.line); n != 1 {
		return fmt.Errorf("%s has %q %d times, not once: say where its leak is planted now", p.file, p.line, n)
	}
	texts[p.file] = strings.Replace(text, p.line, p.leaks, 1)
	return nil
}

// Each leak has its place in the program as it is today.
func TestLeaksCanBePlanted(t *testing.T) {
	if _, err := overlaid(); err != nil {
		t.Error(err)
	}
}
