package graph

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// certificate is one for graph.test, changed, that issues itself.
func certificate(t *testing.T, change func(*x509.Certificate)) (tls.Certificate, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Contoso Inspection"}, DNSNames: []string{"graph.test", "login.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	change(template)
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, leaf
}

// to is a real transport whose every connection ends at address.
func to(address string, roots *x509.CertPool) http.RoundTripper {
	real := NewTransport(nil)
	real.TLSClientConfig.RootCAs = roots
	real.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return real
}

// A certificate that can't be believed names its issuer, and what is wrong with it.
func TestCertificatesAreNamed(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*x509.Certificate)
		trusted bool
		says    []string
	}{
		"unknown issuer": {change: func(*x509.Certificate) {}, says: []string{"graph.test", `"Contoso Inspection"`, "does not trust"}},
		"another name":   {change: func(c *x509.Certificate) { c.DNSNames = []string{"hotel.example"} }, trusted: true, says: []string{"hotel.example", "another name", `"Contoso Inspection"`}},
		"expired": {change: func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
		}, trusted: true, says: []string{"holds from", "clock says", `"Contoso Inspection"`}},
		"a terminal's title": {change: func(c *x509.Certificate) { c.Subject.CommonName = "x\x1b]0;y\x07" }, says: []string{`\x1b`}},
	} {
		t.Run(name, func(t *testing.T) {
			pair, leaf := certificate(t, test.change)
			server := httptest.NewUnstartedServer(http.NotFoundHandler())
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
			server.StartTLS()
			defer server.Close()
			roots := x509.NewCertPool()
			if test.trusted {
				roots.AddCert(leaf)
			}
			_, err := newTestClient(t, to(server.Listener.Addr().String(), roots)).Users.User(t.Context(), "x")
			if !errors.Is(err, ErrUntrusted) || !errors.Is(err, ErrOffline) {
				t.Fatalf("got %v", err)
			}
			for _, part := range test.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if strings.ContainsAny(err.Error(), "\x1b\x07") {
				t.Errorf("controls of the certificate in %q", err)
			}
		})
	}
}

// What is wrong with a proxy is said of the proxy.
func TestProxiesAreNamed(t *testing.T) {
	was := proxyOf
	t.Cleanup(func() { proxyOf = was })
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, test := range map[string]struct {
		serve func(net.Conn)
		at    string
		says  string
	}{
		"407":         {serve: replies("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"), says: "asks for a user name and a password (407)"},
		"403":         {serve: replies("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), says: "refuses the connection (403 Forbidden)"},
		"a ssh door":  {serve: replies("SSH-2.0-OpenSSH_9.9\r\n"), says: "is no proxy"},
		"silence":     {serve: func(c net.Conn) { _ = c.Close() }, says: "is no proxy"},
		"nobody":      {at: strings.TrimPrefix(closed.URL, "http://"), says: "can't be reached"},
		"a plain web": {serve: replies("<html>hello</html>\r\n\r\n"), says: "is no proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			at := test.at
			if at == "" {
				at = listen(t, test.serve)
			}
			proxyOf = func(*http.Request) (*url.URL, error) { return &url.URL{Scheme: "http", Host: at}, nil }
			err := newTestClient(t, NewTransport(nil)).Users.DeleteUser(t.Context(), "x")
			if !errors.Is(err, ErrProxy) || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), at) {
				t.Errorf("got %v", err)
			}
			if got := OutcomeOf(err); got != Refused {
				t.Errorf("what was never sent is %v", got)
			}
		})
	}
}

// replies is somebody who says the same to everybody.
func replies(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		_, _ = io.ReadFull(c, make([]byte, 16))
		_ = c.Close()
	}
}

func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return l.Addr().String()
}

// An answer without anything of Microsoft's in it is somebody else's: no role is missing, nothing was applied, and whether
// a write went through behind it is not known.
func TestOthersAnswers(t *testing.T) {
	page := func(code int, kind, body string, headers ...string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			for i := 0; i+1 < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
		})
	}
	for name, test := range map[string]struct {
		answer http.Handler
		says   string
	}{
		"a web filter":              {page(403, "text/html; charset=utf-8", "<h1>Blocked</h1>", "Server", "filter/6"), `("filter/6") answered with a page of its own (403 text/html)`},
		"a captive portal":          {page(200, "text/html", "<h1>Welcome to the hotel</h1>"), "answered with a page of its own (200 text/html)"},
		"a captive portal's detour": {page(302, "text/html", "", "Location", "http://portal.hotel.example/login?x=1"), `the way to "portal.hotel.example" (302)`},
		"a login page":              {page(401, "text/html", "<h1>Who are you</h1>"), "answered with a page of its own (401 text/html)"},
		"a proxy without a way":     {page(503, "text/html", "<h1>ERROR</h1>", "Via", "1.1 proxy (squid/6)"), `("1.1 proxy (squid/6)") answered`},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestClient(t, inProcess{test.answer})
			for call, do := range map[string]func() error{
				"a read":   func() error { _, err := c.MFA.SecurityDefaults(t.Context()); return err },
				"a write":  func() error { return c.MFA.SetPerUserMFA(t.Context(), "x", MFAEnabled) },
				"a delete": func() error { return c.Users.DeleteUser(t.Context(), "x") },
			} {
				if name == "a proxy without a way" && call == "a read" {
					continue // it is tried again, at length
				}
				err := do()
				if !errors.Is(err, ErrIntercepted) || errors.Is(err, ErrForbidden) || errors.Is(err, ErrUnauthorized) || !strings.Contains(err.Error(), test.says) {
					t.Errorf("%s: %v", call, err)
				}
				if got := OutcomeOf(err); got != Unknown {
					t.Errorf("%s: the outcome is called %v", call, got)
				}
			}
			if strings.HasPrefix(name, "a proxy") {
				return
			}
			c = newTestClient(t, inProcess{test.answer}, func(o *Options) { o.Credential = nil })
			_, err := c.SignIn(t.Context(), DeviceCode, Prompt{ShowCode: func(Code) {}}, "User.Read")
			if !errors.Is(err, ErrIntercepted) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("the sign-in: %v", err)
			}
		})
	}
}

// What Microsoft itself answers stays Microsoft's, whatever its form.
func TestOwnAnswersStayMicrosofts(t *testing.T) {
	for name, header := range map[string]string{"graph": "Request-Id", "front door": "X-Azure-Ref", "sign-in": "X-Ms-Request-Id"} {
		c := newTestClient(t, inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set(header, "1")
			w.WriteHeader(http.StatusForbidden)
		})})
		if _, err := c.Users.User(t.Context(), "x"); !errors.Is(err, ErrForbidden) || errors.Is(err, ErrIntercepted) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckProxy(t *testing.T) {
	for value, good := range map[string]bool{
		"": true, "http://proxy.contoso.example:8080": true, "proxy.contoso.example:8080": true, "https://user:secret@proxy:443": true,
		"socks5://127.0.0.1:1080": true, "proxy": true,
		"http://": false, "http://pro xy:80": false, "http://proxy:port": false, "ftp://proxy:21": false, "://proxy": false,
		"http://proxy:99999": false, "http://user:secret@:80": false,
	} {
		t.Setenv("HTTPS_PROXY", value)
		t.Setenv("https_proxy", "")
		err := CheckProxy()
		if (err == nil) != good || err != nil && (strings.Contains(err.Error(), "secret") || !errors.Is(err, ErrInvalid)) {
			t.Errorf("%q: %v", value, err)
		}
	}
}
