package redact

import (
	"hash/maphash"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// said is what screens, journal and report say, whatever the tenant: words, however they are joined, times and ids. A password of
// them can't be told from them.
var said = regexp.MustCompile(
	`^(?:\p{Lu}\p{Ll}+|\p{Ll}{2,}|\p{Lu}{2,}|\b\p{L}\b|(?i:delegate365)|\b365\b|/\d|[][ ._/':,;(){}"<>#-]+)+$|^[\dTZ+ ]*[.:-][\dTZ.:+ -]*$|` +
		`^(?:\p{L}+_)?[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){1,3}(?:-[\dA-Fa-f]{0,12})?$`)

const (
	mostPassed = 64       // the newest of those that nobody holds
	mostOwn    = 1 << 10  // names that are kept
	longest    = 16 << 10 // bytes of a secret; a longer text is none
)

// live are the secrets of this process.
var live = newRegistry()

func newRegistry() *registry {
	return &registry{table: table{maphash.MakeSeed(), map[uint64][]part{}}, own: map[string]bool{}}
}

type registry struct {
	mu      sync.RWMutex
	watched []*watched // the newest last
	table   table
	own     map[string]bool // names that have to be said
}

// watched is one secret: what of it is looked for, and for how many of its holders.
type watched struct {
	id      uint64
	holders int
	passed  bool // it is looked for without a holder, too
	parts   []part
}

// Watch looks for the secret from now on, until the returned function is called.
func Watch(secret string) (forget func()) {
	w := live.watch(secret, true)
	if w == nil {
		return func() {}
	}
	return sync.OnceFunc(func() { live.forget(w) })
}

// Passed looks for a secret that passes and that nobody here holds, as a token does: until many others have passed. What somebody holds is
// never forgotten for them.
func Passed(secret string) { live.watch(secret, false) }

// Own are names that the program has to say, now and later. What would hide one of them is no secret, and not looked for any
// more.
func Own(names ...string) { live.learn(names) }

func (r *registry) learn(names []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, name := range names {
		if len(name) < least || r.own[name] {
			continue
		}
		if len(r.own) == mostOwn {
			clear(r.own) // whoever still has to say them names them again
		}
		r.own[name] = true
		for i := len(r.watched) - 1; i >= 0 && r.table.holds(name); i-- {
			if r.tableOf(r.watched[i].parts).holds(name) {
				r.drop(i)
			}
		}
	}
}

// Ordinary reports a text that is not looked for because the program itself has to say it, or what is in it: no password that
// is offered can be that.
func Ordinary(text string) bool {
	live.mu.RLock()
	defer live.mu.RUnlock()
	text = core(text)
	return len(text) >= least && len(text) <= longest && live.ordinary(text, live.partsOf(text))
}

func (r *registry) ordinary(secret string, parts []part) bool {
	if said.MatchString(secret) && !letters.MatchString(secret) { // an app password is letters alone
		return true
	}
	hides := r.tableOf(parts)
	for name := range r.own {
		if hides.holds(name) {
			return true
		}
	}
	return false
}

//go:noinline // every copy would be carried
func (r *registry) tableOf(parts []part) *table {
	t := &table{r.table.seed, map[uint64][]part{}}
	t.add(parts)
	return t
}

//go:noinline // every copy would be carried
func (r *registry) partsOf(secret string) (parts []part) {
	for form, width := range forms(secret) {
		parts = append(parts, partsOf(form, width, r.table.seed)...)
	}
	return parts
}

// core is a text without the signs around it that may stand around a name in a sentence too.
func core(text string) string {
	if inside := strings.Trim(text, ` .,;:()"'`); len(inside) >= least {
		return inside
	}
	return text
}

// watch is nil of what is no secret.
func (r *registry) watch(secret string, held bool) *watched {
	secret = core(secret)
	if len(secret) < least || len(secret) > longest || strings.Contains(secret, "\n") {
		return nil
	}
	id := maphash.String(r.table.seed, secret)
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known(id)
	if w == nil {
		w = &watched{id: id, parts: r.partsOf(secret)}
		if r.ordinary(secret, w.parts) {
			return nil
		}
		r.watched = append(r.watched, w)
		r.table.add(w.parts)
	}
	if held {
		w.holders++
		return w
	}
	w.passed = true
	r.dropOldest()
	return w
}

// dropOldest drops the oldest of too many that nobody holds.
func (r *registry) dropOldest() {
	oldest, n := -1, 0
	for i, w := range r.watched {
		if w.holders == 0 {
			if n++; oldest < 0 {
				oldest = i
			}
		}
	}
	if n > mostPassed {
		r.drop(oldest)
	}
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
	if w.holders--; w.holders > 0 || w.passed {
		return
	}
	if i := slices.Index(r.watched, w); i >= 0 {
		r.drop(i)
	}
}

//go:noinline // every copy would be carried
func (r *registry) drop(i int) {
	r.table.remove(r.watched[i].parts)
	r.watched = slices.Delete(r.watched, i, i+1)
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
