package fault

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Request is one request to Graph as it arrived.
type Request struct {
	Number int // from 1, in the order of arrival
	Method string
	Path   string // with the version, without the query
	Writes bool   // whether it asks for a change
	Fault  Kind   // what happened to it; empty when nothing did
}

// Can says whether a fault of this kind can happen to such a request, so that FaultAt would make a difference.
func (r Request) Can(k Kind) bool {
	can := requestFaults[k]
	return can != nil && can(r)
}

func (r Request) writes() bool { return r.Writes }

// answersWithBody: Graph answers PATCH and DELETE with 204 and nothing.
func (r Request) answersWithBody() bool {
	return r.Method == http.MethodGet || r.Method == http.MethodPost
}

func (r Request) conditionalAccess() bool {
	path := strings.ToLower(r.Path)
	return strings.Contains(path, "/identity/conditionalaccess/") || strings.Contains(path, "/policies/conditionalaccesspolicies")
}

func (r Request) readsLog() bool {
	return r.Method == http.MethodGet && strings.Contains(strings.ToLower(r.Path), "/auditlogs/")
}

// key tells requests for the same thing from others, whatever came between.
func (r Request) key() string { return r.Method + " " + strings.ToLower(r.Path) }

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
	sent, err := io.ReadAll(io.LimitReader(r.Body, odata.MaxBody))
	r.Body = io.NopCloser(bytes.NewReader(sent))
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(sent))
	raw, failure := odata.ReadBody(copied)
	if err != nil || failure != nil || json.Unmarshal(raw, &batch) != nil {
		return false
	}
	return slices.ContainsFunc(batch.Requests, func(i odata.BatchItem) bool { return i.Changes() })
}
