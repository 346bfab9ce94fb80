package simtest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Certificate is a certificate with its key, for an application to sign in with.
type Certificate struct {
	X509 *x509.Certificate
	PEM  []byte // certificate and key
}

// NewCertificate makes one for so long, around a time.
func NewCertificate(at time.Time, life time.Duration) (Certificate, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return Certificate{}, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(365), Subject: pkix.Name{CommonName: "review"}, NotBefore: at.Add(-time.Hour), NotAfter: at.Add(life)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return Certificate{}, err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return Certificate{}, err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Certificate{}, err
	}
	out := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return Certificate{parsed, append(out, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})...)}, nil
}

// AddApplication registers an application of the customer's that signs in with a certificate, with these application permissions of
// Microsoft Graph, and returns its application id.
func AddApplication(t *Tenant, name string, c Certificate, permissions ...string) string {
	t.State.Lock()
	defer t.State.Unlock()
	operator := t.State.Directory.UserByUPNLocked(state.OperatorUPN)
	r, sp := t.State.Applications.RegisterLocked(operator, name, &state.AppCredential{
		ID: t.State.NewIDLocked(), Name: "review", Starts: c.X509.NotBefore, Ends: c.X509.NotAfter, Certificate: c.X509,
	})
	api := t.State.Applications.ServicePrincipalByAppLocked(state.AppGraph)
	for _, p := range permissions {
		t.State.Applications.GiveAppRoleLocked(operator, sp, api, p)
	}
	return r.AppID
}

// GivePermission gives a service principal an application permission of Microsoft Graph, by its name.
func GivePermission(t *Tenant, servicePrincipalID, permission string) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Applications.GiveAppRoleLocked(t.State.Directory.UserByUPNLocked("policies@contoso.com"), t.State.Applications.ServicePrincipalLocked(servicePrincipalID),
		t.State.Applications.ServicePrincipalByAppLocked(state.AppGraph), permission)
}
