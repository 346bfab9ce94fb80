// Package clipboard hands one value at a time to whoever pastes next, and takes it away again where it is a secret.
//
// Rules:
//   - A secret reaches another program through its standard input, a system call or a protocol message: never as an
//     argument, in the environment or in a file. Therefore wl-copy, which keeps what it reads in a file under /tmp, is
//     not used: Wayland and X11 are spoken to directly. golang.design/x/clipboard 0.9 speaks both as well, but never wipes
//     its copies, and says itself that writing is no way to clear a secret.
//   - A secret is copied once, and taken away after Hold, at the next copy and at Close, whichever comes first. What
//     somebody else has copied since is never taken away: where that can't be told, nothing is.
//   - What is public, as its value says, stays: nothing is taken away, nothing is warned of.
//   - What could be confirmed and what could not is said, never assumed.
//   - Fewer places are better than more. The terminal's own clipboard (OSC 52) can't be read back or cleared, and is
//     recorded with the session: it is used when nothing better is there, or when the session is a remote one and this
//     machine's clipboard is not where the operator pastes.
//
// When the process is killed, a value on Wayland or X11 is gone with it, because this process is what serves it. On
// Windows, macOS, in tmux and in the terminal it stays until something else is copied.
package clipboard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Hold is how long a secret stays when nothing is copied after it.
const Hold = 45 * time.Second

const (
	placeWithin = 5 * time.Second // bounds one way of placing a value; Windows PowerShell takes a second to start
	takeWithin  = 5 * time.Second // bounds taking it from one place
	undoWithin  = 2 * time.Second // bounds taking it from a place that has just failed
)

// ErrNone says that no clipboard can be reached from here. It is joined with what went wrong with each.
var ErrNone = errors.New("no clipboard can be reached")

// ErrClosed says that Close was called before.
var ErrClosed = errors.New("the clipboard is closed")

// errBlind says that a place can't be read, so that nobody knows what it holds.
var errBlind = errors.New("can't be read back")

// Value is what is copied; graph.Secret is one. Use lends its bytes.
type Value interface {
	Use(f func(b []byte))
	Public() bool // it is no secret
}

// Options say how to reach the operator's clipboard. The zero value reaches the system's alone.
type Options struct {
	// Terminal is where the terminal is written to; nil means that it is left alone. Each sequence is one Write.
	Terminal io.Writer
	// Ask asks the terminal what its clipboard holds; nil means that it can't be asked. Most terminals refuse, and some
	// ask the operator first.
	Ask func(context.Context) (string, error)
	// Hold is how long a value stays; 0 means Hold.
	Hold time.Duration
	// Cleared is called, in a goroutine of its own, when a value was taken away because its time was over. It must not
	// call Close, which waits for it.
	Cleared func(Cleared)
	// Log says why a way was not taken; nil discards it.
	Log *slog.Logger
}

// way is one place from which a value can be pasted.
type way interface {
	name() string
	// put replaces what the place holds.
	put(ctx context.Context, text []byte) (placing, error)
	// holds says whether a paste would bring text, or errBlind.
	holds(ctx context.Context, text []byte) (bool, error)
	// take empties the place if it holds text, and says whether it did; errBlind when nobody can tell.
	take(ctx context.Context, text []byte) (bool, error)
}

// placing is what putting a value somewhere brought with it.
type placing struct {
	unrecorded bool   // histories and synchronisation were told to leave it out
	aside      string // a sentence about something that can't be confirmed
}

// placed is a value that has to be taken away.
type placed struct {
	way  way
	text []byte
}

// Clipboard places secrets and takes them away. Its methods may be called from any goroutine.
type Clipboard struct {
	opts   Options
	here   []way // this machine's; the first that works is used
	beyond []way // those that may reach the machine of somebody who is connected to this one
	remote bool

	turn   chan struct{} // holds one token: whoever has it works on the clipboard
	held   []placed
	timer  *time.Timer
	copies int
	closed bool
	ending sync.WaitGroup
}

// New finds out what can be reached. It starts nothing.
func New(o Options) *Clipboard {
	here, beyond, remote := find(o)
	return with(o, here, beyond, remote)
}

