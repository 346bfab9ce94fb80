package redact

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// A text is looked at in every fifth place only. Four bytes there are enough to say, by one bit, that no part of a secret
// is here; where the bit is set, hashes decide. So nearly all of a frame costs a multiplication and a load for five bytes.
const (
	least  = 8 // the shortest secret: the shortest text in which every fifth place has four bytes
	stride = 5
	gram   = 4  // bytes
	bits   = 18 // of the filter, 32 KB: it stays in the processor's first cache
	shift  = 32 - bits
	sorted = 12
	factor = 0x9E3779B1 // odd, so that four bytes and their product tell the same (Knuth, multiplicative hashing)
)

// mark is a part of a secret's form: what its hash is, and where in it the four bytes are that lead to it.
type mark struct {
	key    uint32
	back   uint16
	length uint16
	hash   uint64
}

// Of a form of medium length any run of half of it is found; of a long one, runs near its ends.
const (
	wholeBelow = 20
	longFrom   = 64
	ends       = 128
	longPart   = 16
	longStride = 4 // has no factor in common with stride, so that both meet within their product
)

// appendMarks adds the marks of one form.
func appendMarks(marks []mark, form string, seed maphash.Seed) []mark {
	add := func(start, back, length int) {
		part := form[start : start+length]
		marks = append(marks, mark{keyAt(bytesOf(part), back), uint16(back), uint16(length), maphash.String(seed, part)})
	}
	n := len(form)
	switch {
	case n < wholeBelow:
		for back := range stride {
			add(0, back, n)
		}
	case n < longFrom:
		part := max(12, n/2) - stride + 1
		for start := 0; start+part <= n; start++ {
			add(start, 0, part)
		}
	default:
		for start := 0; start+longPart <= n; start += longStride {
			if start+longPart <= ends || start >= n-ends {
				add(start, 0, longPart)
			}
		}
	}
	return marks
}

func keyAt(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[i:]) * factor }

// table is everything that is looked for. It is never changed.
type table struct {
	seed   maphash.Seed
	filter [1 << bits / 64]uint64
	first  [1<<sorted + 1]uint32 // by the upper bits of a key, where its marks begin
	marks  []mark                // by key
}

func newTable(secrets []*watched, seed maphash.Seed) *table {
	if len(secrets) == 0 {
		return nil
	}
	t := &table{seed: seed}
	for _, s := range secrets {
		t.marks = append(t.marks, s.marks...)
	}
	slices.SortFunc(t.marks, func(a, b mark) int { return cmp.Compare(a.key, b.key) })
	for _, m := range t.marks {
		at := m.key >> shift
		t.filter[at/64] |= 1 << (at % 64)
		t.first[bucket(m.key)+1]++
	}
	for i := 1; i < len(t.first); i++ {
		t.first[i] += t.first[i-1]
	}
	return t
}

func bucket(key uint32) uint32 { return key >> (32 - sorted) }

// span is a part of a text, from the first byte to behind the last.
type span struct{ from, to int }

// scan calls found for every part of b that is part of a secret, until it returns false.
func (t *table) scan(b []byte, found func(span) bool) {
	for i := 0; i+gram <= len(b); i += stride {
		key := keyAt(b, i)
		if at := key >> shift; t.filter[at/64]&(1<<(at%64)) == 0 {
			continue
		}
		if s, ok := t.at(b, i, key); ok && !found(s) {
			return
		}
	}
}

// at is the longest part of a secret that leads here by the four bytes at i.
func (t *table) at(b []byte, i int, key uint32) (best span, ok bool) {
	for _, m := range t.marks[t.first[bucket(key)]:t.first[bucket(key)+1]] {
		from := i - int(m.back)
		to := from + int(m.length)
		if m.key != key || from < 0 || to > len(b) || maphash.Bytes(t.seed, b[from:to]) != m.hash {
			continue
		}
		if !ok || to-from > best.to-best.from {
			best, ok = span{from, to}, true
		}
	}
	return best, ok
}
