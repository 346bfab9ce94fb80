package problem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Why something was refused is told in the language of the process, with what it rests on; what is nobody's here stays as it is.
func TestReason(t *testing.T) {
	defer phrase.Speak(phrase.English)
	file := filepath.Join(t.TempDir(), "cloud.json")
	if err := os.WriteFile(file, []byte(`{"authority":"https://a.example"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, noGraph := graph.LookupCloud(file)
	_, noFile := graph.LookupCloud("none.json")
	_, noKey := graph.ReadCertificate([]byte("x"))
	for _, test := range []struct {
		err             error
		english, german string
	}{
		{noGraph, "the cloud file " + file + " can't be used: graph is missing: name its https address", "die Clouddatei " + file + " ist nicht verwendbar: graph fehlt: Nennen Sie die https-Adresse"},
		{noFile, "the cloud file none.json can't be used: it is not there", "die Clouddatei none.json ist nicht verwendbar: nicht vorhanden"},
		{noKey, "it is neither PEM nor PKCS#12 without a password that can be read here", "es ist weder PEM noch ein hier lesbares PKCS#12 ohne Kennwort"},
		{fmt.Errorf("read: %w", &fs.PathError{Op: "open", Path: "a.log", Err: fs.ErrPermission}), "a.log: you may not open it", "a.log: der Zugriff ist verweigert"},
		{&problem.Error{Op: "read the welcome mail of the tenant", Err: fs.ErrNotExist}, "read the welcome mail of the tenant: it is not there", "die Willkommens-E-Mail des Mandanten lesen: nicht vorhanden"},
		{named(net.DNSError{Err: "no such host", Name: "graph.example", IsNotFound: true}), "its name is not known", "der Name ist nicht bekannt"},
		{named(net.DNSError{Err: "i/o timeout", Name: "graph.example", IsTimeout: true, IsTemporary: true}), "no answer in time", "keine rechtzeitige Antwort"},
		{named(net.DNSError{Err: "server misbehaving", Name: "graph.example", IsTemporary: true}), "dial tcp: lookup graph.example: server misbehaving", "dial tcp: lookup graph.example: server misbehaving"},
		{connecting(syscall.EACCES), "dial tcp: connect: permission denied", "dial tcp: connect: permission denied"},
		{connecting(syscall.EPERM), "dial tcp: connect: operation not permitted", "dial tcp: connect: operation not permitted"},
		{connecting(syscall.ECONNREFUSED), "nothing listens there", "dort nimmt nichts Verbindungen an"},
		{errors.New("strange"), "strange", "strange"},
	} {
		for l, want := range map[phrase.Language]string{phrase.English: test.english, phrase.German: test.german} {
			phrase.Speak(l)
			if got := problem.Reason(test.err); got != want {
				t.Errorf("%s: %q, want %q", l, got, want)
			}
		}
	}
}

// named is a name that could not be looked up.
func named(err net.DNSError) error { return &net.OpError{Op: "dial", Net: "tcp", Err: &err} }

// connecting is a connection that the system refused.
func connecting(err error) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
}
