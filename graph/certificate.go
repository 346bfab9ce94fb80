package graph

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// Certificate is what an application signs in with as itself: a certificate and its private key
// (https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
type Certificate struct {
	chain []*x509.Certificate
	key   crypto.PrivateKey
}

// ReadCertificate reads a certificate with its private key: PEM, or PKCS#12 (.pfx, .p12), without a password. It reads neither an
// encrypted key in PEM nor PKCS#12 whose MAC is SHA-256, as OpenSSL 3 writes it. The error is ErrInvalid, and says what was
// missing, never what was read.
func ReadCertificate(data []byte) (*Certificate, error) {
	refuse := func(words Words) (*Certificate, error) {
		why := because(words)
		return nil, &Error{Op: "read the certificate", Message: why.Error(), kind: ErrInvalid, cause: why, unsent: true}
	}
	if bytes.Contains(data, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----")) || bytes.Contains(data, []byte("Proc-Type: 4,ENCRYPTED")) {
		return refuse("its private key is encrypted")
	}
	chain, key, err := azidentity.ParseCertificates(data, nil)
	switch {
	case err == nil:
		return &Certificate{chain, key}, nil
	case !bytes.Contains(data, []byte("-----BEGIN ")):
		return refuse("it is neither PEM nor PKCS#12 without a password that can be read here")
	case !bytes.Contains(data, []byte("PRIVATE KEY-----")):
		return refuse("it has no private key")
	case !bytes.Contains(data, []byte("-----BEGIN CERTIFICATE-----")):
		return refuse("it has no certificate beside the key")
	}
	return refuse("its PEM can't be read")
}

// Ends is when the certificate is no longer good.
func (c *Certificate) Ends() time.Time { return c.chain[0].NotAfter }

// byCertificate is the session of an application that signs in as itself. Nobody is ever asked.
func byCertificate(c *Client) (*session, error) {
	o := c.opts
	if o.Tenant == "" {
		return nil, errors.New("an application signs in to a tenant that has to be named")
	}
	credential, err := azidentity.NewClientCertificateCredential(o.Tenant, o.ClientID, o.Certificate.chain, o.Certificate.key, &azidentity.ClientCertificateCredentialOptions{
		ClientOptions: azcore.ClientOptions{
			Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: c.cloud.Authority},
			Transport: c.tokens,
			Retry:     policy.RetryOptions{MaxRetries: -1}, // the transport retries, visibly
		},
		DisableInstanceDiscovery: c.cloud.Custom,
	})
	if err != nil {
		return nil, err
	}
	return &session{method: ByCertificate, credential: credential, given: true, application: true}, nil
}
