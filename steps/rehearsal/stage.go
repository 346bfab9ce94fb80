// Package rehearsal is a simulated tenant together with everything that a run on it has in place of the world: the way
// there, trust in its certificates, a person who plays the human parts, and a place for the journal and its key.
package rehearsal

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
)

// Stage is where a rehearsal takes place.
type Stage struct {
	Cloud      graph.Cloud
	Tenant     string // its domain
	Transport  http.RoundTripper
	Roots      []byte              // PEM of the tenant's own authority
	Person     steps.Person        // plays the human parts
	Journal    string              // folder
	KeyRing    keyring.Ring        // for the journal
	RetryFor   time.Duration       // how long a guard looks for the tenant once this process is gone; 0 means as long as it can
	BrowserURL func(string) string // of a page, for a browser on this machine; nil where that is the page's own

	close []func() error
}

// ErrUnusable says that what was asked for can't be rehearsed on.
var ErrUnusable = errors.New("can't rehearse like this")

// here is how long a guard tries to reach a tenant that has ended together with the program.
const here = 10 * time.Second

// Serve runs the tenant that o describes in this process, at the pace of a real one. Errors are ErrUnusable for an unknown
// profile, else about this machine.
func Serve(o simtenant.Options) (*simtenant.Tenant, *simtenant.Server, error) {
	o.Pace = time.Second
	tenant, err := simtenant.New(o)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	server, err := tenant.Serve()
	if err != nil {
		return nil, nil, &steps.Error{Op: "start the simulated tenant", Hint: phrase.T("It needs two free ports on 127.0.0.1."), Err: err}
	}
	return tenant, server, nil
}

// Open is a tenant in this process, until Close. Errors are those of Serve.
func Open(o simtenant.Options) (*Stage, error) {
	tenant, server, err := Serve(o)
	if err != nil {
		return nil, err
	}
	s := &Stage{KeyRing: &keyring.Memory{}, RetryFor: here, BrowserURL: server.SignedInURL, close: []func() error{server.Close}}
	if err := s.furnish(tenant, server.Endpoints(), server.PageEndpoints(), tenant.WelcomeMail(server.PageEndpoints().Delegate365)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.Journal, err = os.MkdirTemp("", "delegate365-demo-journal-"); err != nil {
		return nil, errors.Join(&steps.Error{Op: "make a folder for the rehearsal's journal", Err: err}, s.Close())
	}
	s.close = append(s.close, func() error { return os.RemoveAll(s.Journal) })
	return s, nil
}

// mostAddresses is the most that is read of the addresses and of the certificate, in bytes.
const mostAddresses = 1 << 20

// Visit is a tenant in another process, whose addresses are in the file as demo --serve --json prints them. The journal
// and the person's telephone are kept beside the file, so that a second start finds them. Errors are ErrUnusable.
func Visit(file string) (*Stage, error) {
	file, err := filepath.Abs(file) // the guard works in another folder
	if err != nil {
		return nil, unvisited("find the addresses of the tenant", err)
	}
	data, err := regular.Read(file, mostAddresses)
	if err != nil {
		return nil, unvisited("read the addresses of the tenant", err)
	}
	var ep simtenant.Endpoints
	if err := json.Unmarshal(data, &ep); err != nil {
		return nil, unvisited("find addresses as demo --serve --json prints them in %s", nil, file)
	}
	mail, err := regular.Read(ep.WelcomeMail, welcome.MaxMail)
	if err != nil {
		return nil, unvisited("read the welcome mail of the tenant", err)
	}
	// The tenant of this process only lends the person.
	tenant, err := simtenant.New(simtenant.Options{})
	if err != nil {
		return nil, err
	}
	if err := forgetOther(file, data); err != nil {
		return nil, unvisited("forget the tenant that was in %s before", err, file)
	}
	s := &Stage{Journal: file + ".journal", KeyRing: keyring.System("rehearsal")}
	if err := s.furnish(tenant, ep, ep, mail); err != nil {
		return nil, err
	}
	if err := s.Person.(player).KeepPhone(file + ".phone"); err != nil {
		return nil, unvisited("keep the telephone of the rehearsal in %s", err, file+".phone")
	}
	return s, nil
}

// forgetOther takes away what a rehearsal on another tenant left beside the file: its journal would be taken for this one's, because every
// simulated tenant has the same id, and its telephone for the person's.
func forgetOther(file string, addresses []byte) error {
	marker, now := file+".of", fmt.Sprintf("%x", sha256.Sum256(addresses))
	was, err := regular.Read(marker, mostAddresses)
	switch {
	case err == nil && string(was) == now:
		return nil
	case err == nil:
		if err := errors.Join(os.RemoveAll(file+".journal"), os.RemoveAll(file+".phone")); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return os.WriteFile(marker, []byte(now), 0o600)
}

// unvisited says why a tenant in another process can't be rehearsed on.
func unvisited(op phrase.Format, err error, of ...any) error {
	return fmt.Errorf("%w: %w", ErrUnusable, &steps.Error{
		Op: op, Of: of, Hint: phrase.T("Name with --connect the file that demo --serve --json wrote, while that runs."), Err: err,
	})
}

// furnish gives a stage the way to its tenant and a person. The pages are in plain HTTP on this machine, so that a browser
// shows no warning about a certificate; sign-in and Graph are not.
func (s *Stage) furnish(t *simtenant.Tenant, ep, pages simtenant.Endpoints, mail []byte) error {
	var err error
	if s.Roots, err = regular.Read(ep.CA, mostAddresses); err != nil {
		return unvisited("read the certificate of the tenant", err)
	}
	transport, err := graph.NewTransportTrusting(s.Roots)
	if err != nil {
		return unvisited("trust the certificate in %s", err, ep.CA)
	}
	s.Transport = transport
	person := t.NewPerson(&http.Client{Transport: transport}, ep)
	person.Hurried = true
	s.Person = player{person, string(mail)}
	s.Tenant = ep.Domain
	s.Cloud = graph.Cloud{
		Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: pages.Portal, Account: pages.Portal,
		SecurityInfo: pages.Portal + "/security-info", Delegate365: pages.Delegate365, Custom: true,
	}
	return nil
}

// Close ends what Open began.
func (s *Stage) Close() error {
	var errs []error
	for _, f := range s.close {
		errs = append(errs, f())
	}
	return errors.Join(errs...)
}

// player is the simulated person, who also has the welcome mail at hand.
type player struct {
	*simtenant.Person
	mail string
}

func (p player) Play(ctx context.Context, part string, with map[string]string) (string, error) {
	if part == steps.PartWelcomeMail {
		return p.mail, nil
	}
	return p.Person.Play(ctx, part, with)
}
