package simtenant

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// Rules of this file: the authority's key never leaves memory, the authority can vouch for the hosts below and
// nothing else (RFC 5280, 4.2.1.10), and it ends after a week.

// certifiedHosts are the names a client may reach the simulated tenant by: loopback, and Microsoft's and Delegate365's
// own names for clients that are sent here through a proxy.
var certifiedHosts = []string{
	"localhost",
	"login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net",
	"login.microsoftonline.us", "login.usgovcloudapi.net", "login-us.microsoftonline.com",
	"login.partner.microsoftonline.cn", "login.chinacloudapi.cn",
	"graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn",
	"entra.microsoft.com", "mysignins.microsoft.com", "account.activedirectory.windowsazure.com",
	"contoso.delegate365.com",
}

const certificateLifetime = 7 * 24 * time.Hour

// authority is the certificate authority of one server.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey

	mu     sync.Mutex
	leaves map[string]*tls.Certificate
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the authority's key: %w", err)
	}
	template := &x509.Certificate{
		Subject:                     pkix.Name{CommonName: "Simulated tenant, not Microsoft", Organization: []string{"delegate365-onboard demo"}},
		NotBefore:                   time.Now().Add(-time.Hour),
		NotAfter:                    time.Now().Add(certificateLifetime),
		KeyUsage:                    x509.KeyUsageCertSign,
		BasicConstraintsValid:       true,
		IsCA:                        true,
		MaxPathLenZero:              true,
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         certifiedHosts,
		PermittedIPRanges:           []*net.IPNet{{IP: net.IPv4(127, 0, 0, 1).To4(), Mask: net.CIDRMask(32, 32)}},
	}
	certificate, err := issueCertificate(template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return &authority{certificate: certificate, key: key, leaves: map[string]*tls.Certificate{}}, nil
}

// issueCertificate signs template as parent and parses the result.
func issueCertificate(template, parent *x509.Certificate, public *ecdsa.PublicKey, key *ecdsa.PrivateKey) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("draw a serial number: %w", err)
	}
	template.SerialNumber = serial
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, fmt.Errorf("sign a certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}

// config is the server side of every TLS connection, HTTPS and STARTTLS alike.
func (a *authority) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: a.leaf}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// leaf answers a client hello with a certificate for the name it asks for. A client that connects to an address sends
// no name (RFC 6066, section 3) and gets the one for 127.0.0.1.
func (a *authority) leaf(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(hello.ServerName)
	if name != "" && !slices.Contains(certifiedHosts, name) {
		return nil, nil // so that crypto/tls says that the name is unknown (RFC 6066, section 3): of an error it says internal_error
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if leaf := a.leaves[name]; leaf != nil {
		return leaf, nil
	}
	leaf, err := a.issue(name)
	if err != nil {
		return nil, err
	}
	a.leaves[name] = leaf
	return leaf, nil
}

func (a *authority) issue(name string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	template := &x509.Certificate{
		NotBefore:   a.certificate.NotBefore,
		NotAfter:    a.certificate.NotAfter,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if name == "" {
		// OpenSSL takes a common name that could be a host's for one, and holds it against the authority's DNS names when
		// the certificate has none (https://docs.openssl.org/master/man1/openssl-verification-options/).
		template.Subject.CommonName = "Simulated tenant, at its address"
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	} else {
		template.Subject.CommonName = name
		template.DNSNames = []string{name}
	}
	certificate, err := issueCertificate(template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{
		Certificate: [][]byte{certificate.Raw, a.certificate.Raw},
		PrivateKey:  key,
		Leaf:        certificate,
	}, nil
}
