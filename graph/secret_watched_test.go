package graph

import (
	"runtime"
	"testing"
	"time"

	"delegate365-onboard/graph/redact"
)

func watched(text string) bool { return redact.Holds([]byte("is " + text)) }

// A secret is looked for until it is wiped, and what is none never is.
func TestSecretWatched(t *testing.T) {
	const text = "wT-pL8#nB!c5*Yx=Rk3+"
	first, second, open := NewSecret(text), NewSecret(text), NewText("service.delegate365@contoso.com")
	if !watched(text) || watched(open.Reveal()) {
		t.Fatal("the wrong text is looked for")
	}
	first.Wipe()
	if !watched(text) {
		t.Error("it is no longer looked for, and somebody still holds it")
	}
	second.Wipe()
	if watched(text) {
		t.Error("it is looked for after it was wiped")
	}
}

// One that nobody holds any more is not looked for either.
func TestSecretDropped(t *testing.T) {
	const text = "Rk3+vZ9%wT-pL8#nB!c5*Yq"
	if NewSecret(text).IsZero() || !watched(text) {
		t.Fatal("it is not looked for")
	}
	for range 100 {
		runtime.GC()
		if !watched(text) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("it is looked for although nobody holds it")
}
