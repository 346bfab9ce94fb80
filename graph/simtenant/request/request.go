// Package request is what a request says of the place it was sent to.
package request

import (
	"net/http"
	"net/url"
	"strings"
)

// HostName is the host that a request asked for, without its port.
func HostName(r *http.Request) string {
	return strings.ToLower((&url.URL{Host: r.Host}).Hostname())
}

// FirstSegment is what stands before the second slash of a path.
func FirstSegment(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// BaseURL is the scheme and host that the client used, on which every address in an answer is built.
func BaseURL(r *http.Request) string {
	scheme := "http"
	if IsSecure(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// IsSecure says whether a request came by TLS.
func IsSecure(r *http.Request) bool { return r.TLS != nil || r.URL.Scheme == "https" }
