package keyring

import (
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// Memory is a key ring that ends with its process, for a rehearsal on a tenant that does too. Its zero value is empty.
type Memory struct {
	mu   sync.Mutex
	held string
}

// Get is what was set.
func (m *Memory) Get() (secret.Secret, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held == "" {
		return secret.Secret{}, ErrNone
	}
	return secret.New(m.held), nil
}

// Set keeps a copy.
func (m *Memory) Set(key secret.Secret) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held = key.Reveal()
	return nil
}
