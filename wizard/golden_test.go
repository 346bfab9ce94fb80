package wizard

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestFrames draws every scene at every size, holds it against the rules of checkFrame, and against its golden file.
func TestFrames(t *testing.T) {
	t.Parallel()
	for _, scene := range scenes() {
		t.Run(scene.name, func(t *testing.T) {
			drive(t, scene.opts, scene.run, scene.list, func(d *driver) {
				scene.act(d)
				for _, size := range sizes {
					d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
					checkFrame(t, d.m)
					golden(t, filepath.Join("testdata", scene.name, size.name+".txt"), d.view())
				}
			})
		})
	}
}

// TestFrameColours: the same words stand in the same places whatever the colours are.
func TestFrameColours(t *testing.T) {
	t.Parallel()
	for _, scene := range scenes() {
		t.Run(scene.name, func(t *testing.T) {
			drive(t, scene.opts, scene.run, scene.list, func(d *driver) {
				scene.act(d)
				plain := d.view()
				for _, dark := range []bool{false, true} {
					d.m.paint(dark)
					if got := d.view(); got != plain {
						t.Errorf("dark=%t draws other text:\n%s\nwant:\n%s", dark, got, plain)
					}
				}
			})
		})
	}
}

// golden compares got with a file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	got = strings.TrimRight(got, "\n") + "\n"
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("%s differs; look at it and run the test with -update\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}
