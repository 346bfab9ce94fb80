package graph

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// noticeWithin is how long a connection may be silent before it is asked whether it lives, and then again until it is given
// up. A laptop that slept, another Wi-Fi or a VPN leave connections behind that neither answer nor break.
const noticeWithin = 5 * time.Second

// NewTransport is the network: the proxy from the environment, a limit for every stage that can hang, and pings that find
// dead HTTP/2 connections. Nil roots are the system's.
func NewTransport(roots *x509.CertPool) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) { return proxyOf(r) },
		OnProxyConnectResponse: func(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
			return proxyRefused(proxy, answer.StatusCode)
		},
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		HTTP2:                 &http.HTTP2Config{SendPingTimeout: noticeWithin, PingTimeout: noticeWithin, WriteByteTimeout: noticeWithin},
		TLSClientConfig:       &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: attemptTimeout,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   4,
	}
}

// ErrNoCertificate says that there is no certificate in what was to be trusted.
var ErrNoCertificate error = because("there is no certificate in it")

// NewTransportTrusting is a NewTransport for which these certificates, in PEM, are all that is trusted.
func NewTransportTrusting(certificates []byte) (*http.Transport, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(certificates) {
		return nil, ErrNoCertificate
	}
	return NewTransport(roots), nil
}

// network carries requests over connections that can be left behind.
type network struct {
	fresh func() http.RoundTripper // nil where nothing is known of the connections

	mu     sync.Mutex
	now    *connections
	worked bool         // now has brought an answer
	spare  *connections // were left, and had brought one; nil where none did
}

// connections are those that can be left together.
type connections struct{ http.RoundTripper }

func newNetwork(base http.RoundTripper) *network {
	n := &network{now: &connections{base}}
	if t, ok := base.(*http.Transport); ok {
		n.fresh = func() http.RoundTripper { return t.Clone() }
	}
	return n
}

// RoundTrip uses connections that were left again only where no name is resolved any more: nothing of the request was sent then,
// and they may be the only way left.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	now, spare := n.now, n.spare
	n.mu.Unlock()
	answer, err := now.RoundTrip(req)
	if err == nil {
		n.keep(now)
		return answer, nil
	}
	again, ok := unsent(req, err)
	if !ok || spare == nil {
		return nil, err
	}
	if answer, spared := spare.RoundTrip(again); spared == nil {
		n.keep(spare)
		return answer, nil
	}
	n.drop(spare)
	return nil, err
}

// unsent is a request to be sent once more, where the error is that no name was resolved.
func unsent(req *http.Request, err error) (*http.Request, bool) {
	if _, unresolved := errors.AsType[*net.DNSError](err); !unresolved || req.Context().Err() != nil {
		return nil, false
	}
	again := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	again.Body, err = req.GetBody()
	return again, err == nil
}

// keep goes on with connections that brought an answer.
func (n *network) keep(t *connections) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.spare == t {
		n.now, n.spare = t, nil
	}
	n.worked = n.worked || n.now == t
}

// drop gives up connections that are dead after all.
func (n *network) drop(t *connections) {
	n.mu.Lock()
	if n.spare == t {
		n.spare = nil
	}
	n.mu.Unlock()
	closeIdle(t)
}

// leave has every later request use a connection that was not there before. Requests that are on their way go on.
func (n *network) leave() {
	n.mu.Lock()
	old := n.now
	if n.fresh != nil {
		n.now = &connections{n.fresh()}
		if n.worked {
			old, n.spare, n.worked = n.spare, old, false
		}
	}
	n.mu.Unlock()
	closeIdle(old)
}

func closeIdle(c *connections) {
	if c == nil {
		return
	}
	if t, ok := c.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// failed leaves the connections behind when a request got no whole answer. One that its caller gave up says nothing.
func (n *network) failed(req *http.Request, err error) {
	if err != nil && req.Context().Err() == nil {
		n.leave()
	}
}

// LeaveConnections has every later request, those for tokens included, use a connection that was not there before.
func (c *Client) LeaveConnections() { c.network.leave() }
