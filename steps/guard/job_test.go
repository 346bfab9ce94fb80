package guard

import (
	"errors"
	"io"
	"testing"
	"testing/synctest"
)

// Asked before it has an order, a guard says what it is in, and ends with the pipe without having closed anything.
func TestLookForJobs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, to := io.Pipe()
		from, out := io.Pipe()
		served := make(chan error, 1)
		go func() { served <- errors.Join(Serve(t.Context(), in, out, nil), out.Close()) }()
		said, err := attach(to, from).ask(t.Context(), message{Look: true})
		if err != nil || said.Job != ownJob() {
			t.Errorf("it says %d (%v)", said.Job, err)
		}
		_ = to.Close()
		if err := <-served; err == nil {
			t.Error("it takes a look for an order")
		}
	})
}

// What a guard says that is ready stays known.
func TestReadyInAJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, to := io.Pipe()
		from, out := io.Pipe()
		go func() {
			for l := lines(in); l.Scan(); {
				_ = writeLine(out, answer{Job: KillingJob})
			}
			_ = out.Close()
		}()
		g, err := Connect(t.Context(), Order{}, to, from)
		if err != nil || g.Job() != KillingJob {
			t.Fatalf("%v: it is in %d", err, g.Job())
		}
		_ = g.Goodbye()
		<-g.Gone()
	})
}
