package clients

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// microsoft are the names that the proxy leads to the simulated tenant. No client comes further.
var microsoft = []string{"graph.microsoft.com:443", "login.microsoftonline.com:443", "login.windows.net:443"}

// serveProxy serves a proxy on loopback that answers CONNECT (RFC 9110, section 9.3.6) and returns its address.
func serveProxy(t *testing.T, tenant string) string {
	t.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || !slices.Contains(microsoft, r.Host) {
			t.Errorf("the proxy was asked for %s %s", r.Method, r.Host)
			http.Error(w, "not here", http.StatusForbidden)
			return
		}
		far, err := new(net.Dialer).DialContext(r.Context(), "tcp", tenant)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer far.Close() //nolint:errcheck // the tunnel is over
		w.WriteHeader(http.StatusOK)
		near, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer near.Close() //nolint:errcheck // the tunnel is over
		var both sync.WaitGroup
		both.Go(func() { _, _ = io.Copy(far, buffered); _ = far.(*net.TCPConn).CloseWrite() })
		_, _ = io.Copy(near, far)
		_ = near.Close()
		both.Wait()
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// throughProxy is what tells Node.js and its libraries of a proxy, and of the authority that the simulated tenant has.
func throughProxy(proxy, ca string) []string {
	return []string{
		"NODE_EXTRA_CA_CERTS=" + ca, "HTTPS_PROXY=" + proxy, "https_proxy=" + proxy, "HTTP_PROXY=", "http_proxy=", "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
	}
}

// serveIdentity serves the endpoint of a managed identity on loopback, which hands out the token to who knows the secret
// (https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference).
func serveIdentity(t *testing.T, token string) (address, secret string) {
	t.Helper()
	secret = rand.Text()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Identity-Header") != secret {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{
			"access_token": token, "expires_on": strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10), "resource": r.URL.Query().Get("resource"), "token_type": "Bearer",
		})
	}))
	t.Cleanup(server.Close)
	return server.URL, secret
}
