package bundle

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode"
)

// A folder of journals that somebody else can write to: names that a terminal obeys, lines without an end, thousands of files, and
// lines that only look like this program's. What goes in is this program's, under names that are only letters.
func TestHostileJournals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("such names can't be made there")
	}
	folder := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil && runtime.GOOS != "windows" {
			t.Fatal(err)
		}
	}
	line := []byte(`{"seq":1,"run":"a","by":"wizard","tenant":"t","kind":"started"}` + "\n")
	write("1.jsonl", line)
	write("\x1b]0;OWNED\a.jsonl", line)
	write("two\nlines.jsonl", line)
	write("\u202elnosj.jsonl", line)
	write(strings.Repeat("x", 200)+".jsonl", line)
	write("huge.jsonl", append(bytes.Repeat([]byte("x"), 40<<20), '\n'))
	for i := range 3000 {
		write(fmt.Sprintf("foreign-%d.jsonl", i), []byte("of somebody else\n"))
	}
	files, err := Collect("", folder, "version 1\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.ContainsFunc(f.Name, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }) {
			t.Errorf("it takes %q", f.Name)
		}
	}
	if len(files) != 2 || files[1].Name != "journal/1.jsonl" {
		t.Errorf("it takes %d files, the second %q", len(files), files[min(1, len(files)-1)].Name)
	}
}
