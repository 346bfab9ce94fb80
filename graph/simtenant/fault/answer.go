package fault

import (
	"fmt"
	"net/http"
	"time"
)

// suffer plays a fault out on a request to Graph, and carries the request out where the fault lets it.
func (p passage) suffer(q Request, k Kind, w http.ResponseWriter, r *http.Request) {
	if k != Truncated {
		p.hit(q, k)
	}
	switch k {
	case Dropped:
		panic(http.ErrAbortHandler)
	case DroppedAfter:
		p.next.ServeHTTP(discard{http.Header{}}, r)
		panic(http.ErrAbortHandler)
	case Truncated:
		p.serveTruncated(q, w, r)
	case Clock:
		p.serveAtAnotherTime(w, r)
	case HTML:
		serveProxyPage(w, r)
	case Revoked, Lag, AuditLate:
		p.site.Begin(k, r)
		p.next.ServeHTTP(w, r)
	default:
		if k == Timeout {
			p.next.ServeHTTP(discard{http.Header{}}, r)
		}
		p.site.Refuse(p.Weather().refusal(q.key(), k), w, r)
	}
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
func (p passage) serveTruncated(q Request, w http.ResponseWriter, r *http.Request) {
	a := p.record(r)
	body := a.Body.Bytes()
	if len(body) > 0 {
		p.hit(q, Truncated)
		body = body[:len(body)/2]
	}
	a.replay(w, body)
}

// serveAtAnotherTime answers as a front end whose clock is off would.
func (p passage) serveAtAnotherTime(w http.ResponseWriter, r *http.Request) {
	a := p.record(r)
	if at, err := time.Parse(http.TimeFormat, a.Sent.Get("Date")); err == nil {
		a.Sent.Set("Date", at.Add(p.Weather().Skew()).Format(http.TimeFormat))
	}
	a.replay(w, a.Body.Bytes())
}

// record carries a request out and keeps the answer.
func (p passage) record(r *http.Request) *Recorder {
	a := NewRecorder()
	p.next.ServeHTTP(a, r)
	a.WriteHeader(http.StatusOK)
	return a
}
