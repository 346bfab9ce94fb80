package simtenant

import "net/http"

// Handler answers everything: sign-in, Graph, the pages and Delegate365. It routes by path whatever the host, so that a
// client that is led here under Microsoft's own names is answered alike.
func (t *Tenant) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.mu.Lock()
		fault := t.fault
		w.Header().Set("Date", t.instant().Format(http.TimeFormat))
		t.mu.Unlock()
		var request GraphRequest
		var kind FaultKind
		if isGraph(r) {
			request, kind = t.arrive(r)
		}
		if fault != nil {
			if f := fault(r); f != nil {
				serveFault(f, w, r, http.HandlerFunc(t.route))
				return
			}
		}
		if kind != "" {
			t.suffer(request, kind, w, r)
			return
		}
		t.route(w, r)
	})
}

func (t *Tenant) route(w http.ResponseWriter, r *http.Request) {
	switch {
	case isGraph(r):
		t.serveGraph(w, r)
	case t.serveSignInProtocol(w, r):
	default:
		t.pages().ServeHTTP(w, r)
	}
}
