package simtenant

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// GraphRequest is one request to Graph as it arrived.
type GraphRequest struct {
	Number int // from 1, in the order of arrival
	Method string
	Path   string    // with the version, without the query
	Writes bool      // whether it asks for a change
	Fault  FaultKind // what happened to it; empty when nothing did
}

// Can says whether a fault of this kind can happen to such a request, so that FaultAt would make a difference.
func (r GraphRequest) Can(k FaultKind) bool {
	can := requestFaults[k]
	return can != nil && can(r)
}

func (r GraphRequest) writes() bool { return r.Writes }

// answersWithBody: Graph answers PATCH and DELETE with 204 and nothing.
func (r GraphRequest) answersWithBody() bool {
	return r.Method == http.MethodGet || r.Method == http.MethodPost
}

func (r GraphRequest) conditionalAccess() bool {
	path := strings.ToLower(r.Path)
	return strings.Contains(path, "/identity/conditionalaccess/") || strings.Contains(path, "/policies/conditionalaccesspolicies")
}

func (r GraphRequest) readsLog() bool {
	return r.Method == http.MethodGet && strings.Contains(strings.ToLower(r.Path), "/auditlogs/")
}

// key tells requests for the same thing from others, whatever came between.
func (r GraphRequest) key() string { return r.Method + " " + strings.ToLower(r.Path) }

// Requests are those that Graph has seen, in the order of their arrival. A batch is one.
func (t *Tenant) Requests() []GraphRequest {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.requests)
}

var (
	errNotOfRequests = errors.New("happens to sign-ins and not to a request to Graph")
	errPast          = errors.New("has arrived already")
)

// FaultAt makes one fault happen to the n-th request to Graph, counted from 1 in the order of arrival. A request that the
// fault can't happen to is spared: GraphRequest.Fault stays empty. The error says that the kind is not known or not one of
// requests, or that the request has arrived already.
func (t *Tenant) FaultAt(n int, k FaultKind) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case !slices.Contains(FaultKinds(), k):
		return fmt.Errorf("unknown fault %q: known are %s", k, joinFaults(FaultKinds()))
	case !k.OfRequests():
		return fmt.Errorf("fault %q %w", k, errNotOfRequests)
	case n <= len(t.requests):
		return fmt.Errorf("request %d %w", n, errPast)
	}
	if t.faultsAt == nil {
		t.faultsAt = map[int]FaultKind{}
	}
	t.faultsAt[n] = k
	return nil
}

// versionForm is what stands first in a path to Graph, also where there is no such version.
var versionForm = regexp.MustCompile(`(?i)^(v\d+(\.\d+)?|beta)$`)

// isGraph says whether a request goes to Graph: by its version, and at Graph's own names in any case.
func isGraph(r *http.Request) bool {
	return versionForm.MatchString(firstSegment(r.URL.Path)) || slices.Contains(graphHosts, hostName(r)) && !isUserInfo(r)
}

// hostName is the host that a request asked for, without its port.
func hostName(r *http.Request) string {
	return strings.ToLower((&url.URL{Host: r.Host}).Hostname())
}

// arrive counts a request to Graph and decides what happens to it.
func (t *Tenant) arrive(r *http.Request) (GraphRequest, FaultKind) {
	q := GraphRequest{Method: r.Method, Path: r.URL.Path, Writes: asksForChange(r)}
	t.mu.Lock()
	defer t.mu.Unlock()
	q.Number = len(t.requests) + 1
	t.requests = append(t.requests, q)
	k := t.faultsAt[q.Number]
	if k == "" {
		k = t.sky.fate(q)
	}
	if !q.Can(k) {
		return q, ""
	}
	return q, k
}

// hit notes what happened to a request.
func (t *Tenant) hit(q GraphRequest, k FaultKind) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests[q.Number-1].Fault = k
}

// asksForChange says whether a request wants something changed: a batch when one of its items does, and the what-if of
// Conditional Access never.
func asksForChange(r *http.Request) bool {
	path := strings.ToLower(r.URL.Path)
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead || strings.HasSuffix(path, "/conditionalaccess/evaluate"):
		return false
	case !strings.HasSuffix(path, "/$batch"):
		return true
	}
	var batch struct{ Requests []odata.BatchItem }
	sent, err := io.ReadAll(io.LimitReader(r.Body, maxGraphBody))
	r.Body = io.NopCloser(bytes.NewReader(sent))
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(sent))
	raw, failure := readGraphBody(copied)
	if err != nil || failure != nil || json.Unmarshal(raw, &batch) != nil {
		return false
	}
	return slices.ContainsFunc(batch.Requests, func(i odata.BatchItem) bool { return i.Changes() })
}
