package simtenant

import (
	"net/http"
	"regexp"
	"slices"
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/graphapi"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
)

// Handler answers everything: sign-in, Graph, the pages and Delegate365. It routes by path whatever the host, so that a
// client that is led here under Microsoft's own names is answered alike.
func (t *Tenant) Handler() http.Handler {
	inside := t.Faults.Handler(faultSite{t}, http.HandlerFunc(t.route))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.State.Lock()
		w.Header().Set("Date", t.State.Instant().Format(http.TimeFormat))
		t.State.Unlock()
		inside.ServeHTTP(w, r)
	})
}

func (t *Tenant) route(w http.ResponseWriter, r *http.Request) {
	switch {
	case isGraph(r):
		t.Graph.Serve(w, r)
	case graphapi.IsUserInfo(r):
		t.Graph.ServeUserInfo(w, r)
	case t.Entra.Serve(w, r):
	default:
		t.Web.ServeHTTP(w, r)
	}
}

// versionForm is what stands first in a path to Graph, also where there is no such version.
var versionForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^(v\d+(\.\d+)?|beta)$`) })

// isGraph says whether a request goes to Graph: by its version, and at Graph's own names in any case.
func isGraph(r *http.Request) bool {
	return versionForm().MatchString(request.FirstSegment(r.URL.Path)) || slices.Contains(entra.GraphHosts, request.HostName(r)) && !graphapi.IsUserInfo(r)
}
