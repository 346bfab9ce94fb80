package simtenant

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
)

// Transport serves the tenant without sockets, so that it also works in the virtual time of testing/synctest. A
// request whose context ends returns at once; its handler sees the same end.
func (t *Tenant) Transport() http.RoundTripper { return &transport{t.Handler(), t} }

type transport struct {
	handler http.Handler
	t       *Tenant
}

// answer is what a handler wrote, and how it ended.
type answer struct {
	*fault.Recorder
	panic any
}

// RoundTrip implements http.RoundTripper.
func (tr *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		closeBody(req)
		return nil, err
	}
	done := make(chan *answer, 1)
	go func() { done <- tr.serve(req) }()
	select {
	case <-req.Context().Done():
		return nil, req.Context().Err()
	case a := <-done:
		if err, is := a.panic.(error); is && errors.Is(err, http.ErrAbortHandler) {
			return nil, fmt.Errorf("connection to %s broke: %w", req.URL.Host, io.ErrUnexpectedEOF)
		}
		if a.panic != nil {
			panic(a.panic)
		}
		return a.response(req), nil
	}
}

func (tr *transport) serve(req *http.Request) (a *answer) {
	a = &answer{Recorder: fault.NewRecorder()}
	defer func() { a.panic = recover() }()
	defer closeBody(req)
	in := req.Clone(req.Context())
	in.RequestURI, in.RemoteAddr = req.URL.RequestURI(), "127.0.0.1:0"
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	a.Header().Set("Date", tr.t.State.Instant().Format(http.TimeFormat))
	tr.handler.ServeHTTP(a, in)
	a.WriteHeader(http.StatusOK)
	return a
}

func (a *answer) response(req *http.Request) *http.Response {
	res := &http.Response{
		StatusCode: a.Status, Status: fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status)),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: a.Sent, Request: req,
		ContentLength: int64(a.Body.Len()), Body: io.NopCloser(&a.Body),
	}
	if req.Method == http.MethodHead {
		res.Body = http.NoBody
	}
	return res
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}
