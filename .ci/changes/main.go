// Command changes makes ten changes of the kind that a newcomer is asked for, each by itself and without touching the tree, and builds the
// program with it. A change touches at most two files, and CONTRIBUTING.md names them where it says how such a change is made. It
// exits with 1 where one does not build, is no longer so small, or is not to be found there.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A change is what is asked for, and what is done for it.
type change struct {
	asked string
	edits []edit
}

// An edit puts text before, after or in place of what stands once in a file; of a new file, at is empty.
type edit struct{ file, at, text string }

func main() {
	guide, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		fmt.Fprintln(os.Stderr, "changes:", err)
		os.Exit(2)
	}
	failed := 0
	for _, c := range tenChanges() {
		if err := c.try(string(guide)); err != nil {
			failed++
			fmt.Printf("%s: %v\n", c.asked, err)
			continue
		}
		fmt.Printf("%s: %s\n", c.asked, strings.Join(c.files(), ", "))
	}
	fmt.Printf("changes %d, failed %d\n", len(tenChanges()), failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func (c change) files() []string {
	var files []string
	for _, e := range c.edits {
		if len(files) == 0 || files[len(files)-1] != e.file {
			files = append(files, e.file)
		}
	}
	return files
}

// try builds the program with the change.
func (c change) try(guide string) error {
	if files := c.files(); len(files) > 2 {
		return fmt.Errorf("it takes %d files", len(files))
	}
	texts := map[string]string{}
	for _, e := range c.edits {
		if !strings.Contains(guide, "`"+e.file+"`") && !strings.Contains(guide, "`"+filepath.Dir(e.file)+"/NAME.go`") {
			return fmt.Errorf("CONTRIBUTING.md does not name %s", e.file)
		}
		if err := e.into(texts); err != nil {
			return err
		}
	}
	return build(texts)
}

func (e edit) into(texts map[string]string) error {
	if e.at == "" {
		texts[e.file] = e.text
		return nil
	}
	text, ok := texts[e.file]
	if !ok {
		read, err := os.ReadFile(e.file)
		if err != nil {
			return err
		}
		text = string(read)
	}
	if n := strings.Count(text, e.at); n != 1 {
		return fmt.Errorf("%s has %q %d times, not once", e.file, e.at, n)
	}
	texts[e.file] = strings.Replace(text, e.at, e.text, 1)
	return nil
}

func build(texts map[string]string) error {
	folder, err := os.MkdirTemp("", "changes")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the system clears its temporary folder
	replace := map[string]string{}
	for file, text := range texts {
		whole, err := filepath.Abs(file)
		if err != nil {
			return err
		}
		replace[whole] = filepath.Join(folder, strings.ReplaceAll(file, "/", "-"))
		if err := os.WriteFile(replace[whole], []byte(text), 0o600); err != nil {
			return err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "overlay.json"), overlay, 0o600); err != nil {
		return err
	}
	out, err := exec.Command("go", "build", "-overlay", filepath.Join(folder, "overlay.json"), "./...").CombinedOutput() //nolint:gosec // our own folder
	if err != nil {
		return fmt.Errorf("it does not build: %s", strings.TrimSpace(string(out)))
	}
	return nil
}
