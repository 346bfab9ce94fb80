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
		{48*time.Hour - time.Second, "47:59:59", "47:59:59"},
		{504*time.Hour + 7*time.Second, "21 days", "21 days"},
	} {
		if got := Span(tt.d); got != tt.span {
			t.Errorf("Span(%v) is %q, want %q", tt.d, got, tt.span)
		}
		if got := Countdown(tt.d); got != tt.countdown {
			t.Errorf("Countdown(%v) is %q, want %q", tt.d, got, tt.countdown)
		}
	}
}

// From an hour on a duration has its hours, and a time has its date where the day is another.
func TestLongAndFarAway(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		35 * time.Second:                {"00:35", "35 s"},
		59*time.Minute + 40*time.Second: {"59:40", "1 h 00 min"},
		2*time.Hour + 27*time.Second:    {"2 h 00 min", "2 h 00 min"},
		26*time.Hour + 5*time.Minute:    {"26 h 05 min", "26 h 05 min"},
		30 * time.Minute:                {"30:00", "30 min"},
		504*time.Hour + time.Minute:     {"21 days", "21 days"},
	} {
		if got := [2]string{Lasted(d), Roughly(d)}; got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{2*time.Hour + 19*time.Second: "at most 2:00:19", 504*time.Hour + time.Second: "at most 21 days 1 min", 507*time.Hour + 60*time.Second: "at most 21 days 3 h 1 min", 504 * time.Hour: "at most 21 days"} {
		if got := AtMost(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	late := time.Date(2026, 11, 27, 23, 59, 58, 0, time.Local)
	if got := Moment(late, late.Add(-time.Hour)); got != "23:59:58" {
		t.Errorf("on the same day it is %q", got)
	}
	if got := Moment(late, late.Add(time.Minute)); got != "27 November 23:59 "+Zone(late) {
		t.Errorf("on another day it is %q", got)
	}
	if got := Stays(late, late.Add(-time.Hour)); got != "23:59:58 "+Zone(late) {
		t.Errorf("where it stays it is %q", got)
	}
	for later, want := range map[time.Duration]string{time.Second: "23:59:58 to 23:59:59 " + Zone(late), time.Minute: "27 November 23:59 to 28 November 00:00 " + Zone(late)} {
		if got := FromTo(late, late.Add(later)); got != want {
			t.Errorf("from then to %v later is %q", later, got)
		}
	}
}