func with(o Options, here, beyond []way, remote bool) *Clipboard {
	if o.Hold == 0 {
		o.Hold = Hold
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c := &Clipboard{opts: o, here: here, beyond: beyond, remote: remote, turn: make(chan struct{}, 1)}
	c.turn <- struct{}{}
	return c
}

// Copy takes away the secret that was copied before and places s. The error is ErrNone, ErrClosed or the context's.
func (c *Clipboard) Copy(ctx context.Context, s Value) (Report, error) {
	var text []byte
	s.Use(func(b []byte) { text = slices.Clone(b) })
	if len(text) == 0 {
		return Report{}, errors.New("there is nothing to copy")
	}
	defer clear(text)
	if err := c.begin(ctx); err != nil {
		return Report{}, err
	}
	defer c.end()
	if c.closed {
		return Report{}, ErrClosed
	}
	c.stop()
	r := Report{public: s.Public()}
	r.earlier(c.takeBack(ctx))
	before := len(c.held)
	err := c.place(ctx, c.here, text, &r)
	if c.remote || !r.Held() {
		err = errors.Join(err, c.place(ctx, c.beyond, text, &r))
	}
	if r.nowhere() {
		return r, errors.Join(ErrNone, ctx.Err(), err)
	}
	c.copies++
	switch {
	case !r.public:
		r.Hold = c.opts.Hold
	case before == 0:
		c.held = nil
		return r, nil
	default: // a secret that could not be taken away is tried again
		c.held = c.held[:before]
	}
	mine := c.copies
	c.ending.Add(1)
	c.timer = time.AfterFunc(c.opts.Hold, func() { defer c.ending.Done(); c.expire(mine) })
	return r, nil
}

// place tries ways until one of them is known to hold text.
func (c *Clipboard) place(ctx context.Context, ways []way, text []byte, r *Report) (err error) {
	for _, w := range ways {
		failed := c.placeIn(ctx, w, text, r)
		if failed == nil {
			return nil
		}
		c.opts.Log.Info("clipboard not used", "clipboard", w.name(), "error", failed)
		err = errors.Join(err, fmt.Errorf("%s: %w", w.name(), failed))
	}
	return err
}

// placeIn returns nil when there is no reason to try another way.
func (c *Clipboard) placeIn(ctx context.Context, w way, text []byte, r *Report) error {
	ctx, cancel := context.WithTimeout(ctx, placeWithin)
	defer cancel()
	p, err := w.put(ctx, text)
	if err != nil {
		c.undo(ctx, w, text)
		return err
	}
	c.held = append(c.held, placed{w, slices.Clone(text)})
	same, err := w.holds(ctx, text)
	switch {
	case err == nil && same:
		r.confirmed(w.name(), p)
		return nil
	case errors.Is(err, errBlind):
		r.blind(w.name(), p)
		return nil
	case err == nil:
		err = errors.New("something else is there")
	}
	r.unconfirmed(w.name())
	return err
}

// undo takes away what may have arrived although placing it failed.
func (c *Clipboard) undo(ctx context.Context, w way, text []byte) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoWithin)
	defer cancel()
	if taken, err := w.take(ctx, text); taken || err != nil {
		c.opts.Log.Info("clipboard cleared after a failure", "clipboard", w.name(), "cleared", taken, "error", err)
	}
}

// expire takes a value away when its time is over, unless something was copied after it.
func (c *Clipboard) expire(mine int) {
	ctx := context.Background()
	if err := c.begin(ctx); err != nil {
		return
	}
	if c.copies != mine || c.closed {
		c.end()
		return
	}
	gone := c.takeBack(ctx)
	c.end()
	if c.opts.Cleared != nil {
		c.opts.Cleared(gone)
	}
}

// Close takes away what is there, if it is still ours, and ends everything. It may be called more than once.
func (c *Clipboard) Close(ctx context.Context) (Cleared, error) {
	if err := c.begin(ctx); err != nil {
		return Cleared{}, err
	}
	c.closed = true
	c.stop()
	gone := c.takeBack(ctx)
	c.end()
	c.ending.Wait()
	return gone, nil
}

// takeBack empties each place that still holds what was put there. What could not be done is tried again next time.
func (c *Clipboard) takeBack(ctx context.Context) Cleared {
	var gone Cleared
	var left []placed
	for _, p := range c.held {
		ctx, cancel := context.WithTimeout(ctx, takeWithin)
		taken, err := p.way.take(ctx, p.text)
		cancel()
		switch {
		case errors.Is(err, errBlind):
			gone.Blind = append(gone.Blind, p.way.name())
		case err != nil:
			c.opts.Log.Warn("clipboard not cleared", "clipboard", p.way.name(), "error", err)
			gone.Failed = append(gone.Failed, p.way.name())
			left = append(left, p)
			continue
		case taken:
			gone.Emptied = append(gone.Emptied, p.way.name())
		default:
			gone.Kept = append(gone.Kept, p.way.name())
		}
		clear(p.text)
	}
	c.held = left
	return gone
}

func (c *Clipboard) stop() {
	if c.timer != nil && c.timer.Stop() {
		c.ending.Done()
	}
	c.timer = nil
}

// begin waits for its turn, which nobody gets whose context is over: of two copies, the one that was cancelled must not
// be the last.
func (c *Clipboard) begin(ctx context.Context) error {
	select {
	case <-c.turn:
		if err := ctx.Err(); err != nil {
			c.end()
			return err
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Clipboard) end() { c.turn <- struct{}{} }
