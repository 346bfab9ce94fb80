//go:build !windows && !darwin

package clipboard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// wayland is the clipboard of a Wayland compositor, through the protocol that clipboard managers use: a program without
// a window can't reach it otherwise. Not every compositor has it.
// https://wayland.app/protocols/ext-data-control-v1, and wlr-data-control-unstable-v1, of which it is a copy.
type wayland struct {
	socket string
	mu     sync.Mutex
	source *source // what put made last, or nil
}

// The opcodes of both protocols.
const (
	managerCreateSource = 0
	managerGetDevice    = 1
	deviceSetSelection  = 0
	deviceDataOffer     = 0
	deviceSelection     = 1
	sourceOffer         = 0
	sourceSend          = 0
	sourceCancelled     = 1
	offerReceive        = 0
	offerOffer          = 0
)

// plainTypes are the types of text that are offered, and asked for in this order.
var plainTypes = []string{"text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING", "TEXT"}

func (w *wayland) name() string { return phrase.T("the Wayland clipboard") }

func (w *wayland) put(ctx context.Context, text []byte) (placing, error) {
	w.release()
	d, err := dialDevice(ctx, w.socket)
	if err != nil {
		return placing{}, err
	}
	s, err := d.offer(text)
	if err != nil {
		d.close()
		return placing{}, err
	}
	if !d.stop() {
		d.close()
		return placing{}, ctx.Err()
	}
	go s.serve()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.source = s
	return placing{unrecorded: true}, nil
}

// release gives the selection up. If somebody else has copied something by now, nothing happens to theirs.
func (w *wayland) release() {
	w.mu.Lock()
	s := w.source
	w.source = nil
	w.mu.Unlock()
	if s != nil {
		_ = s.device.conn.Close()
		<-s.done
	}
}

func (w *wayland) holds(ctx context.Context, text []byte) (bool, error) {
	d, err := dialDevice(ctx, w.socket)
	if err != nil {
		return false, err
	}
	defer d.close()
	got, err := d.paste(ctx, len(text))
	defer clear(got)
	return bytes.Equal(got, text), err
}

// take gives the selection up, and where a clipboard manager has made the value its own, empties it.
func (w *wayland) take(ctx context.Context, text []byte) (bool, error) {
	held, err := w.holds(ctx, text)
	w.release()
	if err != nil || !held {
		return false, err
	}
	if held, err = w.holds(ctx, text); err != nil || !held {
		return err == nil, err
	}
	d, err := dialDevice(ctx, w.socket)
	if err != nil {
		return false, err
	}
	defer d.close()
	const nothing = uint32(0)
	if err := errors.Join(d.send(d.self, deviceSetSelection, nothing), d.settle(d.handle)); err != nil {
		return false, err
	}
	if held, err = w.holds(ctx, text); err == nil && held {
		err = errors.New("a clipboard manager puts the value back")
	}
	return err == nil, err
}

// device is the clipboard of one seat.
type device struct {
	*wire
	manager, self uint32
	globals       map[string]uint32   // by interface
	offers        map[uint32][]string // the types, by offer
	selection     uint32              // the offer that a paste would bring, or 0
}

// dialDevice connects and learns what is on the clipboard.
func dialDevice(ctx context.Context, socket string) (*device, error) {
	conn, err := dialWire(ctx, socket)
	if err != nil {
		return nil, err
	}
	d := &device{wire: conn, globals: map[string]uint32{}, offers: map[uint32][]string{}}
	if err := d.prepare(); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *device) prepare() error {
	registry := d.id()
	if err := d.send(displayID, displayGetRegistry, registry); err != nil {
		return err
	}
	err := d.settle(func(e event) {
		if e.object == registry && e.opcode == registryGlobal {
			a := args{e.body}
			name := a.uint()
			d.globals[a.string()] = name
		}
	})
	if err != nil {
		return err
	}
	manager := slices.IndexFunc(dataControls, func(name string) bool { return d.globals[name] != 0 })
	if manager < 0 || d.globals["wl_seat"] == 0 {
		return errors.New("this Wayland compositor lets no program reach its clipboard from the background")
	}
	bind := func(name string) (uint32, error) {
		id := d.id()
		return id, d.send(registry, registryBind, d.globals[name], name, uint32(1), id)
	}
	var seat uint32
	if seat, err = bind("wl_seat"); err != nil {
		return err
	}
	if d.manager, err = bind(dataControls[manager]); err != nil {
		return err
	}
	d.self = d.id()
	return errors.Join(d.send(d.manager, managerGetDevice, d.self, seat), d.settle(d.handle))
}

// dataControls are the protocols' names, the standard one first.
var dataControls = []string{"ext_data_control_manager_v1", "zwlr_data_control_manager_v1"}

// handle keeps what the events say about the clipboard.
func (d *device) handle(e event) {
	a := args{e.body}
	switch {
	case e.object == d.self && e.opcode == deviceDataOffer:
		d.offers[a.uint()] = nil
	case e.object == d.self && e.opcode == deviceSelection:
		d.selection = a.uint()
	case e.opcode == offerOffer:
		if types, ok := d.offers[e.object]; ok {
			d.offers[e.object] = append(types, a.string())
		}
	}
}

// pasteLimit bounds what is read of somebody else's value beyond the length of ours.
const pasteLimit = 1

// paste asks for the selection as anybody would who pastes. It is empty when there is no text.
func (d *device) paste(ctx context.Context, limit int) ([]byte, error) {
	types := d.offers[d.selection]
	i := slices.IndexFunc(plainTypes, func(t string) bool { return slices.Contains(types, t) })
	if d.selection == 0 || i < 0 {
		return nil, nil
	}
	from, to, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe: %w", err)
	}
	defer from.Close()
	err = d.send(d.selection, offerReceive, plainTypes[i], to)
	to.Close()
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { _ = from.SetReadDeadline(time.Unix(1, 0)) })()
	got, err := io.ReadAll(io.LimitReader(from, int64(limit+pasteLimit)))
	if err != nil {
		return nil, fmt.Errorf("read the clipboard: %w", errors.Join(ctx.Err(), err))
	}
	return got, nil
}

// source answers whoever pastes, until something else is copied or its connection is closed.
type source struct {
	device *device
	id     uint32
	text   []byte
	done   chan struct{}
}

func (d *device) offer(text []byte) (*source, error) {
	s := &source{device: d, id: d.id(), text: slices.Clone(text), done: make(chan struct{})}
	err := d.send(d.manager, managerCreateSource, s.id)
	for _, kind := range append([]string{kdeHint}, plainTypes...) {
		err = errors.Join(err, d.send(s.id, sourceOffer, kind))
	}
	// Clipboard managers paste at once.
	return s, errors.Join(err, d.send(d.self, deviceSetSelection, s.id), d.settle(func(e event) { s.handle(e) }))
}

func (s *source) serve() {
	defer close(s.done)
	defer s.device.close()
	defer clear(s.text)
	for {
		if e, err := s.device.next(); err != nil || !s.handle(e) {
			return
		}
	}
}

// handle says whether the value is still on the clipboard.
func (s *source) handle(e event) bool {
	switch {
	case e.object != s.id:
	case e.opcode == sourceCancelled:
		return false
	case e.opcode == sourceSend:
		s.answer(e)
	}
	return true
}

// answer writes the value into a pipe, whose buffer is far longer.
func (s *source) answer(e event) {
	to, err := s.device.file()
	if err != nil {
		return
	}
	defer to.Close()
	a := args{e.body}
	if a.string() == kdeHint {
		_, _ = io.WriteString(to, kdeSecret)
		return
	}
	_, _ = to.Write(s.text)
}
