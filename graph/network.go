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
var ErrNoCertificate = errors.New("there is no certificate in it")

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

	mu  sync.Mutex
	now http.RoundTripper
}

func newNetwork(base http.RoundTripper) *network {
	n := &network{now: base}
	if t, ok := base.(*http.Transport); ok {
		n.fresh = func() http.RoundTripper { return t.Clone() }
	}
	return n
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	now := n.now
	n.mu.Unlock()
	return now.RoundTrip(req)
}

// leave has every later request use a connection that was not there before. Requests that are on their way go on.
func (n *network) leave() {
	n.mu.Lock()
	old := n.now
	if n.fresh != nil {
		n.now = n.fresh()
	}
	n.mu.Unlock()
	if t, ok := old.(interface{ CloseIdleConnections() }); ok {
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
