package simtenant

import (
	"fmt"
	"slices"
	"strings"
)

// FaultKind is one thing that goes wrong on a bad day, by the name that `demo --fault` takes.
type FaultKind string

// The kinds of faults. The first group happens to one request to Graph, the second to the tenant as a whole, the third to
// sign-ins.
const (
	FaultThrottled     FaultKind = "429"      // with Retry-After; never from Conditional Access, which sends none
	FaultThrottledBare FaultKind = "429-bare" // without Retry-After
	FaultInternal      FaultKind = "500"
	FaultBadGateway    FaultKind = "502"
	FaultUnavailable   FaultKind = "503"         // with Retry-After
	FaultTimeout       FaultKind = "504-applied" // the write was carried out all the same
	FaultDropped       FaultKind = "dropped"     // the connection breaks before the request is carried out
	FaultDroppedAfter  FaultKind = "dropped-applied"
	FaultHTML          FaultKind = "html"      // a proxy's error page
	FaultTruncated     FaultKind = "truncated" // half of the JSON, with a good status
	FaultRevoked       FaultKind = "revoked"   // every access token of the account, answered with a claims challenge

	FaultLag       FaultKind = "lag"        // up to a minute, and reads that show old, new and old again
	FaultClock     FaultKind = "clock-skew" // the tenant's clock is off by minutes
	FaultAuditLate FaultKind = "audit-late" // the audit and sign-in logs follow after minutes

	FaultDeviceCode     FaultKind = "device-code-blocked" // AADSTS53003
	FaultConsentMissing FaultKind = "consent-missing"     // a consent is taken back in mid-run: AADSTS65001
	FaultConsentRefused FaultKind = "consent-refused"     // the first consent is refused: AADSTS90094
)

// allFaults is what stands for every kind in ParseFaults.
const allFaults = "all"

// requestFaults are those that happen to a request, with the requests they can happen to.
var requestFaults = map[FaultKind]func(GraphRequest) bool{
	FaultThrottled:     func(r GraphRequest) bool { return !r.conditionalAccess() },
	FaultThrottledBare: anyRequest,
	FaultInternal:      anyRequest,
	FaultBadGateway:    anyRequest,
	FaultUnavailable:   anyRequest,
	FaultTimeout:       GraphRequest.writes,
	FaultDropped:       anyRequest,
	FaultDroppedAfter:  GraphRequest.writes,
	FaultHTML:          anyRequest,
	FaultTruncated:     GraphRequest.answersWithBody,
	FaultRevoked:       anyRequest,
	FaultLag:           GraphRequest.writes,
	FaultClock:         anyRequest,
	FaultAuditLate:     GraphRequest.readsLog,
}

func anyRequest(GraphRequest) bool { return true }

// tenantFaults are those of the tenant as a whole, which hold from its start when they are in the weather.
var tenantFaults = []FaultKind{FaultLag, FaultClock, FaultAuditLate, FaultDeviceCode, FaultConsentMissing, FaultConsentRefused}

// FaultKinds lists every kind, in the order of their declaration.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultThrottled, FaultThrottledBare, FaultInternal, FaultBadGateway, FaultUnavailable, FaultTimeout, FaultDropped, FaultDroppedAfter,
		FaultHTML, FaultTruncated, FaultRevoked, FaultLag, FaultClock, FaultAuditLate, FaultDeviceCode, FaultConsentMissing, FaultConsentRefused,
	}
}

// OfRequests says whether FaultAt takes the kind: whether it can happen to a single request to Graph.
func (k FaultKind) OfRequests() bool { return requestFaults[k] != nil }

// ParseFaults reads names joined by commas, such as "429,lag", or "all". The seed decides which requests are hit; 0 is a
// fixed default. Empty text is fair weather. The error names the kind that is not known, and those that are.
func ParseFaults(text string, seed int64) (Weather, error) {
	w := Weather{Seed: seed}
	if strings.TrimSpace(text) == "" {
		return w, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		name := FaultKind(strings.ToLower(strings.TrimSpace(part)))
		switch {
		case name == allFaults:
			w.Faults = FaultKinds()
		case !slices.Contains(FaultKinds(), name):
			return Weather{}, fmt.Errorf("unknown fault %q: known are %s and %s", strings.TrimSpace(part), joinFaults(FaultKinds()), allFaults)
		case !slices.Contains(w.Faults, name):
			w.Faults = append(w.Faults, name)
		}
	}
	return w, nil
}

func joinFaults(kinds []FaultKind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
