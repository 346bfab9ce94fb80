package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Worker closes one window. What it can do was decided when it was started.
type Worker interface {
	// Probe reads the tenant with a token that can close the window.
	Probe(context.Context) error
	// Close closes the window and reads that it is. It may be called again, and then changes only what is open again.
	Close(context.Context) error
	// Stuck writes down that the window stays open.
	Stuck(error)
	// Done lets go of what the worker holds.
	Done()
}

// Noter is a worker that writes down when the wizard was gone without a goodbye.
type Noter interface {
	// Gone writes it down. The window is closed by then: nothing waits for it.
	Gone(at time.Time)
}

// Reporter is a worker that writes the report for the customer in place of a wizard that is gone.
type Reporter interface {
	// Report writes it. The window is closed by then, or can't be: nothing depends on it.
	Report(context.Context)
}

// NewWorker makes the worker for an order. Tokens are taken from the relay, and owed is what has to be taken back now.
type NewWorker func(o Order, tokens *graph.Relay, owed func() []journal.Inverse) (Worker, error)

const (
	lookEvery = time.Second     // whether the cap has passed
	standsBy  = 5 * time.Second // after the last look: one that has not looked for longer would not notice the cap
	endsSoon  = time.Minute     // before the end of the newest token: afterwards nothing can be closed
	lastRetry = 3 * time.Second // between two attempts to close, at the most
)

// Aftermath is when a closed window is looked at again, each time counted from the look before, where the wizard ended
// in the middle of a suspension: it may reach the tenant after the window was closed.
var Aftermath = []time.Duration{2 * time.Second, 3 * time.Second, 5 * time.Second, 10 * time.Second}

// Serve is the guard: it takes an order from in, answers on out, and returns when the window is closed, when the wizard
// said goodbye, or, with an error, when the window could not be closed. The end of ctx closes the window at once.
//
// A panic becomes ErrBroken, which tells only the type of what was panicked with. One while the window is being closed is an
// attempt that failed; one while the guard stands by ends it, and its wizard starts another.
func Serve(ctx context.Context, in io.Reader, out io.Writer, newWorker NewWorker) (err error) {
	s := &service{out: out, ordered: make(chan struct{}), ended: make(chan struct{})}
	defer survive(&err)
	go s.read(in)
	if err := s.begin(ctx, newWorker); err != nil {
		return err
	}
	defer s.worker.Done()
	broken := recovered(func() error { s.watch(ctx); return nil })
	if broken != nil && s.wizardLives() {
		return broken // it starts another guard
	}
	if s.released() {
		return nil
	}
	if err = errors.Join(broken, s.finish(ctx)); err == nil {
		s.noteGone()
	}
	s.report(ctx)
	return err
}

// service is one guard at work.
type service struct {
	out     io.Writer
	ordered chan struct{} // closed when there is an order
	ended   chan struct{} // closed when the pipe has ended, with or without a goodbye
	order   Order
	worker  Worker
	tokens  graph.Relay

	mu      sync.Mutex
	ready   bool
	late    bool      // the window is being closed
	looked  time.Time // when the watch last looked at the clock
	sending bool      // a suspension may reach the tenant yet
	goodbye bool
	broken  time.Time
	owed    []journal.Inverse
}

// read takes messages until a goodbye, or the first that is not understood.
func (s *service) read(in io.Reader) {
	defer func() {
		_ = recover() // as good as a broken pipe
		s.with(func() { s.broken = time.Now() })
		close(s.ended)
	}()
	for l := lines(in); l.Scan(); {
		m, err := parseMessage(l.Bytes())
		clear(l.Bytes())
		if err != nil || !s.take(m) || m.Goodbye {
			return
		}
	}
}

