// Package guard is the second process that closes the exposure window when the wizard can't. The wizard starts it before
// the first change that opens the window and hands it, through a pipe and nowhere else, what closing takes. When the pipe
// breaks without a goodbye, or the window's cap passes, the guard closes the window and ends. It can do nothing else, for
// nobody: what closing is comes from package steps, and only the wizard holds the other end of the pipe.
package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// How long the wizard waits for its guard: until it has proven that it can reach the tenant, for each answer, and for a
// sign of life.
const (
	readyWithin  = 30 * time.Second
	answerWithin = 10 * time.Second
	beatWithin   = 5 * time.Second
)

// BeatEvery is how often a wizard asks its guard for a sign of life.
const BeatEvery = 2 * time.Second

var errGone = errors.New("the guard has ended")

// Guard is the wizard's end of a guard that is ready. Its methods may be called from any goroutine.
type Guard struct {
	turn    sync.Mutex // one message and its answer at a time
	lost    bool       // an answer did not come: whatever comes next belongs to nothing
	to      io.WriteCloser
	kill    func() error // by the handle of its process; nil for a guard in this process
	answers chan answer
	gone    chan struct{}
	job     Job
}

// attach is a guard of which nothing is known yet.
func attach(to io.WriteCloser, from io.Reader) *Guard {
	g := &Guard{to: to, answers: make(chan answer), gone: make(chan struct{})}
	go g.listen(from)
	return g
}

// Connect gives a guard its order through to, and returns when it answers on from that it is ready. The error says why it
// is not; the caller closes both then.
func Connect(ctx context.Context, o Order, to io.WriteCloser, from io.Reader) (*Guard, error) {
	g := attach(to, from)
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	ready, err := g.ask(ctx, message{Order: &orderLine{o, lineOf(o.Token), o.Key.Reveal()}})
	if err != nil {
		return nil, fmt.Errorf("start the guard: %w", err)
	}
	g.job = ready.Job
	return g, nil
}

// listen hands answers on until the guard ends, or says something that it never does.
func (g *Guard) listen(from io.Reader) {
	defer close(g.gone)
	defer func() { _ = recover() }() // as good as a guard that has ended
	for s := lines(from); s.Scan(); {
		a, err := parse[answer](s.Bytes())
		if err != nil {
			return
		}
		select {
		case g.answers <- a:
		case <-time.After(answerWithin): // nobody waits for it any more
			return
		}
	}
}

// say sends one message and waits until it was understood.
func (g *Guard) say(ctx context.Context, m message) error {
	_, err := g.ask(ctx, m)
	return err
}

// ask sends one message and waits for its answer.
func (g *Guard) ask(ctx context.Context, m message) (answer, error) {
	g.turn.Lock()
	defer g.turn.Unlock()
	if g.lost && !m.Goodbye {
		return answer{}, errGone
	}
	sent := make(chan error, 1)
	go func() {
		var err error
		defer func() { sent <- err }()
		defer survive(&err)
		err = writeLine(g.to, m)
	}()
	for {
		select {
		case err := <-sent:
			if err != nil {
				return answer{}, errors.Join(errGone, err)
			}
			sent = nil
		case a := <-g.answers:
			if a.Error != "" {
				return answer{}, errors.New(a.Error)
			}
			return a, nil
		case <-g.gone:
			return answer{}, errGone
		case <-ctx.Done():
			g.lost = true
			return answer{}, ctx.Err()
		}
	}
}

func (g *Guard) tell(m message) error { return g.tellWithin(answerWithin, m) }

func (g *Guard) tellWithin(d time.Duration, m message) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return g.say(ctx, m)
}

// Register tells the guard of something that is about to be suspended for its account. Nothing may be suspended while it
// returns an error.
func (g *Guard) Register(i journal.Inverse) error { return g.tell(message{Register: &i}) }

// Settle tells the guard that the tenant was read to show every suspension it was told of, or that it was refused: none
// can reach the tenant after the window was closed.
func (g *Guard) Settle() error { return g.tell(message{Settle: true}) }

// Beat asks the guard for a sign of life. After an error it can't be relied on.
func (g *Guard) Beat() error { return g.tellWithin(beatWithin, message{Beat: true}) }

// Renew gives the guard a fresh token.
func (g *Guard) Renew(t graph.Token) error {
	line := lineOf(t)
	return g.tell(message{Renew: &line})
}

// Goodbye lets the guard go: the window is closed. It ends without doing anything.
func (g *Guard) Goodbye() error { return errors.Join(g.tell(message{Goodbye: true}), g.to.Close()) }

// Dismiss ends a guard that is not relied on any more, without its doing anything: by its process where it has one, because
// one that hangs reads no goodbye, and would take the end of its pipe for the end of its wizard when it goes on.
func (g *Guard) Dismiss() error {
	if g.kill == nil {
		return g.Goodbye()
	}
	return errors.Join(g.kill(), g.to.Close())
}

// Job is how it stood to the job objects of Windows when it was ready.
func (g *Guard) Job() Job { return g.job }

// Gone is closed when the guard has ended.
func (g *Guard) Gone() <-chan struct{} { return g.gone }
