package fault

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is one thing that goes wrong on a bad day, by the name that `demo --fault` takes.
type Kind string

// The kinds of faults. The first group happens to one request to Graph, the second to the tenant as a whole, the third to
// sign-ins.
const (
	Throttled     Kind = "429"      // with Retry-After; never from Conditional Access, which sends none
	ThrottledBare Kind = "429-bare" // without Retry-After
	Internal      Kind = "500"
	BadGateway    Kind = "502"
	Unavailable   Kind = "503"         // with Retry-After
	Timeout       Kind = "504-applied" // the write was carried out all the same
	Dropped       Kind = "dropped"     // the connection breaks before the request is carried out
	DroppedAfter  Kind = "dropped-applied"
	HTML          Kind = "html"      // a proxy's error page
	Truncated     Kind = "truncated" // half of the JSON, with a good status
	Revoked       Kind = "revoked"   // every access token of the account, answered with a claims challenge

	Lag       Kind = "lag"        // up to a minute, and reads that show old, new and old again
	Clock     Kind = "clock-skew" // the tenant's clock is off by minutes
	AuditLate Kind = "audit-late" // the audit and sign-in logs follow after minutes
	MFAReset  Kind = "mfa-reset"  // changing one of the MFA service settings resets the others

	DeviceCode     Kind = "device-code-blocked" // AADSTS53003
	ConsentMissing Kind = "consent-missing"     // a consent is taken back in mid-run: AADSTS65001
	ConsentRefused Kind = "consent-refused"     // the first consent is refused: AADSTS90094
)

// allFaults is what stands for every kind in ParseFaults.
const allFaults = "all"

// requestFaults are those that happen to a request, with the requests they can happen to.
var requestFaults = map[Kind]func(Request) bool{
	Throttled:     func(r Request) bool { return !r.conditionalAccess() },
	ThrottledBare: anyRequest,
	Internal:      anyRequest,
	BadGateway:    anyRequest,
	Unavailable:   anyRequest,
	Timeout:       Request.writes,
	Dropped:       anyRequest,
	DroppedAfter:  Request.writes,
	HTML:          anyRequest,
	Truncated:     Request.answersWithBody,
	Revoked:       anyRequest,
	Lag:           Request.writes,
	Clock:         anyRequest,
	AuditLate:     Request.readsLog,
}

func anyRequest(Request) bool { return true }

// ofTenant are those of the tenant as a whole, which hold from its start when they are in the weather.
var ofTenant = []Kind{Lag, Clock, AuditLate, MFAReset, DeviceCode, ConsentMissing, ConsentRefused}

// Kinds lists every kind, in the order of their declaration.
func Kinds() []Kind {
	return []Kind{
		Throttled, ThrottledBare, Internal, BadGateway, Unavailable, Timeout, Dropped, DroppedAfter,
		HTML, Truncated, Revoked, Lag, Clock, AuditLate, MFAReset, DeviceCode, ConsentMissing, ConsentRefused,
	}
}

// OfRequests says whether FaultAt takes the kind: whether it can happen to a single request to Graph.
func (k Kind) OfRequests() bool { return requestFaults[k] != nil }

// Parse reads names joined by commas, such as "429,lag", or "all". The seed decides which requests are hit; 0 is a
// fixed default. Empty text is fair weather. The error names the kind that is not known, and those that are.
func Parse(text string, seed int64) (Weather, error) {
	w := Weather{Seed: seed}
	if strings.TrimSpace(text) == "" {
		return w, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		name := Kind(strings.ToLower(strings.TrimSpace(part)))
		switch {
		case name == allFaults:
			w.Faults = Kinds()
		case !slices.Contains(Kinds(), name):
			return Weather{}, fmt.Errorf("unknown fault %q: known are %s and %s", strings.TrimSpace(part), Join(Kinds()), allFaults)
		case !slices.Contains(w.Faults, name):
			w.Faults = append(w.Faults, name)
		}
	}
	return w, nil
}

// Join lists kinds as they are written.
func Join(kinds []Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
