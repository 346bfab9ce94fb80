package guard_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// worker closes nothing, and remembers what it was asked for.
type worker struct {
	mu     sync.Mutex
	order  guard.Order
	tokens *graph.Relay
	owed   func() []journal.Inverse
	probe  error
	fails  int // how many more attempts to close do not succeed
	panics int // how many of them panic
	closed []time.Time
	stuck  error
	gone   time.Time // what it was told of the wizard's end
	done   bool
}

func (w *worker) Probe(context.Context) error { return w.probe }

func (w *worker) Close(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.panics > 0 {
		w.panics--
		panic("hunter2")
	}
	if w.fails > 0 {
		w.fails--
		return errors.New("no network")
	}
	w.closed = append(w.closed, time.Now())
	return nil
}

func (w *worker) Stuck(err error)   { w.stuck = err }
func (w *worker) Gone(at time.Time) { w.gone = at }
func (w *worker) Done()             { w.done = true }

// post is a guard in this process, with the wizard's end of its pipe.
type post struct {
	*guard.Guard
	t      *testing.T
	worker *worker
	to     io.WriteCloser
	from   io.Reader
	end    context.CancelFunc // what SIGTERM does
	served chan error
	began  time.Time
}

const (
	account = "11111111-1111-4111-8111-111111111111"
	other   = "22222222-2222-4222-8222-222222222222"
)

func orderFor(window time.Duration) guard.Order {
	return guard.Order{
		TenantID: "33333333-3333-4333-8333-333333333333", Account: journal.Account{ID: account, UserPrincipalName: "service@contoso.com"},
		Opened: time.Now(), Cap: window, Token: graph.Token{Text: graph.NewSecret("the-first-token"), Expires: time.Now().Add(70 * time.Minute)},
		Inverses: []journal.Inverse{exclusionOf("policy-1", account)},
	}
}

func exclusionOf(policy, user string) journal.Inverse {
	return journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: policy, Value: user}
}

// stand starts a guard that has taken its order. It has to be inside a bubble.
func stand(t *testing.T, o guard.Order, w *worker) *post {
	t.Helper()
	p := started(t, w)
	var err error
	if p.Guard, err = guard.Connect(t.Context(), o, p.to, p.from); err != nil {
		t.Fatal(err)
	}
	return p
}

// started is a guard that waits for its order.
func started(t *testing.T, w *worker) *post {
	t.Helper()
	in, to := io.Pipe()
	from, out := io.Pipe()
	ctx, end := context.WithCancel(context.Background())
	p := &post{t: t, worker: w, to: to, from: from, end: end, served: make(chan error, 1), began: time.Now()}
	go func() {
		p.served <- guard.Serve(ctx, in, out, func(o guard.Order, tokens *graph.Relay, owed func() []journal.Inverse) (guard.Worker, error) {
			w.order, w.tokens, w.owed = o, tokens, owed
			return w, nil
		})
		end()
		_, _ = out.Close(), in.Close()
	}()
	return p
}

// closes checks when, counted from its start, the guard closed the window, and that it ended as it should.
func (p *post) closes(fails bool, at ...time.Duration) {
	p.t.Helper()
	if err := <-p.served; (err != nil) != fails {
		p.t.Errorf("it ended with %v", err)
	}
	var got []time.Duration
	for _, c := range p.worker.closed {
		got = append(got, c.Sub(p.began).Round(time.Second))
	}
	if !slices.Equal(got, at) {
		p.t.Errorf("it closed at %v, want %v", got, at)
	}
	if !p.worker.done {
		p.t.Error("the worker holds on to what it has")
	}
}

// after is d from the start, and the looks that follow a close then.
func after(d time.Duration) []time.Duration {
	return []time.Duration{d, d + 2*time.Second, d + 5*time.Second, d + 10*time.Second, d + 20*time.Second}
}

func TestGoodbye(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := stand(t, orderFor(30*time.Minute), &worker{})
		time.Sleep(20 * time.Minute)
		if err := p.Goodbye(); err != nil {
			t.Error(err)
		}
		p.closes(false)
		<-p.Gone()
		if err := p.Register(exclusionOf("policy-2", account)); err == nil {
			t.Error("a guard that has ended takes orders")
		}
		if !p.worker.gone.IsZero() {
			t.Error("it writes down that a wizard is gone that said goodbye")
		}
	})
}

