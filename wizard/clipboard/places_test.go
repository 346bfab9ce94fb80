//go:build linux

package clipboard

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The German of a place stands after prepositions and alone: it is one that has the same form in both.
func TestPlacesInGerman(t *testing.T) {
	phrase.Speak(phrase.German)
	defer phrase.Speak(phrase.English)
	for _, w := range []interface{ name() string }{&pasteboard{}, &powershell{}, &tmux{}, &terminal{}, &wayland{}, &x11{}} {
		if name := w.name(); !strings.HasPrefix(name, "die ") {
			t.Errorf("%T: %q", w, name)
		}
	}
}
