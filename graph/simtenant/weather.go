package simtenant

import (
	"net/http"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/graphapi"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/replication"
)

// FaultKind is one thing that goes wrong on a bad day.
type FaultKind = fault.Kind

// Weather is what goes wrong, and the seed that says when.
type Weather = fault.Weather

// FaultKinds lists every kind, in the order of their declaration.
func FaultKinds() []FaultKind { return fault.Kinds() }

// ParseFaults reads names joined by commas, such as "429,lag", or "all". The seed decides which requests are hit; 0 is a
// fixed default. Empty text is fair weather. The error names the kind that is not known, and those that are.
func ParseFaults(text string, seed int64) (Weather, error) { return fault.Parse(text, seed) }

// settleIn lets the weather's lasting faults begin. It is called before anything is built.
func (t *Tenant) settleIn(w fault.Weather) {
	t.Faults = fault.New(w)
	t.State.Delays = func(flaps int) *[replication.Replicas]time.Duration { return delays(t.Faults.Weather(), flaps) }
	if w.Has(fault.Clock) {
		off, now := w.Skew(), t.State.Now
		t.State.Now = func() time.Time { return now().Add(off) }
	}
	t.State.Flapping = w.Has(fault.Lag)
	if w.Has(fault.AuditLate) {
		t.State.Log.AuditDelay = w.AuditDelay()
	}
	t.State.MFA.ServiceReplaces = w.Has(fault.MFAReset)
	t.Entra.SignIn.BlockDeviceCode = w.Has(fault.DeviceCode)
	if w.Has(fault.ConsentMissing) {
		t.Entra.Consents.RefreshesToConsentLoss = 1 + w.Dice("consent lost", 0).IntN(3)
	}
	if w.Has(fault.ConsentRefused) {
		t.Entra.Consents.ConsentRefusals = 1
	}
}

// faultSite is the tenant as faults find it.
type faultSite struct{ t *Tenant }

// IsGraph implements fault.Site.
func (faultSite) IsGraph(r *http.Request) bool { return isGraph(r) }

// Begin lets a lasting fault hold from now on.
func (s faultSite) Begin(k fault.Kind, r *http.Request) {
	t := s.t
	t.State.Lock()
	defer t.State.Unlock()
	switch k {
	case fault.Revoked:
		if who, failure := t.Graph.AuthenticateLocked(r); failure == nil {
			who.User.Sessions.Challenged = t.Entra.Tokens.TokensIssued
			who.User.Sessions.ChallengedAt = t.State.Instant()
		}
	case fault.Lag:
		t.State.Flapping = true
	case fault.AuditLate:
		t.State.Log.AuditDelay = t.Faults.Weather().AuditDelay()
	}
}

// Refuse implements fault.Site: it answers with an error without looking at the request any further.
func (s faultSite) Refuse(failure *odata.Error, w http.ResponseWriter, r *http.Request) {
	t := s.t
	t.State.Lock()
	defer t.State.Unlock()
	graphapi.WriteAnswer(w, t.Graph.EnvelopeLocked(r, nil, failure))
}

// delays are those of one flapping write: one replica has it at once, one within the time of the last, and the last
// after a quarter of a minute to a minute.
func delays(w fault.Weather, flaps int) *[replication.Replicas]time.Duration {
	dice := w.Dice("lag", flaps)
	last := fault.ShortestLag + time.Duration(dice.Int64N(int64(fault.LongestLag-fault.ShortestLag)+1))
	return &[replication.Replicas]time.Duration{0, time.Duration(dice.Int64N(int64(last))), last}
}
