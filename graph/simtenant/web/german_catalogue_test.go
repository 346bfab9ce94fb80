package web

import (
	"strings"
	"testing"
)

// Each text of the catalogue stands there once, and its German has the same names in it.
func TestGermanHasTheSameNames(t *testing.T) {
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(strings.TrimSpace(strings.ReplaceAll(german, "\r", "")), "\n\n") {
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
