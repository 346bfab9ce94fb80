package graph

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"sync/atomic"
	"time"

	khttp "github.com/microsoft/kiota-http-go"
)

const (
	attemptTimeout = 30 * time.Second // for one attempt, its body included
	maxAnswer      = 32 << 20         // bytes
)

var (
	errNoAnswer = errors.New("no answer in time")
	errTooLarge = errors.New("the answer is larger than 32 MB")
	errNotHTTPS = errors.New("only https is used")
)

// attemptKey carries the number of the attempt, from 1, in a request's context.
type attemptKey struct{}

// recordKey carries the *record of a call in its context.
type recordKey struct{}

// record is what is known of one Graph call after its last attempt, independent of what the SDK makes of it.
type record struct {
	status      int
	header      http.Header
	envelope    envelope
	brokenOff   bool // there is an error in an answer whose status is that of a success
	contentType string
	foreign     error // the answer is somebody else's
	path        string
	began       bool // the last attempt reached the server, or may have
	clientID    string
}

// attempt is one request and its whole answer. It bounds the time, keeps the record and tells the observer.
type attempt struct {
	observe func(Exchange)
	bodies  bool // the observer wants to see them, as far as they may be seen
	network *network
}

func (a *attempt) Intercept(pipeline khttp.Pipeline, next int, req *http.Request) (*http.Response, error) {
	rec, _ := req.Context().Value(recordKey{}).(*record)
	if rec == nil {
		rec = &record{}
	}
	var sent []byte
	if a.bodies {
		sent = peekBody(req)
	}
	at := time.Now()
	resp, body, began, err := exchange(pipeline, next, req)
	a.network.failed(req, err)
	*rec = record{path: shownPath(req.URL), began: began, clientID: req.Header.Get("client-request-id")}
	if resp != nil {
		rec.status, rec.header, rec.contentType = resp.StatusCode, resp.Header, resp.Header.Get("Content-Type")
		rec.foreign = foreign(req, resp.StatusCode, resp.Header)
		if rec.brokenOff = resp.StatusCode < 300 && breaksOff(body); rec.brokenOff || resp.StatusCode >= 400 {
			rec.envelope = readEnvelope(rec.contentType, body)
		}
	}
	if a.observe != nil {
		x := Exchange{
			At: at, Took: time.Since(at), Method: req.Method, Path: rec.path, Status: rec.status,
			RequestID: rec.header.Get("request-id"), ClientRequestID: rec.clientID,
			Attempt: attemptNumber(req), Err: reason(err), Code: rec.envelope.code, Message: rec.envelope.message,
		}
		if date, err := http.ParseTime(rec.header.Get("Date")); err == nil {
			x.Date = date
		}
		if a.bodies {
			x.Request, x.Response = shownBody(sent), shownBody(body)
		}
		a.observe(x)
	}
	if err != nil {
		return nil, err
	}
	return resp, nil
}

func attemptNumber(req *http.Request) int {
	n, _ := req.Context().Value(attemptKey{}).(int)
	return n
}

// exchange sends req and reads the answer whole, so that a body that breaks off is seen by the retries too. The
// response comes back with its body in memory; beside an error it says only what the head of the answer was. began is
// false when no connection was made.
func exchange(pipeline khttp.Pipeline, next int, req *http.Request) (resp *http.Response, body []byte, began bool, err error) {
	if req.URL.Scheme != "https" {
		return nil, nil, false, errNotHTTPS
	}
	ctx, cancel := context.WithTimeout(req.Context(), attemptLimit(req.Context()))
	defer cancel()
	var asked, got atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	resp, err = pipeline.Next(req.WithContext(ctx), next)
	if err == nil {
		body, err = readBody(resp)
		// The status of a refusal is worth more than the rest of its text.
		if err != nil && resp.StatusCode >= 400 {
			err = nil
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
		resp.ContentLength = int64(len(body))
	}
	if err != nil && ctx.Err() != nil && req.Context().Err() == nil {
		err = errNoAnswer
	}
	if err != nil {
		err = seenOnTheRoad(req, err, got.Load())
	}
	neverConnected := resp == nil && (asked.Load() && !got.Load() || isDialError(err))
	return resp, body, !neverConnected, err
}

func readBody(resp *http.Response) ([]byte, error) {
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		return nil, errTooLarge
	}
	return body, err
}

func isDialError(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}

var skipToken = regexp.MustCompile(`(?i)((?:\$|%24)skiptoken=)[^&]*`)

// shownPath is the part of an address that is worth showing: path and query without the host, and without the
// continuation token of a page, which is long and opaque.
func shownPath(u *url.URL) string {
	if u.RawQuery == "" {
		return u.EscapedPath()
	}
	return u.EscapedPath() + "?" + skipToken.ReplaceAllString(u.RawQuery, "${1}…")
}

// reason is an error's text without the address that net/http puts before it.
func reason(err error) string {
	if err == nil {
		return ""
	}
	if ue, ok := errors.AsType[*url.Error](err); ok {
		err = ue.Err
	}
	return err.Error()
}
