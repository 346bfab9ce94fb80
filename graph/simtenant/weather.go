package simtenant

import (
	"net/http"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Fault is what happens to a request instead of, or after, its proper handling.
type Fault = fault.Fault

// FaultKind is one thing that goes wrong on a bad day.
type FaultKind = fault.Kind

// GraphRequest is one request to Graph as it arrived.
type GraphRequest = fault.Request

// Weather is what goes wrong, and the seed that says when.
type Weather = fault.Weather

// The kinds of faults that callers ask for by name.
const (
	FaultLag            = fault.Lag
	FaultRevoked        = fault.Revoked
	FaultDeviceCode     = fault.DeviceCode
	FaultConsentRefused = fault.ConsentRefused
)

// FaultKinds lists every kind, in the order of their declaration.
func FaultKinds() []FaultKind { return fault.Kinds() }

// ParseFaults reads names joined by commas, such as "429,lag", or "all". The seed decides which requests are hit; 0 is a
// fixed default. Empty text is fair weather. The error names the kind that is not known, and those that are.
func ParseFaults(text string, seed int64) (Weather, error) { return fault.Parse(text, seed) }

// Requests are those that Graph has seen, in the order of their arrival. A batch is one.
func (t *Tenant) Requests() []GraphRequest {
	return t.faults.Seen()
}

// FaultAt makes one fault happen to the n-th request to Graph, counted from 1 in the order of arrival. A request that the
// fault can't happen to is spared: GraphRequest.Fault stays empty. The error says that the kind is not known or not one of
// requests, or that the request has arrived already.
func (t *Tenant) FaultAt(n int, k FaultKind) error { return t.faults.At(n, k) }

// settleIn lets the weather's lasting faults begin. It is called before anything is built.
func (t *Tenant) settleIn(w fault.Weather) {
	t.faults = fault.New(w)
	if w.Has(fault.Clock) {
		off, now := w.Skew(), t.now
		t.now = func() time.Time { return now().Add(off) }
	}
	t.flapping = w.Has(fault.Lag)
	if w.Has(fault.AuditLate) {
		t.auditDelay = w.AuditDelay()
	}
	t.blockDeviceCode = w.Has(fault.DeviceCode)
	if w.Has(fault.ConsentMissing) {
		t.refreshesToConsentLoss = 1 + w.Dice("consent lost", 0).IntN(3)
	}
	if w.Has(fault.ConsentRefused) {
		t.consentRefusals = 1
	}
}

// faultSite is the tenant as faults find it.
type faultSite struct{ t *Tenant }

// IsGraph implements fault.Site.
func (faultSite) IsGraph(r *http.Request) bool { return isGraph(r) }

// Begin lets a lasting fault hold from now on.
func (s faultSite) Begin(k fault.Kind, r *http.Request) {
	t := s.t
	t.mu.Lock()
	defer t.mu.Unlock()
	switch k {
	case fault.Revoked:
		if who, failure := t.authenticateLocked(r); failure == nil {
			who.user.challenged = t.tokensIssued
			who.user.challengedAt = t.instant()
		}
	case fault.Lag:
		t.flapping = true
	case fault.AuditLate:
		t.auditDelay = t.faults.Weather().AuditDelay()
	}
}

// Refuse implements fault.Site: it answers with an error without looking at the request any further.
func (s faultSite) Refuse(failure *odata.Error, w http.ResponseWriter, r *http.Request) {
	t := s.t
	t.mu.Lock()
	defer t.mu.Unlock()
	writeGraphAnswer(w, t.envelopeLocked(r, nil, failure))
}
