package objectid

import (
	"encoding/json"
	"slices"
	"testing"
)

const administrator = "62e90394-69f5-4237-9190-012177145e10"

func TestCanonical(t *testing.T) {
	for text, want := range map[string]string{
		"62E90394-69F5-4237-9190-012177145E10": administrator, administrator: administrator, "All": "All", "": "",
		"lAPpYvVpN0KRkAEhdxReEMmO4KwRqtpKkUWt3wOYIz4-1": "lAPpYvVpN0KRkAEhdxReEMmO4KwRqtpKkUWt3wOYIz4-1",
		"{62E90394-69F5-4237-9190-012177145E10}":        "{62E90394-69F5-4237-9190-012177145E10}",
	} {
		if got := Canonical(text); got != want || !Same(text, want) {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestDecoding(t *testing.T) {
	var v struct {
		One  ID
		Some List
		None List
	}
	err := json.Unmarshal([]byte(`{"One":"62E90394-69F5-4237-9190-012177145E10","Some":["All","62E90394-69f5-4237-9190-012177145E10"],"None":null}`), &v)
	if err != nil || v.One != administrator || !slices.Equal(v.Some.Strings(), []string{"All", administrator}) || v.None.Strings() != nil {
		t.Errorf("%+v, %v", v, err)
	}
	if json.Unmarshal([]byte(`{"One":7}`), &v) == nil {
		t.Error("a number is taken for an id")
	}
}
