package redact

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"
)

// ordinary is what this program calls itself: a password of such words can't be told from them.
const ordinary = "delegate365-onboard delegate365 onboarding microsoft 365"

const (
	mostSecrets = 64       // the newest that are watched
	longest     = 16 << 10 // bytes of a secret; a longer text is none
)

// live are the secrets of this process.
var live = newRegistry()

func newRegistry() *registry {
	return &registry{table: table{maphash.MakeSeed(), map[uint64][]part{}}}
}

type registry struct {
	mu      sync.RWMutex
	watched []*watched // the newest last
	table   table
}

// watched is one secret: what of it is looked for, and for how many of its holders.
type watched struct {
	id      uint64
	holders int
	parts   []part
}

// Watch looks for the secret from now on, until the returned function is called.
func Watch(secret string) (forget func()) { return live.watch(secret) }

func (r *registry) watch(secret string) func() {
	if !watchable(secret) {
		return func() {}
	}
	id := maphash.String(r.table.seed, secret)
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known(id)
	if w == nil {
		w = &watched{id: id}
		for form, width := range forms(secret) {
			w.parts = append(w.parts, partsOf(form, width, r.table.seed)...)
		}
		r.watched = append(r.watched, w)
		r.table.add(w.parts)
		if len(r.watched) > mostSecrets {
			r.drop(0)
		}
	}
	w.holders++
	return sync.OnceFunc(func() { r.forget(w) })
}

func (r *registry) known(id uint64) *watched {
	if i := slices.IndexFunc(r.watched, func(w *watched) bool { return w.id == id }); i >= 0 {
		return r.watched[i]
	}
	return nil
}

func (r *registry) forget(w *watched) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w.holders--; w.holders > 0 {
		return
	}
	if i := slices.Index(r.watched, w); i >= 0 {
		r.drop(i)
	}
}

func (r *registry) drop(i int) {
	r.table.remove(r.watched[i].parts)
	r.watched = slices.Delete(r.watched, i, i+1)
}

func watchable(secret string) bool {
	return len(secret) >= least && len(secret) <= longest && !strings.Contains(secret, "\n") &&
		!strings.Contains(ordinary, strings.ToLower(secret))
}

// text is s without the secrets in it.
func (r *registry) text(s string) (safe string, found bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.watched) == 0 || !r.table.holds(s) {
		return s, false
	}
	return r.table.redact(s), true
}

func (r *registry) holds(s string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.watched) > 0 && r.table.holds(s)
}
