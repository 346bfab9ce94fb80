package graph

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	khttp "github.com/microsoft/kiota-http-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
)

// newTransport is the network: system roots, proxy from the environment, and a limit for every stage that can hang.
func newTransport() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) { return proxyOf(r) },
		OnProxyConnectResponse: func(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
			return proxyRefused(proxy, answer.StatusCode)
		},
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: attemptTimeout,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   4,
	}
}

// newGraphClient is the way to Graph. The order of the middleware is fixed, unlike that of the SDK's default list,
// which comes out of a map and corrupts replayed bodies when compression happens to follow the retries
// (https://github.com/microsoft/kiota-http-go/issues/183); compression and redirects are left out. The client has no
// timeout of its own, which would cut off a wait that Microsoft asked for.
func newGraphClient(base http.RoundTripper, o Options, expected *expectations) *http.Client {
	return newHTTPClient(khttp.NewCustomTransportWithParentTransport(base,
		core.NewGraphTelemetryHandler(&core.GraphClientOptions{}),
		&retry{onWait: o.OnWait, repeatable: isRead, expected: expected.about},
		&pace{path: conditionalAccess, every: 1100 * time.Millisecond}, // a tenth for what the network adds and takes away
		&attempt{observe: o.Observe, bodies: o.Bodies},
	))
}

// newTokenClient is the way to the sign-in service, for azidentity and MSAL.
func newTokenClient(base http.RoundTripper, o Options) *http.Client {
	return newHTTPClient(khttp.NewCustomTransportWithParentTransport(base,
		// Every token request may be repeated: what a second one finds used up is refused, not done twice.
		&retry{onWait: o.OnWait, repeatable: func(*http.Request) bool { return true }},
		&tokenAttempt{observe: o.Observe},
	))
}

func newHTTPClient(t http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: t,
		// Neither service redirects its callers; following one would carry a token or a password elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// isRead reports a request that changes nothing: a GET, or the what-if of Conditional Access, which is a POST.
func isRead(r *http.Request) bool {
	return r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, evaluatePath)
}

// acquire takes the one place in sem, or gives up with ctx.
func acquire(ctx context.Context, sem chan struct{}) error {
	select {
	case sem <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
