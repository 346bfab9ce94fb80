//go:build !windows

package regular

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What is no ordinary file of this user's own is refused at once, and left as it is.
func TestRefused(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(at("victim"), []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		os.Symlink(at("victim"), at("link")), os.Symlink(at("nothing"), at("dangling")), os.Link(at("victim"), at("second")),
		syscall.Mkfifo(at("fifo"), 0o600), os.Symlink(at("fifo"), at("link to fifo")), os.Mkdir(at("folder"), 0o700),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"link", "dangling", "second", "fifo", "link to fifo", "folder"} {
		if f, err := Append(at(name)); err == nil {
			f.Close()
			t.Errorf("%s is written to", name)
		}
	}
	for _, path := range []string{at("fifo"), at("link to fifo"), at("folder"), "/dev/null"} {
		if _, err := Open(path); !errors.Is(err, ErrNotRegular) {
			t.Errorf("%s is read: %v", path, err)
		}
	}
	info, err := os.Stat(at("victim"))
	if data, _ := os.ReadFile(at("victim")); err != nil || info.Mode().Perm() != 0o644 || string(data) != "kept" {
		t.Errorf("the file behind the link is %v, %q, %v", info.Mode(), data, err)
	}
}

func TestOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	for range 2 {
		f, err := Append(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("line\n"); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	data, err := Read(path, 7)
	if info, _ := os.Stat(path); err != nil || string(data) != "line\nli" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q, %v, %v", data, info.Mode(), err)
	}
}

// A link in the place of a folder, and a folder of somebody else, are refused and left as they are.
func TestFolder(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, err := range []error{
		os.Mkdir(at("open"), 0o755), os.Chmod(at("open"), 0o755), os.Symlink(at("open"), at("link")), os.Symlink(at("nothing"), at("dangling")), os.WriteFile(at("file"), nil, 0o600),
		os.Symlink(folder, at("above")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	foreign := "/usr"
	if os.Geteuid() == 0 {
		foreign = at("foreign")
		if err := errors.Join(os.Mkdir(foreign, 0o755), os.Chown(foreign, 65534, 65534)); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]error{at("link"): ErrNotFolder, at("dangling"): ErrNotFolder, at("file"): ErrNotFolder, foreign: ErrForeignFolder} {
		if err := Folder(path); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
	for _, path := range []string{at("open"), foreign} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("%s was changed: %v", path, info.Mode())
		}
	}
	for _, path := range []string{at("open"), at("above/new/below")} {
		err := Folder(path)
		if info, _ := os.Stat(path); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
}
