package graph

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
)

func watched(text string) bool { return redact.Holds([]byte("is " + text)) }

// A secret is looked for also after it was wiped, until everybody who held it says that it was none. What is none never is.
func TestSecretWatched(t *testing.T) {
	const text = "wT-pL8#nB!c5*Yx=Rk3+"
	first, second, open := NewSecret(text), NewSecret(text), NewText("service.delegate365@contoso.com")
	if !watched(text) || watched(open.Reveal()) {
		t.Fatal("the wrong text is looked for")
	}
	first.Wipe()
	second.Wipe()
	if !watched(text) {
		t.Error("it is no longer looked for, and an error may still quote it")
	}
	first.Forget()
	first.Forget()
	if !watched(text) {
		t.Error("it is no longer looked for, and it is somebody's secret")
	}
	second.Forget()
	if watched(text) {
		t.Error("it is looked for after it was forgotten")
	}
	open.Forget()
	Secret{}.Forget()
}
