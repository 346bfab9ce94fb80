// Package keyring keeps one key for each user of a computer, in the key ring of the system, and makes message authentication
// codes with it. The key is in no file, log, argument or environment; whoever can read the user's key ring has it.
package keyring

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// Ring holds one secret of a user. Its methods may block: nobody waits for them without a limit.
type Ring interface {
	// Get is the secret; the error is ErrNone where there is none yet.
	Get() (secret.Secret, error)
	// Set puts a secret in the place of any other.
	Set(secret.Secret) error
}

// What a ring has to say.
var (
	ErrNone     = errors.New("the key ring holds no key yet")
	ErrUnusable = errors.New("no key ring can be used")
)

var errForeign = errors.New("what the key ring holds is no key of this program")

const (
	size      = 32 // bytes of the key
	lockWait  = time.Second
	lockRetry = 5 * time.Millisecond
)

// Key is the user's key, made when there is none. Of several programs that make it at once one wins, as long as they keep
// their journals in the same folder; otherwise the lines of one stay unproven, once.
func Key(ring Ring, folder string) (secret.Secret, error) {
	key, err := get(ring)
	if !errors.Is(err, ErrNone) {
		return key, err
	}
	unlock, err := lock(folder)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("make a key for the key ring: %w", err)
	}
	defer unlock()
	if key, err = get(ring); !errors.Is(err, ErrNone) {
		return key, err
	}
	made := create()
	defer made.Wipe()
	if err := ring.Set(made); err != nil {
		return secret.Secret{}, fmt.Errorf("put a key into the key ring: %w", err)
	}
	return get(ring)
}

func get(ring Ring) (secret.Secret, error) {
	key, err := ring.Get()
	if err != nil {
		return secret.Secret{}, fmt.Errorf("read the key ring: %w", err)
	}
	whole := false
	key.Use(func(b []byte) {
		raw := make([]byte, base64.RawURLEncoding.DecodedLen(len(b)))
		defer clear(raw)
		n, err := base64.RawURLEncoding.Decode(raw, b)
		whole = err == nil && n == size
	})
	if !whole {
		key.Wipe()
		return secret.Secret{}, errForeign
	}
	return key, nil
}

// create makes a key: text, because not every ring keeps bytes.
func create() secret.Secret {
	raw := make([]byte, size)
	defer clear(raw)
	_, _ = rand.Read(raw) // it never fails: https://pkg.go.dev/crypto/rand#Read
	text := make([]byte, base64.RawURLEncoding.EncodedLen(size))
	base64.RawURLEncoding.Encode(text, raw)
	return secret.Take(text)
}

func lock(folder string) (unlock func(), err error) {
	if err := regular.Folder(folder); err != nil {
		return nil, err
	}
	l := flock.New(filepath.Join(folder, "key.lock"))
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	if _, err := l.TryLockContext(ctx, lockRetry); err != nil {
		return nil, err
	}
	return func() { _ = l.Unlock() }, nil
}

// Prove makes the HMAC-SHA256 of a line by a key, and names the key by a hash that gives nothing of it away. Without a key
// both are empty.
func Prove(key secret.Secret, line []byte) (name, mac string) {
	key.Use(func(b []byte) {
		if len(b) == 0 {
			return
		}
		name = code(b, "name", nil)[:16]
		mac = code(b, "journal line", line)
	})
	return name, mac
}

// code is the HMAC of a text for one purpose: the name of a key is never the code of a line.
func code(key []byte, purpose string, text []byte) string {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte("delegate365-onboard " + purpose + "\n"))
	_, _ = h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}
