//go:build !windows && !darwin

package clipboard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// kdeHint is the type that marks a value as a secret for Klipper, CopyQ, cliphist and others, and kdeSecret its
// content: https://phabricator.kde.org/D12539. There is no standard for it.
const (
	kdeHint   = "x-kde-passwordManagerHint"
	kdeSecret = "secret"
)

// x11 is the CLIPBOARD selection of an X server. A selection has no content of its own: this process answers whoever
// pastes, until another takes it over (https://x.org/releases/current/doc/xorg-docs/icccm/icccm.html, section 2).
type x11 struct {
	display string
	mu      sync.Mutex
	owner   *owner // what put made last, or nil
}

func (x *x11) name() string { return phrase.T("the X11 clipboard") }

func (x *x11) put(ctx context.Context, text []byte) (placing, error) {
	x.release()
	s, err := dialX11(ctx, x.display)
	if err != nil {
		return placing{}, err
	}
	o, err := own(ctx, s, text)
	if err != nil {
		s.close()
		return placing{}, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.owner = o
	return placing{unrecorded: true}, nil
}

// release gives the selection up. If somebody else owns it by now, nothing happens to theirs.
func (x *x11) release() {
	x.mu.Lock()
	o := x.owner
	x.owner = nil
	x.mu.Unlock()
	if o != nil {
		o.session.close()
		<-o.done
	}
}

func (x *x11) holds(ctx context.Context, text []byte) (bool, error) {
	s, err := dialX11(ctx, x.display)
	if err != nil {
		return false, err
	}
	defer s.close()
	got, err := s.paste(ctx, len(text))
	defer clear(got)
	return bytes.Equal(got, text), err
}

// take gives the selection up, and where a clipboard manager has made the value its own, takes it over to give it up.
func (x *x11) take(ctx context.Context, text []byte) (bool, error) {
	held, err := x.holds(ctx, text)
	x.release()
	if err != nil || !held {
		return false, err
	}
	if held, err = x.holds(ctx, text); err != nil || !held {
		return err == nil, err
	}
	if err := x.empty(ctx); err != nil {
		return false, err
	}
	if held, err = x.holds(ctx, text); err == nil && held {
		err = errors.New("a clipboard manager puts the value back")
	}
	return err == nil, err
}

func (x *x11) empty(ctx context.Context) error {
	s, err := dialX11(ctx, x.display)
	if err != nil {
		return err
	}
	defer s.close()
	now, err := s.now()
	if err != nil {
		return err
	}
	if err := xproto.SetSelectionOwnerChecked(s.conn, s.window, s.atoms["CLIPBOARD"], now).Check(); err != nil {
		return fmt.Errorf("take the selection over: %w", err)
	}
	return nil
}

// session is a connection to an X server with a window that is never shown.
type session struct {
	conn   *xgb.Conn
	window xproto.Window
	atoms  map[string]xproto.Atom
	stop   func() bool
}

var quietX11 = sync.OnceFunc(func() { xgb.Logger.SetOutput(io.Discard) })

// dialX11 connects. The session ends with ctx, unless it is told to stay.
func dialX11(ctx context.Context, display string) (*session, error) {
	quietX11()
	type dialled struct {
		conn *xgb.Conn
		err  error
	}
	answer := make(chan dialled, 1)
	go func() {
		conn, err := xgb.NewConnDisplay(display)
		answer <- dialled{conn, err}
	}()
	select {
	case d := <-answer:
		if d.err != nil {
			return nil, fmt.Errorf("connect to the X server: %w", d.err)
		}
		s := &session{conn: d.conn, stop: context.AfterFunc(ctx, d.conn.Close)}
		if err := s.prepare(); err != nil {
			s.close()
			return nil, err
		}
		return s, nil
	case <-ctx.Done():
		go func() {
			if d := <-answer; d.err == nil {
				d.conn.Close()
			}
		}()
		return nil, fmt.Errorf("connect to the X server: %w", ctx.Err())
	}
}

func (s *session) prepare() error {
	s.atoms = map[string]xproto.Atom{}
	for _, name := range []string{"CLIPBOARD", "TARGETS", "TIMESTAMP", "UTF8_STRING", "text/plain;charset=utf-8", kdeHint, "DELEGATE365"} {
		r, err := xproto.InternAtom(s.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return fmt.Errorf("ask the X server for a name: %w", err)
		}
		s.atoms[name] = r.Atom
	}
	id, err := xproto.NewWindowId(s.conn)
	if err != nil {
		return fmt.Errorf("ask the X server for a window: %w", err)
	}
	s.window = id
	root := xproto.Setup(s.conn).DefaultScreen(s.conn).Root
	err = xproto.CreateWindowChecked(s.conn, 0, id, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
	if err != nil {
		return fmt.Errorf("make a window: %w", err)
	}
	return nil
}

// close destroys the window first: a server that has not noticed yet that the connection is gone would let others wait
// for an answer.
func (s *session) close() {
	s.stop()
	if s.window != 0 {
		_ = xproto.DestroyWindowChecked(s.conn, s.window).Check()
	}
	s.conn.Close()
}

// now is the server's time, as the change of a property tells it. A selection is to be taken with it.
func (s *session) now() (xproto.Timestamp, error) {
	xproto.ChangeProperty(s.conn, xproto.PropModeAppend, s.window, s.atoms["DELEGATE365"], xproto.AtomString, 8, 0, nil)
	for {
		event, failed := s.conn.WaitForEvent()
		if e, ok := event.(xproto.PropertyNotifyEvent); ok {
			return e.Time, nil
		}
		if event == nil {
			return 0, lost(failed)
		}
	}
}

func lost(failed xgb.Error) error {
	if failed != nil {
		return fmt.Errorf("use the selection: %w", failed)
	}
	return errors.New("the X server does not answer")
}

// paste asks for the selection as anybody would who pastes. It is empty when nobody owns it, and cut after limit+1 bytes.
func (s *session) paste(ctx context.Context, limit int) ([]byte, error) {
	into := s.atoms["DELEGATE365"]
	now, err := s.now()
	if err != nil {
		return nil, err
	}
	xproto.ConvertSelection(s.conn, s.window, s.atoms["CLIPBOARD"], s.atoms["UTF8_STRING"], into, now)
	for {
		event, failed := s.conn.WaitForEvent()
		if event == nil {
			if ctx.Err() != nil {
				return nil, fmt.Errorf("wait for the owner of the selection: %w", ctx.Err())
			}
			return nil, lost(failed)
		}
		e, ok := event.(xproto.SelectionNotifyEvent)
		switch {
		case !ok:
			continue
		case e.Property == xproto.AtomNone:
			return nil, nil
		}
		r, err := xproto.GetProperty(s.conn, true, s.window, into, xproto.GetPropertyTypeAny, 0, uint32(limit/4+1)).Reply()
		if err != nil {
			return nil, fmt.Errorf("read the selection: %w", err)
		}
		if r.Type != s.atoms["UTF8_STRING"] {
			return nil, nil // in pieces, and so longer than anything of ours
		}
		return r.Value, nil
	}
}