// take carries out one message and answers it. It reports whether it is one that the wizard sends.
func (s *service) take(m message) bool {
	switch {
	case m.Order != nil:
		return s.takeOrder(m.Order)
	case m.Look:
		return s.order.TenantID == "" && writeLine(s.out, answer{Job: ownJob()}) == nil
	}
	said := answer{}
	known := true
	s.with(func() {
		switch {
		case !s.ready, m.Register != nil && !s.order.takes(*m.Register):
			known = false
		case m.Register != nil && s.late:
			said.Error = "the window has reached its limit"
		case m.Register != nil:
			s.register(*m.Register)
		case m.Settle:
			s.sending = false
		case m.Beat && !s.late && time.Since(s.looked) > standsBy:
			said.Error = "the guard stands still"
		case m.Renew != nil:
			s.tokens.Set(m.Renew.token())
		case m.Goodbye:
			s.goodbye = true
		}
	})
	return known && writeLine(s.out, said) == nil
}

func (s *service) register(i journal.Inverse) {
	s.sending = true
	if !slices.Contains(s.owed, i) {
		s.owed = append(s.owed, i)
	}
}

// takeOrder takes the one order there is.
func (s *service) takeOrder(o *orderLine) bool {
	if s.order.TenantID != "" {
		return false
	}
	s.order = o.Order
	s.order.Token, s.order.Key = o.Token.token(), graph.NewSecret(o.Key)
	close(s.ordered)
	return true
}

func (s *service) with(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *service) released() (is bool) {
	s.with(func() { is = s.goodbye })
	return is
}

func (s *service) underway() (is bool) {
	s.with(func() { is = s.sending })
	return is
}

func (s *service) wizardLives() bool {
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// begin takes the order and proves that the window can be closed. An error means that there is nothing to guard, and is
// told to the wizard.
func (s *service) begin(ctx context.Context, newWorker NewWorker) error {
	select {
	case <-s.ordered:
	case <-s.ended:
		return errors.New("the pipe brought no order")
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := s.prepare(ctx, newWorker); err != nil {
		return errors.Join(err, writeLine(s.out, answer{Error: err.Error()}))
	}
	s.with(func() { s.ready, s.looked = true, time.Now() })
	// A wizard that has ended meanwhile is noticed next.
	_ = writeLine(s.out, answer{Job: ownJob()})
	return nil
}

func (s *service) prepare(ctx context.Context, newWorker NewWorker) error {
	if err := s.order.check(); err != nil {
		return err
	}
	for _, name := range network {
		if value, set := s.order.Network.Environ[name]; set {
			if err := os.Setenv(name, value); err != nil {
				return err
			}
		}
	}
	s.owed, s.sending = slices.Clone(s.order.Inverses), s.order.Underway
	s.tokens.Set(s.order.Token)
	var err error
	if s.worker, err = newWorker(s.order, &s.tokens, s.owes); err != nil {
		return err
	}
	if s.order.Open {
		return nil // whatever the network is like now, the window is to be closed
	}
	probing, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err = recovered(func() error { return s.worker.Probe(probing) }); err == nil {
		select {
		case <-s.ended:
			err = errGone
		default:
			return nil
		}
	}
	s.worker.Done()
	return fmt.Errorf("reach the tenant: %w", err)
}

// owes is what has to be taken back now.
func (s *service) owes() (owed []journal.Inverse) {
	s.with(func() { owed = slices.Clone(s.owed) })
	return owed
}

// watch stands by until the window has to be closed, or is. The cap is measured by the clock on the wall, which may be set
// back, and by the one that can't be.
func (s *service) watch(ctx context.Context) {
	begun := time.Now()
	clock := time.NewTicker(lookEvery)
	defer clock.Stop()
	for {
		select {
		case <-s.ended:
			return
		case <-ctx.Done():
			return
		case <-clock.C:
			s.with(func() { s.looked = time.Now() })
			if !time.Now().Before(s.order.due()) || s.order.Past+time.Since(begun) >= s.order.Cap || time.Until(s.tokens.Expires()) <= endsSoon {
				return
			}
		}
	}
}
