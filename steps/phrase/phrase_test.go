package phrase

import (
	"testing"
	"time"
)

func TestDurations(t *testing.T) {
	for _, tt := range []struct {
		d               time.Duration
		span, countdown string
	}{
		{0, "00:00", "0 s"},
		{-time.Second, "00:00", "0 s"},
		{8100 * time.Millisecond, "00:08", "9 s"},
		{59 * time.Second, "00:59", "59 s"},
		{61 * time.Second, "01:01", "01:01"},
		{2 * time.Hour, "2:00:00", "2:00:00"},
	} {
		if got := Span(tt.d); got != tt.span {
			t.Errorf("Span(%v) is %q, want %q", tt.d, got, tt.span)
		}
		if got := Countdown(tt.d); got != tt.countdown {
			t.Errorf("Countdown(%v) is %q, want %q", tt.d, got, tt.countdown)
		}
	}
}
