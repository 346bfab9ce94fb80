package graph

import (
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

func TestReadCertificate(t *testing.T) {
	made, err := simtest.NewCertificate(time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	block, key := pem.Decode(made.PEM)
	certificate := pem.EncodeToMemory(block)
	c, err := ReadCertificate(made.PEM)
	if err != nil || !c.Ends().Equal(made.X509.NotAfter) {
		t.Fatalf("%v", err)
	}
	for name, bad := range map[string]struct{ data, says string }{
		"nothing":        {"", "neither PEM"},
		"something else": {"hello", "neither PEM"},
		"no key":         {string(certificate), "no private key"},
		"no certificate": {string(key), "no certificate"},
		"encrypted":      {string(certificate) + "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "encrypted"},
		"encrypted, old": {string(certificate) + "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n", "encrypted"},
		"two keys":       {string(made.PEM) + string(key), "can't be read"},
	} {
		_, err := ReadCertificate([]byte(bad.data))
		if err == nil || !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), bad.says) || strings.Contains(err.Error(), "MII") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An application needs a tenant: which one it is for, nobody can choose.
func TestCertificateNeedsATenant(t *testing.T) {
	made, err := simtest.NewCertificate(time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ReadCertificate(made.PEM)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{Cloud: testCloud(), Certificate: c, Transport: &answers{t: t}}); !errors.Is(err, ErrInvalid) {
		t.Errorf("%v", err)
	}
}
