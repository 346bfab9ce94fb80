package redact

import (
	"hash/maphash"
	"slices"
)

// least is the shortest secret, and how many bytes of a text say whether a part of one may begin there.
const least = 8

// How long the parts are that are looked for, in characters. Of a secret shorter than whole that is all of it; of a longer one
// half, but no fewer than fewest; of one from long on, parts near its ends, so close to each other that any run of most has
// one in it.
const (
	whole  = 20
	fewest = 12
	long   = 64
	most   = 36
	ends   = 128
)

// part is a run of a secret's form: the hashes of its first bytes and of all of it.
type part struct {
	first, all uint64
	length     int
}

// partsOf are those of one form, of which every width bytes are a character of the secret.
func partsOf(form string, width int, seed maphash.Seed) (all []part) {
	n := len(form) / width
	add := func(from, length int) {
		text := form[from*width : (from+length)*width]
		all = append(all, part{maphash.String(seed, text[:least]), maphash.String(seed, text), len(text)})
	}
	switch {
	case n < whole:
		add(0, n)
	case n < long:
		length := max(fewest, n/2)
		for from := 0; from+length <= n; from++ {
			add(from, length)
		}
	default:
		const length = most * 2 / 3
		for from := 0; from+length <= n; from += most - length {
			if from+length <= ends || from >= n-ends {
				add(from, length)
			}
		}
	}
	return all
}

// table is everything that is looked for, by the hash of its first bytes.
type table struct {
	seed  maphash.Seed
	parts map[uint64][]part
}

func (t *table) add(parts []part) {
	for i, p := range parts {
		if known, ok := t.parts[p.first]; ok {
			t.parts[p.first] = append(known, p)
		} else {
			t.parts[p.first] = parts[i : i+1 : i+1]
		}
	}
}

// remove takes away each part as often as it was added.
func (t *table) remove(parts []part) {
	for _, p := range parts {
		known := t.parts[p.first]
		if len(known) == 1 {
			delete(t.parts, p.first)
		} else if i := slices.Index(known, p); i >= 0 {
			t.parts[p.first] = slices.Delete(known, i, i+1)
		}
	}
}

// span is a part of a text, from the first byte to behind the last.
type span struct{ from, to int }

// scan calls found for every part of s that is part of a secret, until it returns false.
func (t *table) scan(s string, found func(span) bool) {
	for i := 0; i+least <= len(s); i++ {
		for _, p := range t.parts[maphash.String(t.seed, s[i:i+least])] {
			if to := i + p.length; to <= len(s) && maphash.String(t.seed, s[i:to]) == p.all && !found(span{i, to}) {
				return
			}
		}
	}
}
