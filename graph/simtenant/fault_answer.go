package simtenant

import (
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// suffer plays a fault out on a request to Graph, and carries the request out where the fault lets it.
func (t *Tenant) suffer(q GraphRequest, k FaultKind, w http.ResponseWriter, r *http.Request) {
	if k != FaultTruncated {
		t.hit(q, k)
	}
	switch k {
	case FaultDropped:
		panic(http.ErrAbortHandler)
	case FaultDroppedAfter:
		t.route(discard{http.Header{}}, r)
		panic(http.ErrAbortHandler)
	case FaultTruncated:
		t.serveTruncated(q, w, r)
	case FaultClock:
		t.serveAtAnotherTime(w, r)
	case FaultHTML:
		serveProxyPage(w, r)
	case FaultRevoked, FaultLag, FaultAuditLate:
		t.begin(k, r)
		t.route(w, r)
	default:
		if k == FaultTimeout {
			t.route(discard{http.Header{}}, r)
		}
		t.serveRefusal(t.weather().refusal(q.key(), k), w, r)
	}
}

// weather is that of the moment.
func (t *Tenant) weather() Weather {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sky.Weather
}

// begin lets a fault hold from now on.
func (t *Tenant) begin(k FaultKind, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch k {
	case FaultRevoked:
		if who, failure := t.authenticateLocked(r); failure == nil {
			who.user.challenged = t.tokensIssued
			who.user.challengedAt = t.instant()
		}
	case FaultLag:
		t.flapping = true
	case FaultAuditLate:
		t.auditDelay = t.sky.auditDelay()
	}
}

// refusal is Graph's own envelope for a fault of its services (https://learn.microsoft.com/graph/errors,
// https://learn.microsoft.com/graph/throttling).
func (w Weather) refusal(key string, k FaultKind) *odata.Error {
	seconds := 2 + w.dice("retry after "+key, 0).IntN(11)
	switch k {
	case FaultThrottled:
		return odata.Throttled(seconds)
	case FaultThrottledBare:
		return odata.Throttled(0)
	case FaultInternal:
		return odata.Refuse(http.StatusInternalServerError, "InternalServerError", "An internal server error occurred.")
	case FaultBadGateway:
		return odata.Refuse(http.StatusBadGateway, "UnknownError", "")
	case FaultTimeout:
		return odata.Refuse(http.StatusGatewayTimeout, "UnknownError", "The service did not answer in time.")
	}
	e := odata.Refuse(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is temporarily unavailable.")
	e.Header = http.Header{"Retry-After": {fmt.Sprint(seconds)}}
	return e
}

// serveRefusal answers with an error without looking at the request any further.
func (t *Tenant) serveRefusal(failure *odata.Error, w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	writeGraphAnswer(w, t.envelopeLocked(r, nil, failure))
}

// serveProxyPage is what a web proxy on the customer's side answers when it can't reach Graph: its own page, with none of
// Graph's headers.
func serveProxyPage(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html;charset=utf-8")
	h.Set("Server", "squid/6.6")
	h.Set("Via", "1.1 proxy.contoso.example (squid/6.6)")
	h.Set("X-Squid-Error", "ERR_CONNECT_FAIL 110")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html>\n<html><head><title>ERROR: The requested URL could not be retrieved</title></head>\n"+
		"<body><h1>ERROR</h1><p>The system returned: <i>(110) Connection timed out</i></p><p>While trying to retrieve https://%s/</p></body></html>\n", r.Host)
}

// serveTruncated carries the request out and sends half of its answer, as if that were all. An answer without a body goes
// out as it is.
func (t *Tenant) serveTruncated(q GraphRequest, w http.ResponseWriter, r *http.Request) {
	a := t.record(r)
	body := a.body.Bytes()
	if len(body) > 0 {
		t.hit(q, FaultTruncated)
		body = body[:len(body)/2]
	}
	a.replay(w, body)
}

// serveAtAnotherTime answers as a front end whose clock is off would.
func (t *Tenant) serveAtAnotherTime(w http.ResponseWriter, r *http.Request) {
	a := t.record(r)
	if at, err := time.Parse(http.TimeFormat, a.sent.Get("Date")); err == nil {
		a.sent.Set("Date", at.Add(t.weather().skew()).Format(http.TimeFormat))
	}
	a.replay(w, a.body.Bytes())
}

// record carries a request out and keeps the answer.
func (t *Tenant) record(r *http.Request) *answer {
	a := &answer{header: http.Header{}}
	t.route(a, r)
	a.WriteHeader(http.StatusOK)
	return a
}

func (a *answer) replay(w http.ResponseWriter, body []byte) {
	maps.Copy(w.Header(), a.sent)
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}
