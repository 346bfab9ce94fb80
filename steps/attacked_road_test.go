package steps_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// onRoad is a rehearsal whose way to the tenant changes while the window is open.
func onRoad(t *testing.T, change func(*http.Transport, *cable)) (*rehearsal, *cable) {
	t.Helper()
	tenant := build(t, setup{profile: "business"})
	c := wired(t, tenant)
	return rehearseOn(t, tenant, setup{wrap: func(http.RoundTripper) http.RoundTripper {
		road := c.transport()
		change(road, c)
		return road
	}}), c
}

// closedInTime closes the window and looks how long it took since the tenant could be reached.
func closedInTime(t *testing.T, r *rehearsal, reachable time.Time) {
	t.Helper()
	var after time.Duration
	end := r.whenDemanded(t, reachable, &after)
	if err := r.untilClosed(t.Context()); err != nil || r.open() || r.excluded() > 0 {
		t.Errorf("%v, open %v, %d exclusions", err, r.open(), r.excluded())
	}
	if end(); after > closeWithin {
		t.Errorf("closed after %s", after)
	} else {
		t.Logf("closed after %s", after)
	}
	r.run.Close()
}

// No name is resolved any more, and the connections that exist work: they are the only way left, and it is taken.
func TestNoNameIsResolved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var dead atomic.Bool
		r, c := onRoad(t, func(road *http.Transport, c *cable) {
			road.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				if dead.Load() {
					return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "server misbehaving", Name: address, IsTemporary: true}}
				}
				return c.dial(ctx, network, address)
			}
		})
		defer c.end()
		r.passUntil(steps.RunSetup)
		dead.Store(true)
		closedInTime(t, r, time.Now())
	})
}

// A proxy appears that takes connections and never answers, and what existed is dead. Once it is gone the window is closed; until
// then no attempt hangs on it for good.
func TestProxyThatNeverAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var there atomic.Bool
		var taken atomic.Int64
		r, c := onRoad(t, func(road *http.Transport, c *cable) {
			road.Proxy = func(*http.Request) (*url.URL, error) {
				if there.Load() {
					return url.Parse("http://proxy.example:3128")
				}
				return nil, nil
			}
			road.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				if !strings.HasPrefix(address, "proxy.example") {
					return c.dial(ctx, network, address)
				}
				taken.Add(1)
				here, silent := net.Pipe()
				go func() {
					defer silent.Close()
					for buffer := make([]byte, 1024); ; { // it reads, and says nothing
						if _, err := silent.Read(buffer); err != nil {
							return
						}
					}
				}()
				return here, nil
			}
		})
		defer c.end()
		r.passUntil(steps.RunSetup)
		there.Store(true)
		c.kill()
		gone := time.Now().Add(40 * time.Second)
		go func() { time.Sleep(40 * time.Second); there.Store(false) }()
		closedInTime(t, r, gone)
		time.Sleep(2 * time.Minute) // what hangs on it is given up by itself
		if taken.Load() < 2 {
			t.Errorf("the proxy took %d connections in 40 s: an attempt hung on it", taken.Load())
		}
	})
}
