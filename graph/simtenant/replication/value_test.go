package replication

import (
	"testing"
	"time"
)

func TestReplication(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	const lag = 2 * time.Second
	var r Value[string]
	r.Settle("a")
	r.Write(at(10), lag, "b", nil)
	r.Write(at(11), lag, "c", nil)
	for second, want := range map[int]string{9: "a", 10: "a", 11: "a", 12: "b", 13: "c", 14: "c"} {
		if got := r.Seen(at(second), lag); got != want {
			t.Errorf("at %d: %s, want %s", second, got, want)
		}
	}
	if r.Latest() != "c" {
		t.Errorf("the writer sees %s", r.Latest())
	}
	r.Write(at(20), lag, "d", nil)
	if len(r.versions) != 2 {
		t.Errorf("%d versions are kept", len(r.versions))
	}
}
