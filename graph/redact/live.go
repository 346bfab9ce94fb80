package redact

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// ordinary is what this program calls itself: a password of such words can't be told from them.
const ordinary = "delegate365-onboard delegate365 onboarding microsoft 365"

const (
	mostSecrets = 64       // the newest that are watched
	longest     = 16 << 10 // bytes of a secret; a longer text is none
)

// live are the secrets of this process.
var live = &registry{seed: maphash.MakeSeed()}

type registry struct {
	seed    maphash.Seed
	mu      sync.Mutex
	watched []*watched // the newest last
	current atomic.Pointer[table]
	stale   atomic.Bool
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
	id := maphash.String(r.seed, secret)
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known(id)
	if w == nil {
		w = &watched{id: id}
		for form, width := range forms(secret) {
			w.parts = append(w.parts, partsOf(form, width, r.seed)...)
		}
		r.watched = append(r.watched, w)
		if n := len(r.watched); n > mostSecrets {
			r.watched = slices.Delete(r.watched, 0, n-mostSecrets)
		}
		r.stale.Store(true)
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
	r.watched = slices.DeleteFunc(r.watched, func(o *watched) bool { return o == w })
	r.stale.Store(true)
}

func watchable(secret string) bool {
	return len(secret) >= least && len(secret) <= longest && !strings.Contains(secret, "\n") &&
		!strings.Contains(ordinary, strings.ToLower(secret))
}

// table is what to look for now; nil when there is nothing.
func (r *registry) table() *table {
	if !r.stale.Load() {
		return r.current.Load()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stale.Load() {
		r.current.Store(newTable(r.watched, r.seed))
		r.stale.Store(false) // not before: nobody may go on with the table before
	}
	return r.current.Load()
}
