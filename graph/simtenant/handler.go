package simtenant

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Handler answers everything: sign-in, Graph, the pages and Delegate365. It routes by path whatever the host, so that a
// client that is led here under Microsoft's own names is answered alike.
func (t *Tenant) Handler() http.Handler {
	inside := t.faults.Handler(faultSite{t}, http.HandlerFunc(t.route))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.mu.Lock()
		w.Header().Set("Date", t.instant().Format(http.TimeFormat))
		t.mu.Unlock()
		inside.ServeHTTP(w, r)
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

// versionForm is what stands first in a path to Graph, also where there is no such version.
var versionForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^(v\d+(\.\d+)?|beta)$`) })

// isGraph says whether a request goes to Graph: by its version, and at Graph's own names in any case.
func isGraph(r *http.Request) bool {
	return versionForm().MatchString(firstSegment(r.URL.Path)) || slices.Contains(graphHosts, hostName(r)) && !isUserInfo(r)
}

// hostName is the host that a request asked for, without its port.
func hostName(r *http.Request) string {
	return strings.ToLower((&url.URL{Host: r.Host}).Hostname())
}
