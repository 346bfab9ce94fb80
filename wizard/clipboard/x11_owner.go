//go:build !windows && !darwin

package clipboard

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jezek/xgb/xproto"
)

// owner answers whoever pastes, until it loses the selection or its connection is closed.
type owner struct {
	session *session
	text    []byte
	since   xproto.Timestamp
	done    chan struct{}
}

func own(ctx context.Context, s *session, text []byte) (*owner, error) {
	now, err := s.now()
	if err != nil {
		return nil, err
	}
	selection := s.atoms["CLIPBOARD"]
	if err := xproto.SetSelectionOwnerChecked(s.conn, s.window, selection, now).Check(); err != nil {
		return nil, fmt.Errorf("take the selection: %w", err)
	}
	r, err := xproto.GetSelectionOwner(s.conn, selection).Reply()
	switch {
	case err != nil:
		return nil, fmt.Errorf("see who owns the selection: %w", err)
	case r.Owner != s.window:
		return nil, errors.New("somebody else took the selection")
	case !s.stop():
		return nil, ctx.Err()
	}
	o := &owner{session: s, text: append([]byte(nil), text...), since: now, done: make(chan struct{})}
	go o.serve()
	return o, nil
}

func (o *owner) serve() {
	defer close(o.done)
	defer clear(o.text)
	for {
		event, failed := o.session.conn.WaitForEvent()
		switch e := event.(type) {
		case nil:
			if failed == nil {
				return
			}
		case xproto.SelectionClearEvent:
			o.session.conn.Close()
		case xproto.SelectionRequestEvent:
			o.answer(e)
		}
	}
}

// answer hands the value over in one piece; it is far shorter than what would need several.
func (o *owner) answer(e xproto.SelectionRequestEvent) {
	s := o.session
	into := e.Property
	if into == xproto.AtomNone { // a client from before 1993
		into = e.Target
	}
	set := func(kind xproto.Atom, format byte, n int, data []byte) {
		xproto.ChangeProperty(s.conn, xproto.PropModeReplace, e.Requestor, into, kind, format, uint32(n), data)
	}
	switch e.Target {
	case s.atoms["TARGETS"]:
		names := []string{"TARGETS", "TIMESTAMP", "UTF8_STRING", "text/plain;charset=utf-8", kdeHint}
		var list []byte
		for _, name := range names {
			list = binary.LittleEndian.AppendUint32(list, uint32(s.atoms[name]))
		}
		list = binary.LittleEndian.AppendUint32(list, uint32(xproto.AtomString))
		set(xproto.AtomAtom, 32, len(names)+1, list)
	case s.atoms["TIMESTAMP"]:
		set(xproto.AtomInteger, 32, 1, binary.LittleEndian.AppendUint32(nil, uint32(o.since)))
	case s.atoms["UTF8_STRING"], s.atoms["text/plain;charset=utf-8"], xproto.AtomString:
		set(e.Target, 8, len(o.text), o.text)
	case s.atoms[kdeHint]:
		set(e.Target, 8, len(kdeSecret), []byte(kdeSecret))
	default:
		into = xproto.AtomNone
	}
	told := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: into}
	xproto.SendEvent(s.conn, false, e.Requestor, 0, string(told.Bytes()))
}
