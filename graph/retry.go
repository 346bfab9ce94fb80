package graph

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	khttp "github.com/microsoft/kiota-http-go"
)

const (
	maxTries = 6
	// maxConnectionTries is smaller: somebody without a network should hear of it within seconds.
	maxConnectionTries = 3
	maxWaiting         = 2 * time.Minute
)

// retry sends a request again when that is safe. A repeatable one after 429, 502, 503, 504 or a broken connection; a
// write after 429 only, because that is the one answer by which Graph says that it did not begin, unless its body rests on
// what was read before, and, about an account that is expected, either after 404. Whether a 503, a 504 or a connection that broke left a write behind is not known,
// so the caller gets to see it and reads the tenant instead. kiota's own handler replays writes after 503 and 504 and
// cannot be watched or bounded (https://github.com/microsoft/kiota-http-go, retry_handler.go).
type retry struct {
	onWait     func(Wait)
	repeatable func(*http.Request) bool
	expected   func(*http.Request) bool // what it is about exists, although it may be answered as unknown; nil: nothing is
}

func (r *retry) Intercept(pipeline khttp.Pipeline, next int, req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	ctx := req.Context()
	pauses := newPauses(ctx)
	number := 0
	var last *attemptError
	send := func() (*http.Response, error) {
		number++
		again := req.Clone(context.WithValue(ctx, attemptKey{}, number))
		setBody(again, body)
		resp, err := pipeline.Next(again, next)
		switch {
		case r.mayRepeat(req, resp, err):
			last = newAttemptError(resp, err)
			pauses.note(last)
			return resp, last
		case err != nil:
			return nil, backoff.Permanent(err)
		default:
			return resp, nil
		}
	}
	notify := func(_ error, d time.Duration) {
		if r.onWait != nil {
			r.onWait(Wait{Path: shownPath(req.URL), Attempt: number, Delay: d, Status: last.status, Asked: last.asked > 0})
		}
	}
	resp, err := backoff.Retry(waitContext(ctx), send, backoff.WithBackOff(pauses), backoff.WithMaxTries(maxTries),
		backoff.WithMaxElapsedTime(0), backoff.WithNotify(notify))
	if spent, ok := errors.AsType[*attemptError](err); ok {
		return resp, spent.err
	}
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// attemptError is an attempt that may be followed by another. err is nil when there was an answer.
type attemptError struct {
	status int
	asked  time.Duration // what Retry-After asked for; 0 when it did not
	err    error
}

func newAttemptError(resp *http.Response, err error) *attemptError {
	if err != nil {
		return &attemptError{err: err}
	}
	return &attemptError{status: resp.StatusCode, asked: retryAfter(resp.Header)}
}

func (e *attemptError) Error() string {
	if e.err != nil {
		return e.err.Error()
	}
	return http.StatusText(e.status)
}

// mayRepeat says whether another attempt may follow what came back.
func (r *retry) mayRepeat(req *http.Request, resp *http.Response, err error) bool {
	if err != nil {
		if isClosing(req.Context()) {
			return false
		}
		road, named := errors.AsType[*RoadError](err)
		return r.repeatable(req) && waitContext(req.Context()).Err() == nil && (!named || !road.final) && !errors.Is(err, errTooLarge)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return r.repeatable(req) || !isAnew(req.Context())
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return r.repeatable(req)
	case http.StatusNotFound:
		return r.expected != nil && r.expected(req) && !isClosing(req.Context())
	}
	return false
}

// pauses are the delays between attempts: what Microsoft asked for, else twice as long as the one before, from one
// second. They end when their sum would pass maxWaiting, or when the caller's deadline comes first.
type pauses struct {
	ctx         context.Context
	exponential *backoff.ExponentialBackOff
	last        *attemptError
	broken      int
	unknown     int // answers that an expected account does not exist
	waited      time.Duration
}

//go:noinline // every copy would be carried
func newPauses(ctx context.Context) *pauses {
	b := backoff.NewExponentialBackOff()
	// Conditional Access allows one request a second: never less than that, and not in step with other callers.
	b.InitialInterval = 1250 * time.Millisecond
	b.RandomizationFactor = 0.2
	b.Multiplier = 2
	b.MaxInterval = 30 * time.Second
	return &pauses{ctx: ctx, exponential: b}
}

func (p *pauses) note(e *attemptError) {
	p.last = e
	switch {
	case e.err != nil:
		p.broken++
	case e.status == http.StatusNotFound:
		p.unknown++
	}
}

func (p *pauses) Reset() { p.exponential.Reset() }

func (p *pauses) NextBackOff() time.Duration {
	if p.broken >= maxConnectionTries {
		return backoff.Stop
	}
	d := p.exponential.NextBackOff()
	switch {
	case p.last.asked > 0:
		d = p.last.asked
	case p.last.status == http.StatusNotFound: // nobody else asks for the same account: out of step is not needed
		d = time.Second << (p.unknown - 1)
	}
	if isClosing(p.ctx) {
		d = min(d, closingLimit(p.last))
	}
	if p.waited+d > maxWaiting {
		return backoff.Stop
	}
	if deadline, ok := p.ctx.Deadline(); ok && time.Until(deadline) < d {
		return backoff.Stop
	}
	p.waited += d
	return d
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds or a date. Some services send a fraction, which is
// rounded up. 0 means that nothing usable was asked.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	if n, err := strconv.ParseFloat(v, 64); err == nil && !math.IsNaN(n) {
		const most = float64(24 * time.Hour / time.Second)
		return time.Duration(math.Ceil(min(max(n, 0), most))) * time.Second
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	if now, err := http.ParseTime(h.Get("Date")); err == nil { // by the clock that the date is of
		return max(at.Sub(now), 0)
	}
	return max(time.Until(at), 0)
}

// takeBody reads the body once, so that each attempt can send the same bytes with their length.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	defer func() { _ = req.Body.Close() }()
	return io.ReadAll(req.Body)
}

func setBody(req *http.Request, body []byte) {
	if len(body) == 0 {
		req.Body, req.GetBody, req.ContentLength = nil, nil, 0
		return
	}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
	req.ContentLength = int64(len(body))
}
