package fault

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Rules of this file: bad weather is bounded, so that an onboarding can still come to its end. Of the requests for one
// thing, two are spared after each that is hit; a session is challenged twice at most, a consent taken back once and
// refused once. What happens to a request follows from the seed, from the request and from how often the same thing was
// asked for before, and so not from what other requests were under way.

// Weather is what goes wrong, and the seed that says when. The zero value is fair weather.
type Weather struct {
	Faults []Kind
	Seed   int64
}

// String lists the faults as ParseFaults reads them.
func (w Weather) String() string { return Join(w.Faults) }

// What bounds the weather.
const (
	oneIn         = 6 // of so many requests one is hit
	Spared        = 2
	mostRevoked   = 2
	LongestLag    = time.Minute
	ShortestLag   = 15 * time.Second
	ShortestAudit = 2 * time.Minute
	LongestAudit  = 6 * time.Minute
	SmallestSkew  = 2 * time.Minute
	LargestSkew   = 9 * time.Minute
)

// sky is the weather of one tenant as it goes on.
type sky struct {
	Weather
	asked   map[string]int // how often each thing was asked for
	rest    map[string]int // requests for it that are spared
	revoked int
}

// newSky is the sky of a weather that begins.
func newSky(w Weather) *sky {
	return &sky{Weather: w, asked: map[string]int{}, rest: map[string]int{}}
}

// Dice are those of one event, told by its name.
func (w Weather) Dice(event string, count int) *rand.Rand {
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
	return low + time.Duration(w.Dice(event, 0).Int64N(int64((high-low)/time.Second)+1))*time.Second
}

// Has says whether the weather brings faults of this kind.
func (w Weather) Has(k Kind) bool { return slices.Contains(w.Faults, k) }

// fate is what the weather does to a request: mostly nothing.
func (s *sky) fate(q Request) Kind {
	possible := slices.DeleteFunc(slices.Clone(s.Faults), func(k Kind) bool {
		return slices.Contains(ofTenant, k) || !q.Can(k) || k == Revoked && s.revoked >= mostRevoked
	})
	if k := s.draw(q.key(), possible); k != "" {
		if k == Revoked {
			s.revoked++
		}
		return k
	}
	return ""
}

// itemFaults are those that can happen to an item of a batch, whose answers share one message.
var itemFaults = []Kind{Throttled, ThrottledBare, Internal, BadGateway, Unavailable, Timeout}

// itemFate is what the weather does to one item of a batch.
func (s *sky) itemFate(q Request) Kind {
	return s.draw("batch "+q.key(), slices.DeleteFunc(slices.Clone(itemFaults), func(k Kind) bool { return !s.Has(k) || !q.Can(k) }))
}

func (s *sky) draw(key string, possible []Kind) Kind {
	s.asked[key]++
	if s.rest[key] > 0 {
		s.rest[key]--
		return ""
	}
	dice := s.Dice(key, s.asked[key])
	if len(possible) == 0 || dice.IntN(oneIn) != 0 {
		return ""
	}
	s.rest[key] = Spared
	return possible[dice.IntN(len(possible))]
}

// Skew is how far the tenant's clock is off, ahead or behind.
func (w Weather) Skew() time.Duration {
	off := w.between("skew", SmallestSkew, LargestSkew)
	if w.Dice("skew's side", 0).IntN(2) == 0 {
		return -off
	}
	return off
}

// AuditDelay is how long the logs keep a reader waiting.
func (w Weather) AuditDelay() time.Duration {
	return w.between("audit delay", ShortestAudit, LongestAudit)
}

// refusal is Graph's own envelope for a fault of its services (https://learn.microsoft.com/graph/errors,
// https://learn.microsoft.com/graph/throttling).
func (w Weather) refusal(key string, k Kind) *odata.Error {
	seconds := 2 + w.Dice("retry after "+key, 0).IntN(11)
	switch k {
	case Throttled:
		return odata.Throttled(seconds)
	case ThrottledBare:
		return odata.Throttled(0)
	case Internal:
		return odata.Refuse(http.StatusInternalServerError, "InternalServerError", "An internal server error occurred.")
	case BadGateway:
		return odata.Refuse(http.StatusBadGateway, "UnknownError", "")
	case Timeout:
		return odata.Refuse(http.StatusGatewayTimeout, "UnknownError", "The service did not answer in time.")
	}
	e := odata.Refuse(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is temporarily unavailable.")
	e.Header = http.Header{"Retry-After": {fmt.Sprint(seconds)}}
	return e
}
