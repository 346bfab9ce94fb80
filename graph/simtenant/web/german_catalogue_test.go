package web

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
		t.Error("german.txt.gz is not german.txt: run go test ./graph/simtenant/web -run Packed -pack")
	}
}

// Each text of the catalogue stands there once, and its German has the same names in it.
func TestGermanHasTheSameNames(t *testing.T) {
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(strings.TrimSpace(german()), "\n\n") {
		text, said, _ := strings.Cut(pair, "\n")
		if said == "" || strings.Contains(said, "\n") || seen[text] || strings.Count(text, "%s") != strings.Count(said, "%s") {
			t.Errorf("%q, %q", text, said)
		}
		seen[text] = true
	}
	t.Logf("texts %d", len(seen))
}

// A title is told with what ends it; a name stands where it stood, and what the catalogue lacks stays.
func TestTextsInGerman(t *testing.T) {
	for text, want := range map[string]string{
		"Error: Sign in" + notMicrosoft:                   "Fehler: Anmelden · Simulierter Mandant - nicht Microsoft",
		"Continue as eva@contoso.com":                     "Weiter als eva@contoso.com",
		"Only a rehearsal tells: Blocked by Block %s.":    "Nur ein Probelauf verrät: Blockiert von Block %s.",
		"AADSTS50126: Error validating credentials":       "AADSTS50126: Error validating credentials",
		"✓ Sign in as service@contoso.com: done":          "✓ Als service@contoso.com anmelden: fertig",
		"Updates successful. eva@contoso.com is Enabled.": "Aktualisierung erfolgreich. eva@contoso.com ist aktiviert.",
	} {
		if got := inGerman(text); got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
}
