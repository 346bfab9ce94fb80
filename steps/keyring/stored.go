package keyring

import (
	"errors"

	"github.com/zalando/go-keyring"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// service is what the entry is called in the key ring.
const service = "delegate365-onboard"

// stored is the key ring of the system under the name of what is kept there: the Secret Service of a desktop, the keychain
// of macOS, to which the key goes by the standard input of its own helper, or the credential manager of Windows.
type stored string

func (s stored) Get() (secret.Secret, error) {
	text, err := keyring.Get(service, string(s))
	if errors.Is(err, keyring.ErrNotFound) {
		return secret.Secret{}, ErrNone
	}
	if err != nil {
		return secret.Secret{}, errors.Join(ErrUnusable, err)
	}
	return secret.New(text), nil
}

func (s stored) Set(key secret.Secret) error { return keyring.Set(service, string(s), key.Reveal()) }
