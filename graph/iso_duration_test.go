package graph

import (
	"testing"
	"time"
)

func TestISODuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"PT20M": 20 * time.Minute, "P180D": 180 * 24 * time.Hour, "PT8H": 8 * time.Hour, "P1DT12H30M5S": 36*time.Hour + 30*time.Minute + 5*time.Second,
		"P1W": 7 * 24 * time.Hour, "P1Y": 365 * 24 * time.Hour, "": 0, "P": 0, "PT": 0, "20 minutes": 0, "PT-5M": 0, "P99999999999D": 0, "P2000000000Y": 0,
	} {
		if got, ok := parseISODuration(text); got != want || ok != (want > 0) {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
	for d, want := range map[time.Duration]string{20 * time.Minute: "PT20M", 7 * 24 * time.Hour: "PT10080M", 90 * time.Minute: "PT90M"} {
		if got := isoDuration(d); got != want {
			t.Errorf("%v is %q", d, got)
		}
	}
}
