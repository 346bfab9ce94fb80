package steps_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// cable is a network between this process and the tenant whose connections can die without a word: what is sent on them
// goes nowhere, and nothing comes, as after a laptop slept or changed its Wi-Fi. New ones work, unless it is cut.
type cable struct {
	roots  *x509.CertPool
	server *http.Server
	accept chan net.Conn
	closed chan struct{}
	cut    atomic.Bool

	mu    sync.Mutex
	lines []*thread
}

func wired(t *testing.T, tenant *simtest.Tenant) *cable {
	t.Helper()
	ep := tenant.Endpoints()
	c := &cable{accept: make(chan net.Conn), closed: make(chan struct{})}
	certificate := c.certify(t, ep.Graph, ep.Authority, ep.Portal)
	c.server = &http.Server{
		Handler: tenant.Handler(), ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute,
		// A ticket would be written while the client writes, and a pipe holds nothing.
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, SessionTicketsDisabled: true, MinVersion: tls.VersionTLS12},
	}
	go func() { _ = c.server.ServeTLS(c, "", "") }()
	return c
}

// end ends every connection.
func (c *cable) end() {
	_ = c.server.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.lines {
		_ = l.Close()
	}
}

// kill lets every connection that exists die without a word.
func (c *cable) kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.lines {
		l.dead.Store(true)
	}
}

// transport is one computer's way to the tenant, as the program makes it.
func (c *cable) transport() *http.Transport {
	t := graph.NewTransport(c.roots)
	t.DialContext = c.dial
	return t
}

func (c *cable) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if c.cut.Load() {
		select {
		case <-ctx.Done():
		case <-c.closed:
		case <-time.After(10 * time.Second):
		}
		return nil, &net.OpError{Op: "dial", Err: context.DeadlineExceeded}
	}
	here, there := net.Pipe()
	l := &thread{Conn: here}
	c.mu.Lock()
	c.lines = append(c.lines, l)
	c.mu.Unlock()
	select {
	case c.accept <- there:
		return l, nil
	case <-c.closed:
		return nil, net.ErrClosed
	}
}

// The three methods of a listener.

func (c *cable) Accept() (net.Conn, error) {
	select {
	case conn := <-c.accept:
		return conn, nil
	case <-c.closed:
		return nil, net.ErrClosed
	}
}

func (c *cable) Close() error {
	select {
	case <-c.closed:
	default:
		close(c.closed)
	}
	return nil
}

func (c *cable) Addr() net.Addr { return &net.TCPAddr{} }

// thread is one connection.
type thread struct {
	net.Conn
	dead atomic.Bool
}

func (l *thread) Write(p []byte) (int, error) {
	if l.dead.Load() {
		return len(p), nil
	}
	return l.Conn.Write(p)
}

func (l *thread) Read(p []byte) (int, error) {
	for {
		n, err := l.Conn.Read(p)
		if err != nil || !l.dead.Load() {
			return n, err
		}
	}
}

// certify makes a certificate for the hosts.
func (c *cable) certify(t *testing.T, addresses ...string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(240 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		template.DNSNames = append(template.DNSNames, u.Hostname())
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	c.roots = x509.NewCertPool()
	c.roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// closeWithin is how soon the window has to be closed once the tenant can be reached by any connection.
const closeWithin = 15 * time.Second

// Every connection of the wizard dies while the window is open, and new ones work: it closes at once, over a new one.
func TestDeadConnections(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "business"} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, c := onCable(t, profile)
				defer c.end()
				r.passUntil(steps.RunSetup)
				c.kill()
				after := closesAfter(t, r)
				if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() || r.excluded() > 0 {
					t.Errorf("%v, open %v, %d exclusions", err, r.open(), r.excluded())
				}
				if took := after(); took > closeWithin {
					t.Errorf("closed after %s", took)
				} else {
					t.Logf("closed after %s", took)
				}
				r.run.Close()
			})
		})
	}
}

