package simtenant

import (
	"net/http"
	"strings"
)

// Handler answers everything: sign-in, Graph, the pages and Delegate365. It routes by path whatever the host, so that a
// client that is led here under Microsoft's own names is answered alike.
func (t *Tenant) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.mu.Lock()
		fault := t.fault
		t.mu.Unlock()
		if fault != nil {
			if f := fault(r); f != nil {
				serveFault(f, w, r, http.HandlerFunc(t.route))
				return
			}
		}
		t.route(w, r)
	})
}

func (t *Tenant) route(w http.ResponseWriter, r *http.Request) {
	version := strings.ToLower(firstSegment(r.URL.Path))
	switch {
	case version == "v1.0" || version == "beta":
		t.serveGraph(w, r)
	case t.serveSignInProtocol(w, r):
	default:
		t.pages().ServeHTTP(w, r)
	}
}
