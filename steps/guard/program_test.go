package guard

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Where only the file is known, whatever was put in its place is not started.
func TestReplacedProgram(t *testing.T) {
	for name, replace := range map[string]func(path string) error{
		"another file": func(path string) error {
			other := path + ".new"
			return errors.Join(os.WriteFile(other, []byte("the program"), 0o700), os.Rename(other, path))
		},
		"other content": func(path string) error { return os.WriteFile(path, []byte("a program!!"), 0o700) },
		"grown":         func(path string) error { return os.WriteFile(path, []byte("the program, and more"), 0o700) },
		"no file":       os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "program")
			if err := os.WriteFile(path, []byte("the program"), 0o700); err != nil {
				t.Fatal(err)
			}
			p, err := programAt(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.command([]string{"guard"}); err != nil {
				t.Fatalf("it is not started as it is: %v", err)
			}
			if _, err := p.sum(); err != nil {
				t.Fatal(err)
			}
			if err := replace(path); err != nil {
				t.Fatal(err)
			}
			if _, err := p.command([]string{"guard"}); !errors.Is(err, ErrReplaced) {
				t.Errorf("it is started: %v", err)
			}
		})
	}
}