// Connections die again and again while the window is being closed, one after the other.
func TestConnectionsDieWhileClosing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, c := onCable(t, "business")
		defer c.end()
		r.passUntil(steps.RunSetup)
		over := make(chan struct{})
		go func() {
			defer close(over)
			for range 6 {
				c.kill()
				time.Sleep(1500 * time.Millisecond)
			}
		}()
		after := closesAfter(t, r)
		for r.open() {
			if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
				time.Sleep(3 * time.Second)
			}
		}
		<-over
		if took := after(); took > closeWithin || r.excluded() > 0 {
			t.Errorf("closed after %s, %d exclusions", took, r.excluded())
		}
		r.run.Close()
	})
}

// The network is cut at any moment, and comes back after any time: from then on the window is open for 15 seconds at the
// most, whoever closes it, although everything that existed is dead.
func TestNetworkComesBack(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"wizard", "guard"} {
		for _, out := range fewer(2, []time.Duration{time.Second, 7 * time.Second, 15 * time.Second, 29 * time.Second, 61 * time.Second}) {
			t.Run(by+" after "+out.String(), func(t *testing.T) {
				folder := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					tenant := build(t, setup{profile: "business"})
					c := wired(t, tenant)
					defer c.end()
					guards := &sentry{}
					r := rehearseOn(t, tenant, setup{
						wrap: func(http.RoundTripper) http.RoundTripper { return c.transport() },
						options: func(o *steps.Options) {
							o.Journal = folder
							o.Guard = guardsOver(guards, c)
						},
					})
					r.passUntil(steps.RunSetup)
					c.cut.Store(true)
					c.kill()
					done := make(chan error, 1)
					if by == "wizard" {
						go func() { done <- r.untilClosed(t.Context()) }()
					} else {
						r.run.Close()
						_ = guards.last().pipe.Close()
						go func() { done <- <-guards.last().served }()
					}
					time.Sleep(out)
					if r.mfa() != "disabled" {
						t.Fatal("it was closed without a network")
					}
					c.cut.Store(false)
					after := closesAfter(t, r)
					err := <-done
					took := after()
					if err != nil || took > closeWithin || r.excluded() > 0 {
						t.Errorf("%v, closed after %s, %d exclusions", err, took, r.excluded())
					}
					t.Logf("closed %s after the network was back", took)
					if by == "wizard" {
						r.run.Close()
						guards.end()
					}
				})
			})
		}
	}
}

// untilClosed closes the window as the wizard does, again and again.
func (r *rehearsal) untilClosed(ctx context.Context) error {
	for {
		err := r.run.CloseExposure(ctx, r.report)
		if err == nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		time.Sleep(3 * time.Second)
	}
}

// onCable is a rehearsal over connections that can die.
func onCable(t *testing.T, profile string) (*rehearsal, *cable) {
	t.Helper()
	tenant := build(t, setup{profile: profile})
	c := wired(t, tenant)
	return rehearseOn(t, tenant, setup{wrap: func(http.RoundTripper) http.RoundTripper { return c.transport() }}), c
}

// closesAfter counts from now until the tenant demands MFA of the service account. What it returns waits for that.
func closesAfter(t *testing.T, r *rehearsal) func() time.Duration {
	t.Helper()
	begin := time.Now()
	var after time.Duration
	end := r.whenDemanded(t, begin, &after)
	return func() time.Duration { end(); return after }
}

// guardsOver starts guards whose connections are on the cable too.
func guardsOver(w *sentry, c *cable) window.StartGuard {
	return func(ctx context.Context, order guard.Order) (*guard.Guard, error) {
		in, to := io.Pipe()
		from, out := io.Pipe()
		one := sentinel{order: order, pipe: to, stop: &halt{in, make(chan struct{}, 1)}, served: make(chan error, 1)}
		go func() {
			one.served <- guard.Serve(context.Background(), in, out, window.NewCloser(c.transport()))
			_ = out.Close()
		}()
		w.mu.Lock()
		w.guards = append(w.guards, one)
		w.mu.Unlock()
		return guard.Connect(ctx, order, to, from)
	}
}

// whenDemanded notes when the tenant demands MFA of the service account. The function it returns ends it.
func (r *rehearsal) whenDemanded(t *testing.T, since time.Time, after *time.Duration) (end func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for over := false; r.mfa() == "disabled"; {
			if over {
				t.Error("it does not demand MFA")
				return
			}
			select {
			case <-done:
				over = true
			case <-time.After(100 * time.Millisecond):
			}
		}
		*after = time.Since(since)
	}()
	return func() { close(done); <-ended }
}