func TestBrokenPipe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := stand(t, orderFor(30*time.Minute), &worker{})
		time.Sleep(time.Minute)
		_ = p.to.Close()
		p.closes(false, time.Minute)
		if late := time.Since(p.began); late > time.Minute {
			t.Errorf("it stays until %s", late)
		}
		if gone := p.worker.gone.Sub(p.began); gone != time.Minute {
			t.Errorf("it writes down that the wizard was gone after %s", gone)
		}
	})
}

// It looks again only where its wizard ended in the middle of a suspension: the next window may be another computer's.
func TestSuspensionUnderWay(t *testing.T) {
	for name, c := range map[string]struct {
		begin func(*post) error
		looks []time.Duration
	}{
		"sent":    {func(p *post) error { return p.Register(exclusionOf("policy-2", account)) }, after(0)},
		"settled": {func(p *post) error { return errors.Join(p.Register(exclusionOf("policy-2", account)), p.Settle()) }, []time.Duration{0}},
		"one more": {func(p *post) error {
			return errors.Join(p.Register(exclusionOf("policy-2", account)), p.Settle(), p.Register(exclusionOf("policy-3", account)))
		}, after(0)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := stand(t, orderFor(30*time.Minute), &worker{})
				if err := c.begin(p); err != nil {
					t.Fatal(err)
				}
				_ = p.to.Close()
				p.closes(false, c.looks...)
			})
		})
	}
	t.Run("of the guard before", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o := orderFor(30 * time.Minute)
			o.Open, o.Underway = true, true
			p := stand(t, o, &worker{})
			_ = p.to.Close()
			p.closes(false, after(0)...)
		})
	})
}

// Somebody sets the clock on the wall back: the cap still passes, also for a guard that comes afterwards.
func TestClockSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := orderFor(30 * time.Minute)
		o.Opened, o.Past, o.Open = o.Opened.Add(31*time.Minute), 29*time.Minute, true // by a clock that was set back by an hour since
		p := stand(t, o, &worker{})
		time.Sleep(2 * time.Minute)
		_ = p.Goodbye()
		p.closes(false, time.Minute)
	})
}

// frozen lets nothing through while it is stopped.
type frozen struct {
	io.Reader
	stopped chan struct{} // full while it is
}

func (f *frozen) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	f.stopped <- struct{}{}
	<-f.stopped
	return n, err
}

// A guard gives a sign of life while it stands by and while it closes, and none when it is stopped.
func TestSignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, to := io.Pipe()
		from, out := io.Pipe()
		stop := &frozen{in, make(chan struct{}, 1)}
		w := &worker{}
		served := make(chan error, 1)
		go func() {
			served <- guard.Serve(context.Background(), stop, out, func(guard.Order, *graph.Relay, func() []journal.Inverse) (guard.Worker, error) {
				return w, nil
			})
			_ = out.Close()
		}()
		g, err := guard.Connect(t.Context(), orderFor(30*time.Minute), to, from)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			time.Sleep(2 * time.Minute) // past the cap as well
			if err := g.Beat(); err != nil {
				t.Fatal(err)
			}
		}
		stop.stopped <- struct{}{}
		begin := time.Now()
		if err := g.Beat(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("noticed after %s", took)
		}
		<-stop.stopped
		_ = to.Close()
		if err := <-served; err != nil || len(w.closed) != 1 {
			t.Errorf("%v, closed %v", err, w.closed)
		}
		<-g.Gone()
	})
}

func TestToldToEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := stand(t, orderFor(30*time.Minute), &worker{})
		p.end()
		p.closes(false, 0)
	})
}

