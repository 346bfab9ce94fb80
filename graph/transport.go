package graph

import (
	"context"
	"net/http"
	"strings"
	"time"

	khttp "github.com/microsoft/kiota-http-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
)

// newGraphClient is the way to Graph. The order of the middleware is fixed, unlike that of the SDK's default list,
// which comes out of a map and corrupts replayed bodies when compression happens to follow the retries
// (https://github.com/microsoft/kiota-http-go/issues/183); compression and redirects are left out. The client has no
// timeout of its own, which would cut off a wait that Microsoft asked for.
func newGraphClient(base *network, o Options, expected *newAccounts) *http.Client {
	return newHTTPClient(khttp.NewCustomTransportWithParentTransport(base,
		core.NewGraphTelemetryHandler(&core.GraphClientOptions{}),
		&retry{onWait: o.OnWait, repeatable: isRead, expected: expected.about},
		&rateLimit{path: conditionalAccess, every: 1100 * time.Millisecond}, // a tenth for what the network adds and takes away
		&attempt{observe: o.Observe, bodies: o.Bodies, network: base},
	))
}

// newTokenClient is the way to the sign-in service, for azidentity and MSAL.
func newTokenClient(base *network, o Options) *http.Client {
	return newHTTPClient(khttp.NewCustomTransportWithParentTransport(base,
		// Every token request may be repeated: what a second one finds used up is refused, not done twice.
		&retry{onWait: o.OnWait, repeatable: func(*http.Request) bool { return true }},
		&tokenAttempt{observe: o.Observe, network: base},
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
