package steps

import (
	"strconv"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
)

// What the journal says is this program's own where its line carries a code by the key of the user's key ring. The key ring
// is asked beside the sign-in and waited for no longer than a moment; without its answer no line is proven, and what only the
// journal says is asked. Nothing that puts MFA back waits for it.

// keyWithin is how long the key ring is waited for, once the sign-in is over.
const keyWithin = time.Second

// proof is the key of a run.
type proof struct {
	begin sync.Once
	asked chan struct{} // closed when the key ring has answered

	mu    sync.Mutex
	key   graph.Secret
	wiped bool
}

// askKeyRing begins to ask for the key, once.
func (r *Run) askKeyRing() {
	if r.opts.KeyRing == nil || r.opts.Journal == "" {
		return
	}
	p := &r.proof
	p.begin.Do(func() {
		p.asked = make(chan struct{})
		go func() {
			defer close(p.asked)
			key, err := calmly(func() (graph.Secret, error) { return keyring.Key(r.opts.KeyRing, r.opts.Journal) })
			if err != nil {
				r.log.Info("the journal's lines are not proven", "error", err)
				return
			}
			p.take(key)
		}()
	})
}

// wait waits a moment for the key ring, where it was asked.
func (p *proof) wait() {
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

func (p *proof) take(key graph.Secret) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wiped {
		key.Wipe()
		return
	}
	p.key = key
}

// held is the key, or the zero value for as long as there is none.
func (p *proof) held() graph.Secret {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.key
}

func (p *proof) prove(line []byte) (key, mac string) { return keyring.Prove(p.held(), line) }

func (p *proof) wipe() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wiped = true
	p.key.Wipe()
}

// readProven reads the journal, and remembers where somebody changed it.
func (r *Run) readProven(tenant string) (journal.Log, error) {
	l, err := journal.ReadProven(r.opts.Journal, tenant, r.proof.prove)
	if l.Altered != 0 {
		r.log.Error("somebody changed the journal", "line", l.Altered)
		r.set(func(m *memory) { m.altered = l.Altered })
	}
	return l, err
}

// aboutJournal is what has to be said loudly of the journal; empty where it is as it should be.
func (m memory) aboutJournal() string {
	switch {
	case m.noJournal != nil:
		return withoutJournal(m.noJournal)
	case m.altered != 0:
		return "Somebody changed the journal on this computer: line " + strconv.Itoa(m.altered) + " is missing or not as this program wrote it. Nothing is believed because the journal says it. Once you know why, move the file out of the way and keep it."
	}
	return ""
}