// The cap passes while the wizard is there: the guard closes once, takes no more suspensions, and stays for the goodbye,
// or for the wizard's end.
func TestCap(t *testing.T) {
	for name, end := range map[string]func(*post){
		"goodbye": func(p *post) { _ = p.Goodbye() },
		"broken":  func(p *post) { _ = p.to.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := stand(t, orderFor(30*time.Minute), &worker{})
				if err := p.Register(exclusionOf("policy-2", account)); err != nil {
					t.Error(err)
				}
				time.Sleep(40 * time.Minute)
				if err := p.Register(exclusionOf("policy-3", account)); err == nil || !strings.Contains(err.Error(), "limit") {
					t.Errorf("it takes a suspension past the cap: %v", err)
				}
				if want := []journal.Inverse{exclusionOf("policy-1", account), exclusionOf("policy-2", account)}; !slices.Equal(p.worker.owed(), want) {
					t.Errorf("it owes %v", p.worker.owed())
				}
				end(p)
				if name == "goodbye" {
					p.closes(false, 30*time.Minute)
					return
				}
				looks := after(40 * time.Minute)
				looks[0] = 30 * time.Minute
				p.closes(false, looks...)
			})
		})
	}
}

// The clock on the wall counts from the opening, also for a guard that came later.
func TestCapOfARelief(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := orderFor(30 * time.Minute)
		o.Opened, o.Open = o.Opened.Add(-29*time.Minute), true
		p := stand(t, o, &worker{probe: errors.New("no network just now")})
		time.Sleep(2 * time.Minute)
		_ = p.Goodbye()
		p.closes(false, time.Minute)
	})
}

func TestTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := stand(t, orderFor(30*time.Minute), &worker{fails: 5})
		_ = p.to.Close()
		<-p.served
		if len(p.worker.closed) == 0 || p.worker.closed[0].Sub(p.began) > time.Minute || p.worker.stuck != nil {
			t.Errorf("closed %v, stuck %v", p.worker.closed, p.worker.stuck)
		}
	})
}

// It gives up when its newest token has ended, or when the time it is to retry for has, and says so.
func TestGivesUp(t *testing.T) {
	for name, c := range map[string]struct {
		retryFor, renewed time.Duration
		least, most       time.Duration
	}{
		"token":         {least: 70 * time.Minute, most: 71 * time.Minute},
		"renewed token": {renewed: 2 * time.Hour, least: 2 * time.Hour, most: 121 * time.Minute},
		"time to retry": {retryFor: 10 * time.Second, least: 10 * time.Second, most: 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := orderFor(30 * time.Minute)
				o.RetryFor = c.retryFor
				p := stand(t, o, &worker{fails: 1 << 30})
				if c.renewed > 0 {
					if err := p.Renew(graph.Token{Text: graph.NewSecret("the-next-token"), Expires: time.Now().Add(c.renewed)}); err != nil {
						t.Fatal(err)
					}
				}
				_ = p.to.Close()
				p.closes(true)
				if took := time.Since(p.began); took < c.least || took > c.most || p.worker.stuck == nil {
					t.Errorf("it gave up after %s, stuck %v", took, p.worker.stuck)
				}
			})
		})
	}
}

// Nothing but the wizard's own messages, about the one account, is understood. Anything else closes the window.
func TestNotUnderstood(t *testing.T) {
	for name, line := range map[string]string{
		"no JSON":                `put the window out`,
		"empty":                  ``,
		"nothing in it":          `{}`,
		"two at once":            `{"goodbye":true,"owe":{"kind":"policy-exclusion","targetId":"p","value":"` + account + `"}}`,
		"two on a line":          `{"goodbye":true} {"goodbye":true}`,
		"unknown member":         `{"goodbye":true,"run":"rm"}`,
		"second order":           `{"order":{"TenantID":"44444444-4444-4444-8444-444444444444"}}`,
		"exclusion of another":   `{"owe":{"kind":"policy-exclusion","targetId":"p","value":"` + other + `"}}`,
		"state of another":       `{"owe":{"kind":"per-user-mfa","targetId":"` + other + `","value":"disabled"}}`,
		"something else to undo": `{"owe":{"kind":"user","targetId":"` + account + `"}}`,
		"longer than a message":  `{"renew":{"text":"` + strings.Repeat("x", 2<<20) + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := stand(t, orderFor(30*time.Minute), &worker{})
				go func() { _, _ = io.WriteString(p.to, line+"\n") }()
				p.closes(false, 0)
				if owed := p.worker.owed(); len(owed) != 1 {
					t.Errorf("it took %v", owed)
				}
			})
		})
	}
}

