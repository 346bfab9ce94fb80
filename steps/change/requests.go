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

// writeID is the request id of the answer to the write that began then; empty when none came.
func (r *Requests) writeID(begin time.Time) string {
	for _, x := range slices.Backward(r.All()) {
		if x.At.Before(begin) {
			break
		}
		if x.Method != http.MethodGet && !strings.Contains(x.Path, "/oauth2/") && !strings.HasSuffix(x.Path, "/evaluate") {
			return x.RequestID
		}
	}
	return ""
}
