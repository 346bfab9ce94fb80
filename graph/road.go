package graph

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Rules of this file: what happened between this computer and Microsoft is told by what was seen on the way, never taken
// for Microsoft's word: a certificate that is not trusted, a proxy that is in the way or none, an answer of somebody else.

// What a connection, or an answer, can be that is not Microsoft's. A RoadError is one of them.
var (
	ErrUntrusted   = errors.New("the certificate is not trusted")
	ErrProxy       = errors.New("the proxy is in the way")
	ErrIntercepted = errors.New("something on the way answered instead of Microsoft")
)

// RoadError says what stands between this computer and Microsoft. Its reason names it.
type RoadError struct {
	kind  error
	why   *ReasonError
	cause error
	final bool // the same will be said again
}

// Error is a sentence without its first capital. Names that a stranger chose are quoted in it.
func (e *RoadError) Error() string { return e.why.Error() }

// Unwrap gives the sentinel, the reason and what it rests on.
func (e *RoadError) Unwrap() []error {
	if e.cause == nil {
		return []error{e.kind, e.why}
	}
	return []error{e.kind, e.why, e.cause}
}

// proxyOf is the proxy for a request, or nil: as net/http takes it from the environment.
var proxyOf = http.ProxyFromEnvironment

// CheckProxy refuses a proxy in the environment that net/http would ignore in silence, going around it. The value is not
// in the error: it may hold a password.
func CheckProxy() error {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		if !isProxyAddress(value) {
			return &RoadError{kind: ErrInvalid, final: true, why: because("%s does not hold the address of a proxy", name)}
		}
		return nil // net/http takes the first
	}
	return nil
}

func isProxyAddress(value string) bool {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" {
		return false
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return true
	}
	return false
}

// proxyRefused is for http.Transport.OnProxyConnectResponse: without it, the transport forgets the status.
func proxyRefused(proxy *url.URL, status int) error {
	switch status {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		return &RoadError{kind: ErrProxy, final: true, why: because("the proxy %s asks for a user name and a password (407)", proxy.Host)}
	}
	return &RoadError{kind: ErrProxy, final: true, why: because("the proxy %s refuses the connection (%d %s)", proxy.Host, status, http.StatusText(status))}
}

// seenOnTheRoad names why a request had no answer, where that can be told; connected is whether a connection to Microsoft
// itself was made.
func seenOnTheRoad(req *http.Request, err error, connected bool) error {
	if _, known := errors.AsType[*RoadError](err); known {
		return err
	}
	if invalid, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return &RoadError{kind: ErrUntrusted, final: true, why: untrusted(req.URL.Hostname(), invalid), cause: err}
	}
	proxy, none := proxyOf(req)
	if none != nil || proxy == nil || connected {
		if _, plain := errors.AsType[tls.RecordHeaderError](err); plain {
			return &RoadError{kind: ErrIntercepted, why: because("%s answers without encryption, so it is not Microsoft that answers", req.URL.Hostname()), cause: err}
		}
		return err
	}
	op, _ := errors.AsType[*net.OpError](err)
	switch {
	case op != nil && op.Op == "proxyconnect", op != nil && op.Op == "dial", op != nil && op.Op == "socks connect":
		return &RoadError{kind: ErrProxy, why: because("the proxy %s can't be reached: %v", proxy.Host, op.Err), cause: err}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return err
	}
	return &RoadError{kind: ErrProxy, why: because("what answers at %s is no proxy, or broke off", proxy.Host), cause: err}
}

// untrusted says what is wrong with a certificate, and who issued it.
func untrusted(host string, e *tls.CertificateVerificationError) *ReasonError {
	if len(e.UnverifiedCertificates) == 0 {
		return because("the certificate of %s is not trusted", host)
	}
	leaf := e.UnverifiedCertificates[0]
	issuer := firstOf(leaf.Issuer.CommonName, leaf.Issuer.String())
	if _, wrongName := errors.AsType[x509.HostnameError](e.Err); wrongName {
		return because("the certificate shown for %s is for another name (%.80q), issued by %.80q", host, strings.Join(leaf.DNSNames, ", "), issuer)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](e.Err); ok && invalid.Reason == x509.Expired {
		return because("the certificate of %s, issued by %.80q, holds from %s to %s, and this computer's clock says %s", host, issuer,
			leaf.NotBefore.UTC().Format(time.DateOnly), leaf.NotAfter.UTC().Format(time.DateOnly), time.Now().UTC().Format(time.DateOnly))
	}
	return because("the certificate of %s is issued by %.80q, which this computer does not trust", host, issuer)
}

// foreign says who answered where it was not Microsoft; nil for Microsoft's own answers, the unreadable ones among them.
// Every answer of Graph carries a request-id, and every one of the sign-in service an x-ms-request-id; the front door of
// both has one of its own, and JSON is nobody else's.
func foreign(req *http.Request, status int, header http.Header) error {
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	for _, own := range []string{"Request-Id", "X-Ms-Request-Id", "X-Ms-Ags-Diagnostic", "X-Azure-Ref"} {
		if header.Get(own) != "" {
			return nil
		}
	}
	redirect := status >= 300 && status < 400
	if !redirect && (strings.HasSuffix(kind, "json") || kind == "") {
		return nil
	}
	who := req.URL.Hostname()
	for _, name := range []string{"Via", "Server"} {
		if v := header.Get(name); v != "" {
			who += fmt.Sprintf(" (%.60q)", v)
			break
		}
	}
	why := because("something on the way to %s answered with a page of its own (%d %s)", who, status, kind)
	if redirect {
		why = because("something on the way to %s answered with the way to another page (%d)", who, status)
		if to, err := url.Parse(header.Get("Location")); err == nil && to.Host != "" {
			why = because("something on the way to %s answered with the way to %q (%d)", who, to.Host, status)
		}
	}
	return &RoadError{kind: ErrIntercepted, why: why}
}
