//go:build !windows && !darwin

package clipboard

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

// wire is a connection to a Wayland compositor: messages of an object's id, an opcode and arguments, with file
// descriptors beside them. https://wayland.freedesktop.org/docs/html/ch04.html#sect-Protocol-Wire-Format
type wire struct {
	conn *net.UnixConn
	last uint32 // the id of the newest object of ours
	read []byte
	fds  []int
	stop func() bool
}

// The objects and opcodes of the core protocol that are used.
const (
	displayID          = 1
	displaySync        = 0
	displayGetRegistry = 1
	displayError       = 0
	registryBind       = 0
	registryGlobal     = 0

	// maxMessage is what the length field of a message can say.
	maxMessage = 1<<16 - 1
)

// event is a message of the compositor.
type event struct {
	object uint32
	opcode uint16
	body   []byte
}

// dialWire connects. The connection ends with ctx, unless it is told to stay.
func dialWire(ctx context.Context, socket string) (*wire, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, fmt.Errorf("connect to the Wayland compositor: %w", err)
	}
	c, ok := conn.(*net.UnixConn)
	if !ok {
		_ = conn.Close()
		return nil, errors.New("the Wayland compositor is not behind a Unix socket")
	}
	w := &wire{conn: c, last: displayID}
	w.stop = context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	return w, nil
}

func (w *wire) close() {
	w.stop()
	_ = w.conn.Close()
	for _, fd := range w.fds {
		_ = syscall.Close(fd)
	}
	w.fds = nil
}

// id makes the id of a new object.
func (w *wire) id() uint32 {
	w.last++
	return w.last
}

// send asks an object for something. An argument is a uint32, a string or a file, which is sent beside the message.
func (w *wire) send(object uint32, opcode uint16, args ...any) error {
	message := binary.NativeEndian.AppendUint32(nil, object)
	message = binary.NativeEndian.AppendUint32(message, 0)
	var rights []byte
	for _, arg := range args {
		switch a := arg.(type) {
		case uint32:
			message = binary.NativeEndian.AppendUint32(message, a)
		case string:
			message = binary.NativeEndian.AppendUint32(message, uint32(len(a)+1))
			message = append(append(message, a...), 0)
			message = append(message, make([]byte, -len(message)&3)...)
		case *os.File:
			rights = syscall.UnixRights(int(a.Fd()))
		}
	}
	binary.NativeEndian.PutUint32(message[4:], uint32(len(message))<<16|uint32(opcode))
	if _, _, err := w.conn.WriteMsgUnix(message, rights, nil); err != nil {
		return fmt.Errorf("write to the Wayland compositor: %w", err)
	}
	return nil
}

// next waits for an event. What the compositor complains about is an error, and the end of the connection.
func (w *wire) next() (event, error) {
	for {
		if len(w.read) >= 8 {
			head := binary.NativeEndian.Uint32(w.read[4:])
			size := int(head >> 16)
			if size < 8 {
				return event{}, errors.New("the Wayland compositor sent no message")
			}
			if len(w.read) >= size {
				e := event{binary.NativeEndian.Uint32(w.read), uint16(head), w.read[8:size]}
				w.read = w.read[size:]
				if e.object == displayID && e.opcode == displayError {
					return event{}, complaint(e)
				}
				return e, nil
			}
		}
		if err := w.fill(); err != nil {
			return event{}, fmt.Errorf("read from the Wayland compositor: %w", err)
		}
	}
}

func complaint(e event) error {
	a := args{e.body}
	a.uint()
	a.uint()
	return errors.New("the Wayland compositor refused: " + a.string())
}

func (w *wire) fill() error {
	chunk, beside := make([]byte, maxMessage), make([]byte, syscall.CmsgSpace(28*4))
	n, m, _, _, err := w.conn.ReadMsgUnix(chunk, beside)
	if err != nil {
		return err
	}
	if n == 0 {
		return net.ErrClosed
	}
	w.read = append(w.read, chunk[:n]...)
	messages, err := syscall.ParseSocketControlMessage(beside[:m])
	if err != nil {
		return err
	}
	for _, message := range messages {
		fds, err := syscall.ParseUnixRights(&message)
		if err != nil {
			return err
		}
		for _, fd := range fds {
			syscall.CloseOnExec(fd)
		}
		w.fds = append(w.fds, fds...)
	}
	return nil
}

// file is the descriptor that came with the event.
func (w *wire) file() (*os.File, error) {
	if len(w.fds) == 0 {
		return nil, errors.New("the Wayland compositor sent no file")
	}
	fd := w.fds[0]
	w.fds = w.fds[1:]
	return os.NewFile(uintptr(fd), "paste"), nil
}

// settle handles events until the compositor has answered all that was asked for.
func (w *wire) settle(handle func(event)) error {
	callback := w.id()
	if err := w.send(displayID, displaySync, callback); err != nil {
		return err
	}
	for {
		e, err := w.next()
		if err != nil {
			return err
		}
		if e.object == callback {
			return nil
		}
		handle(e)
	}
}

// args are the arguments of an event; past the end they are zero.
type args struct{ rest []byte }

func (a *args) uint() uint32 {
	if len(a.rest) < 4 {
		a.rest = nil
		return 0
	}
	n := binary.NativeEndian.Uint32(a.rest)
	a.rest = a.rest[4:]
	return n
}

func (a *args) string() string {
	n := int(a.uint())
	padded := (n + 3) &^ 3
	if n == 0 || padded > len(a.rest) {
		a.rest = nil
		return ""
	}
	s := string(a.rest[:n-1])
	a.rest = a.rest[padded:]
	return s
}
