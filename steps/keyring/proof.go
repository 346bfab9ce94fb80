package keyring

import (
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
)

// What the journal says is this program's own where its line carries a code by the key of the user's key ring. The key ring
// is asked beside the sign-in and waited for no longer than a moment; without its answer no line is proven, and what only the
// journal says is asked. Nothing that puts MFA back waits for it.

// keyWithin is how long the key ring is waited for, once the sign-in is over.
const keyWithin = time.Second

// Proof is the key of a run. Its zero value proves nothing.
type Proof struct {
	begin sync.Once
	asked chan struct{} // closed when the key ring has answered

	mu    sync.Mutex
	key   secret.Secret
	wiped bool
}

// Ask begins to ask the ring for the key of the journals in a folder, once. What kept it from answering is given to failed.
func (p *Proof) Ask(ring Ring, folder string, failed func(error)) {
	p.begin.Do(func() {
		p.asked = make(chan struct{})
		go func() {
			defer close(p.asked)
			key, err := panics.Call(func() (secret.Secret, error) { return Key(ring, folder) })
			if err != nil {
				failed(err)
				return
			}
			p.Take(key)
		}()
	})
}

// Wait waits a moment for the key ring, where it was asked.
func (p *Proof) Wait() {
	if p.asked == nil {
		return
	}
	timer := time.NewTimer(keyWithin)
	defer timer.Stop()
	select {
	case <-p.asked:
	case <-timer.C:
	}
}

// Take uses the key from now on, unless it is wiped.
func (p *Proof) Take(key secret.Secret) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wiped {
		key.Wipe()
		return
	}
	p.key = key
}

// Held is the key, or the zero value for as long as there is none.
func (p *Proof) Held() secret.Secret {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.key
}

// Prove is the code of a line, and the name of the key that made it; both are empty without a key.
func (p *Proof) Prove(line []byte) (key, mac string) { return Prove(p.Held(), line) }

// Wipe overwrites the key. None is taken afterwards.
func (p *Proof) Wipe() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wiped = true
	p.key.Wipe()
}