// A guard that is not ready guards nothing, says why, and does nothing.
func TestNotReady(t *testing.T) {
	for name, c := range map[string]struct {
		order func(*guard.Order)
		probe error
		says  string
	}{
		"no way to the tenant": {probe: errors.New("no route"), says: "no route"},
		"incomplete":           {order: func(o *guard.Order) { o.Account.ID = "" }, says: "incomplete"},
		"no token":             {order: func(o *guard.Order) { o.Token = graph.Token{} }, says: "incomplete"},
		"another account":      {order: func(o *guard.Order) { o.Inverses = []journal.Inverse{exclusionOf("p", other)} }, says: "another account"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := orderFor(30 * time.Minute)
				if c.order != nil {
					c.order(&o)
				}
				p := started(t, &worker{probe: c.probe})
				if _, err := guard.Connect(t.Context(), o, p.to, p.from); err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("it is ready: %v", err)
				}
				if err := <-p.served; err == nil || len(p.worker.closed) > 0 {
					t.Errorf("%v, closed %v", err, p.worker.closed)
				}
			})
		})
	}
}

// The wizard ends before the guard is ready, and so before the window is open.
func TestNoOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := started(t, &worker{})
		_ = p.to.Close()
		if err := <-p.served; err == nil || len(p.worker.closed) > 0 {
			t.Errorf("%v, closed %v", err, p.worker.closed)
		}
	})
}

// A guard that does not answer is not relied on.
func TestNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, to := io.Pipe()
		from, _ := io.Pipe()
		if _, err := guard.Connect(t.Context(), orderFor(time.Hour), to, from); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		_, _ = to.Close(), from.Close()
	})
}

// The order arrives whole, its token and its key included, which nothing else prints.
func TestOrderArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := orderFor(30 * time.Minute)
		o.Cloud = graph.Cloud{Name: "simulated", Graph: "https://127.0.0.1:1", Authority: "https://127.0.0.1:2", Custom: true}
		o.Key = graph.NewSecret("the-key-of-the-key-ring")
		o.Network.Roots, o.Journal, o.Run, o.Operator, o.RetryFor = []byte("PEM"), "/journals", "run", "admin@contoso.com", time.Second
		p := stand(t, o, &worker{})
		got := p.worker.order
		if got.Token.Text.Reveal() != o.Token.Text.Reveal() || !got.Token.Expires.Equal(o.Token.Expires) || !got.Opened.Equal(o.Opened) {
			t.Errorf("the token or the clock is another one")
		}
		if got.Key.Reveal() != o.Key.Reveal() {
			t.Error("the key is another one")
		}
		got.Token, got.Opened, got.Key = o.Token, o.Opened, o.Key
		if !reflect.DeepEqual(got, o) {
			t.Errorf("it took\n%+v, want\n%+v", got, o)
		}
		if text := fmt.Sprintf("%+v %#v", got, got); strings.Contains(text, "the-first-token") || strings.Contains(text, "the-key-of") {
			t.Error("printing an order shows a secret of it")
		}
		_ = p.Goodbye()
		<-p.served
	})
}

// When a token ends is not told by the clock on the wall, which may be set. In virtual time there is no other.
func TestTokenEndsByTheOtherClock(t *testing.T) {
	p := stand(t, orderFor(30*time.Minute), &worker{})
	if end := p.worker.order.Token.Expires; !strings.Contains(end.String(), " m=") || time.Until(end) > 70*time.Minute {
		t.Errorf("it ends at %s", end)
	}
	_ = p.Goodbye()
	<-p.served
}

// A panic of the worker is a failed attempt, and the next one closes the window.
func TestWorkerPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &worker{panics: 1}
		p := stand(t, orderFor(30*time.Minute), w)
		_ = p.to.Close()
		if err := <-p.served; err != nil || len(w.closed) == 0 {
			t.Errorf("%v, closed %v", err, w.closed)
		}
	})
}

// The guard closes the window before the end of its newest token, when nobody brings another one.
func TestTokenEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := orderFor(2 * time.Hour)
		p := stand(t, o, &worker{})
		p.closes(false, o.Token.Expires.Sub(o.Opened)-time.Minute)
		if p.worker.stuck != nil {
			t.Errorf("it is called stuck: %v", p.worker.stuck)
		}
	})
}
