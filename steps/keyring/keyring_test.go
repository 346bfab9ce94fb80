package keyring_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
)

var line = []byte(`{"seq":1}`)

func TestKeyIsMadeOnceAndKept(t *testing.T) {
	ring, folder := &keyring.Memory{}, t.TempDir()
	first, err := keyring.Key(ring, folder)
	if err != nil {
		t.Fatal(err)
	}
	again, err := keyring.Key(ring, folder)
	if err != nil || again.Reveal() != first.Reveal() || len(first.Reveal()) != 43 {
		t.Errorf("%v, or another key, of %d characters", err, len(first.Reveal()))
	}
	if !redact.Holds([]byte("it says " + first.Reveal())) {
		t.Error("the last line of defence does not know it")
	}
	other, err := keyring.Key(&keyring.Memory{}, folder)
	if err != nil || other.Reveal() == first.Reveal() {
		t.Errorf("%v, or every user has the same key", err)
	}
}

// Several programs that start beside each other, the first ones ever, have the same key.
func TestKeyMadeByManyAtOnce(t *testing.T) {
	ring, folder := &keyring.Memory{}, t.TempDir()
	keys := make([]string, 16)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			key, err := keyring.Key(ring, folder)
			if err != nil {
				t.Error(err)
			}
			keys[i] = key.Reveal()
		})
	}
	all.Wait()
	for _, k := range keys {
		if k != keys[0] || k == "" {
			t.Fatal("they have several keys")
		}
	}
}

// What is in the ring and no key of ours is neither used nor overwritten.
func TestForeignEntry(t *testing.T) {
	for _, held := range []string{"short", strings.Repeat("A", 42), strings.Repeat("A", 44), strings.Repeat("*", 43)} {
		ring := &keyring.Memory{}
		if err := ring.Set(secret.New(held)); err != nil {
			t.Fatal(err)
		}
		if key, err := keyring.Key(ring, t.TempDir()); err == nil || !key.IsZero() || strings.Contains(err.Error(), held) {
			t.Errorf("%q: %v", held, err)
		}
		if still, err := ring.Get(); err != nil || still.Reveal() != held {
			t.Errorf("it was overwritten: %v", err)
		}
	}
}

// refusing is a ring that takes nothing.
type refusing struct{ keyring.Memory }

func (*refusing) Set(secret.Secret) error { return keyring.ErrUnusable }

func TestRingRefuses(t *testing.T) {
	if key, err := keyring.Key(&refusing{}, t.TempDir()); !errors.Is(err, keyring.ErrUnusable) || !key.IsZero() {
		t.Errorf("%v", err)
	}
}

func TestProve(t *testing.T) {
	a, b := secret.New(strings.Repeat("a", 43)), secret.New(strings.Repeat("b", 43))
	name, mac := keyring.Prove(a, line)
	if again, same := keyring.Prove(a, line); again != name || same != mac || len(name) != 16 || len(mac) != 64 {
		t.Errorf("%s %s, then %s %s", name, mac, again, same)
	}
	if other, code := keyring.Prove(b, line); other == name || code == mac {
		t.Error("two keys make the same")
	}
	if same, code := keyring.Prove(a, []byte(`{"seq":2}`)); same != name || code == mac {
		t.Error("two lines have the same code, or the key has two names")
	}
	for _, text := range []string{name, mac} {
		if redact.Holds([]byte(text)) || strings.Contains(text, "aaaa") {
			t.Errorf("%s gives the key away", text)
		}
	}
	a.Wipe()
	for _, none := range []secret.Secret{a, {}} {
		if name, mac := keyring.Prove(none, line); name != "" || mac != "" {
			t.Errorf("without a key: %s %s", name, mac)
		}
	}
}
