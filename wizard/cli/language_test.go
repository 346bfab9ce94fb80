package cli

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

func TestLanguageOf(t *testing.T) {
	for _, tt := range []struct {
		named, environment string
		want               phrase.Language
	}{
		{"de", "LANG=en_US.UTF-8", phrase.German},
		{"EN", "LANG=de_DE.UTF-8", phrase.English},
		{"", "LANG=de_DE.UTF-8", phrase.German},
		{"", "LANG=de_AT.utf8@euro", phrase.German},
		{"", "LANG=de", phrase.German},
		{"", "LANG=de_DE.ISO-8859-1", phrase.English},
		{"", "LANG=den_CA.UTF-8", phrase.English},
		{"", "LC_ALL=C.UTF-8 LANG=de_DE.UTF-8", phrase.English},
		{"", "LC_MESSAGES=de_CH.UTF-8 LANG=en_GB.UTF-8", phrase.German},
		{"", "LC_ALL=fr_FR.UTF-8", phrase.English},
	} {
		getenv := func(name string) string {
			for pair := range strings.FieldsSeq(tt.environment) {
				if value, is := strings.CutPrefix(pair, name+"="); is {
					return value
				}
			}
			return ""
		}
		if got, err := languageOf(tt.named, getenv); err != nil || got != tt.want {
			t.Errorf("--lang %q with %s speaks %q, %v", tt.named, tt.environment, got, err)
		}
	}
	if _, err := languageOf("fr", func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "en or de") {
		t.Errorf("an unknown language: %v", err)
	}
}
