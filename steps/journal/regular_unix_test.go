//go:build !windows

package journal

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	own "github.com/delegate365-onboard/delegate365-onboard/graph/regular"
)

// A file that has a second name, or is somebody else's, is neither read, written nor cut off.
func TestForeignFilesAreLeft(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, name := range []string{"second", "foreign"} {
		if err := os.WriteFile(at(name), []byte("kept"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	refused := map[string]bool{"second": true, "foreign": os.Geteuid() == 0} // only root gives files away
	if err := os.Link(at("second"), at("elsewhere")); err != nil {
		t.Fatal(err)
	}
	if refused["foreign"] {
		if err := os.Chown(at("foreign"), 65534, -1); err != nil {
			t.Fatal(err)
		}
	}
	for name, is := range refused {
		for _, flag := range []int{os.O_RDONLY, os.O_RDWR | os.O_CREATE, os.O_WRONLY | os.O_CREATE | os.O_TRUNC} {
			if !is {
				continue
			}
			if f, err := openRegular(at(name), flag, 0o600); !errors.Is(err, own.ErrForeign) {
				f.Close()
				t.Errorf("%s is opened with %o: %v", name, flag, err)
			}
		}
		if data, err := os.ReadFile(at(name)); err != nil || string(data) != "kept" {
			t.Errorf("%s holds %q, %v", name, data, err)
		}
	}
}
