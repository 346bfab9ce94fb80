package phrase

import (
	"bytes"
	"compress/gzip"
	"flag"
	"os"
	"strings"
	"testing"
)

var pack = flag.Bool("pack", false, "pack german.txt")

// What the program carries is german.txt.
func TestGermanIsPacked(t *testing.T) {
	data, err := os.ReadFile("german.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	if *pack {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("german.txt.gz", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		packed = b.Bytes()
	}
	if german() != text {
		t.Error("german.txt.gz is not german.txt: run go test ./steps/phrase -run Packed -pack")
	}
}
