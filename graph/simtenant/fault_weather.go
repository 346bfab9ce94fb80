package simtenant

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

// Rules of this file: bad weather is bounded, so that an onboarding can still come to its end. Of the requests for one
// thing, two are spared after each that is hit; a session is challenged twice at most, a consent taken back once and
// refused once. What happens to a request follows from the seed, from the request and from how often the same thing was
// asked for before, and so not from what other requests were under way.

// Weather is what goes wrong, and the seed that says when. The zero value is fair weather.
type Weather struct {
	Faults []FaultKind
	Seed   int64
}

// String lists the faults as ParseFaults reads them.
func (w Weather) String() string { return joinFaults(w.Faults) }

const (
	oneIn         = 6 // of so many requests one is hit
	spared        = 2
	mostRevoked   = 2
	longestLag    = time.Minute
	shortestLag   = 15 * time.Second
	shortestAudit = 2 * time.Minute
	longestAudit  = 6 * time.Minute
	smallestSkew  = 2 * time.Minute
	largestSkew   = 9 * time.Minute
)

// sky is the weather of one tenant as it goes on.
type sky struct {
	Weather
	asked   map[string]int // how often each thing was asked for
	rest    map[string]int // requests for it that are spared
	revoked int
}

func newSky(w Weather) *sky {
	return &sky{Weather: w, asked: map[string]int{}, rest: map[string]int{}}
}

// dice are those of one event, told by its name.
func (w Weather) dice(event string, count int) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(event))
	seed := uint64(w.Seed)
	if seed == 0 {
		seed = 365
	}
	return rand.New(rand.NewPCG(seed, h.Sum64()+uint64(count)))
}

// between is a duration of whole seconds from low to high.
func (w Weather) between(event string, low, high time.Duration) time.Duration {
	return low + time.Duration(w.dice(event, 0).Int64N(int64((high-low)/time.Second)+1))*time.Second
}

// has says whether the weather brings faults of this kind.
func (w Weather) has(k FaultKind) bool { return slices.Contains(w.Faults, k) }

// fate is what the weather does to a request: mostly nothing.
func (s *sky) fate(q GraphRequest) FaultKind {
	possible := slices.DeleteFunc(slices.Clone(s.Faults), func(k FaultKind) bool {
		return slices.Contains(tenantFaults, k) || !q.Can(k) || k == FaultRevoked && s.revoked >= mostRevoked
	})
	if k := s.draw(q.key(), possible); k != "" {
		if k == FaultRevoked {
			s.revoked++
		}
		return k
	}
	return ""
}

// itemFaults are those that can happen to an item of a batch, whose answers share one message.
var itemFaults = []FaultKind{FaultThrottled, FaultThrottledBare, FaultInternal, FaultBadGateway, FaultUnavailable, FaultTimeout}

// itemFate is what the weather does to one item of a batch.
func (s *sky) itemFate(q GraphRequest) FaultKind {
	return s.draw("batch "+q.key(), slices.DeleteFunc(slices.Clone(itemFaults), func(k FaultKind) bool { return !s.has(k) || !q.Can(k) }))
}

func (s *sky) draw(key string, possible []FaultKind) FaultKind {
	s.asked[key]++
	if s.rest[key] > 0 {
		s.rest[key]--
		return ""
	}
	dice := s.dice(key, s.asked[key])
	if len(possible) == 0 || dice.IntN(oneIn) != 0 {
		return ""
	}
	s.rest[key] = spared
	return possible[dice.IntN(len(possible))]
}

// settleIn lets the weather's lasting faults begin. It is called before anything is built.
func (t *Tenant) settleIn(w Weather) {
	t.sky = newSky(w)
	if w.has(FaultClock) {
		off, now := w.skew(), t.now
		t.now = func() time.Time { return now().Add(off) }
	}
	t.flapping = w.has(FaultLag)
	if w.has(FaultAuditLate) {
		t.auditDelay = w.auditDelay()
	}
	t.blockDeviceCode = w.has(FaultDeviceCode)
	if w.has(FaultConsentMissing) {
		t.refreshesToConsentLoss = 1 + w.dice("consent lost", 0).IntN(3)
	}
	if w.has(FaultConsentRefused) {
		t.consentRefusals = 1
	}
}

// skew is how far the tenant's clock is off, ahead or behind.
func (w Weather) skew() time.Duration {
	off := w.between("skew", smallestSkew, largestSkew)
	if w.dice("skew's side", 0).IntN(2) == 0 {
		return -off
	}
	return off
}

func (w Weather) auditDelay() time.Duration {
	return w.between("audit delay", shortestAudit, longestAudit)
}
