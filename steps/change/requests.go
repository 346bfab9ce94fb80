package change

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// Requests are the newest requests that a client made, for the details screen and for the ids of answers. The zero value holds
// none. Its methods may be called from any goroutine.
type Requests struct {
	mu   sync.Mutex
	kept []graph.Exchange // oldest first
}

// mostRequests is how many are kept.
const mostRequests = 200

// Keep keeps a request, without its bodies: the log has them.
func (r *Requests) Keep(x graph.Exchange) {
	x.Request, x.Response = "", ""
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = append(r.kept, x)
	if len(r.kept) > mostRequests {
		r.kept = slices.Delete(r.kept, 0, len(r.kept)-mostRequests)
	}
}

// All are the newest requests, oldest first: at most 200.
func (r *Requests) All() []graph.Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.kept)
}

// writeIDs are the request id of the answer to the write that began then, empty when none came, and the id that it was sent with.
func (r *Requests) writeIDs(begin time.Time) (answer, sent string) {
	for _, x := range slices.Backward(r.All()) {
		if x.At.Before(begin) {
			break
		}
		if x.Method != http.MethodGet && !strings.Contains(x.Path, "/oauth2/") && !strings.HasSuffix(x.Path, "/evaluate") {
			return x.RequestID, x.ClientRequestID
		}
	}
	return "", ""
}

// Clock holds this computer's clock against Microsoft's, by the Date of the answers that were kept: how far it is ahead, and of how
// many answers that is the median. The header has whole seconds, of which the middle is taken.
func (r *Requests) Clock() (ahead time.Duration, samples int) {
	var all []time.Duration
	for _, x := range r.All() {
		if !x.Date.IsZero() {
			all = append(all, x.At.Add(x.Took).Sub(x.Date.Add(time.Second/2)))
		}
	}
	if len(all) == 0 {
		return 0, 0
	}
	slices.Sort(all)
	return all[len(all)/2].Round(time.Second), len(all)
}

// Now is the time by Microsoft's clock, as far as answers tell it: this computer's may be wrong. A difference that answers may take
// themselves counts as none.
func (r *Requests) Now() time.Time {
	now := time.Now()
	if ahead, _ := r.Clock(); ahead.Abs() > time.Minute {
		return now.Add(-ahead)
	}
	return now
}
