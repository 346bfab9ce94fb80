package state

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Instant is the tenant's time, in UTC.
func (base *Base) Instant() time.Time { return base.Now().UTC() }

// NewIDLocked makes a directory object id that this tenant has not used.
//
//go:noinline // every copy would be carried
func (base *Base) NewIDLocked() string {
	for {
		id := guid(base.Random)
		if !base.taken[id] {
			base.taken[id] = true
			return id
		}
	}
}

// guid formats 16 bytes from r as a version 4 UUID.
func guid(r *rand.Rand) string {
	return formatGUID(r.Uint64(), r.Uint64())
}

// NewTraceIDLocked makes an id for a request, a token or a log entry.
func (base *Base) NewTraceIDLocked() string { return guid(base.Noise) }

const opaqueLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// NewSecretLocked makes an opaque token of n characters.
func (base *Base) NewSecretLocked(n int) string { return opaque(base.Noise, n) }

// NewKeyLocked makes the id, of n characters, of a directory object that has no GUID: a grant, an assignment.
func (base *Base) NewKeyLocked(n int) string { return opaque(base.Random, n) }

func opaque(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = opaqueLetters[r.IntN(len(opaqueLetters))]
	}
	return string(b)
}

// formatGUID writes 16 bytes as a version 4 UUID.
func formatGUID(a, b uint64) string {
	a = a&^uint64(0xf000) | 0x4000
	b = b&^(uint64(3)<<62) | 1<<63
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}
