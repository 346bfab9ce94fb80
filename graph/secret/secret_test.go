package secret

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretNeverPrints(t *testing.T) {
	const text = "correct-horse-battery"
	s := New(text)
	holder := struct {
		Name     string
		Password Secret
		Pointer  *Secret
	}{"x", s, &s}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%T%v", "%10s", "%c"} {
		for _, value := range []any{s, &s, holder, []Secret{s}, map[string]Secret{"p": s}} {
			args := []any{value}
			if strings.Count(verb, "%") == 2 {
				args = append(args, value)
			}
			if out := fmt.Sprintf(verb, args...); leaks(out, text) {
				t.Errorf("%s of %T shows the secret: %s", verb, value, out)
			}
		}
	}
	raw, err := json.Marshal(holder)
	if err != nil || leaks(string(raw), text) || !strings.Contains(string(raw), `"***"`) {
		t.Errorf("JSON is %s, %v", raw, err)
	}
	raw, err = json.Marshal(map[Secret]int{s: 1})
	if err != nil || leaks(string(raw), text) {
		t.Errorf("JSON of a key is %s, %v", raw, err)
	}
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("made", "password", s, "holder", holder, "group", slog.GroupValue(slog.Any("p", s)))
	}
	if leaks(log.String(), text) {
		t.Errorf("the log shows the secret: %s", log.String())
	}
}

// leaks looks for the text as it is and as hexadecimal or decimal bytes.
func leaks(out, text string) bool {
	return strings.Contains(out, text) || strings.Contains(strings.ToLower(out), fmt.Sprintf("%x", text)) ||
		strings.Contains(out, strings.Trim(fmt.Sprintf("%d", []byte(text)), "[]"))
}

func TestSecretWipe(t *testing.T) {
	s := New("abc")
	c := s
	if s.IsZero() || c.Reveal() != "abc" {
		t.Fatal("a secret lost its text")
	}
	s.Wipe()
	if !c.IsZero() || c.Reveal() != "" || !s.IsZero() {
		t.Error("a copy survived Wipe")
	}
	c.Wipe()
	var zero Secret
	zero.Wipe()
	if !zero.IsZero() || zero.Reveal() != "" || !New("").IsZero() {
		t.Error("the zero value is not empty")
	}
}

func TestSecretOfBytes(t *testing.T) {
	b := []byte("correct-horse-battery")
	s := Take(b)
	if s.Reveal() != "correct-horse-battery" {
		t.Error("the secret lost its text")
	}
	for _, c := range b {
		if c != 0 {
			t.Fatal("the bytes that were handed over are left")
		}
	}
	s.Wipe()
	for _, empty := range []Secret{s, {}, Take(nil)} {
		empty.Use(func(lent []byte) {
			if len(lent) != 0 {
				t.Error("an empty secret lends bytes")
			}
		})
		if !empty.IsZero() {
			t.Error("it is not empty")
		}
	}
}
