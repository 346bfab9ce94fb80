package e2e_test

import (
	"bytes"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// reachedWithin is how soon the window has to be closed when every connection has died without a word and new ones work.
const reachedWithin = 15 * time.Second

// Every connection dies silently in the window, as when a laptop slept or changed its Wi-Fi: whoever closes it, it is closed
// over a new one.
func TestDeadConnections(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*screen){
		"left":   func(s *screen) { s.key("q"); s.wait("Put MFA back and leave"); s.key(enter) },
		"killed": func(s *screen) { s.endBy("kill") },
		"term":   func(s *screen) { s.endBy("term") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOnboarder(t, "fresh")
			address := strings.TrimPrefix(o.ep.Graph, "https://")
			f := forward(t, address)
			data, err := os.ReadFile(o.file)
			if err == nil {
				err = os.WriteFile(o.file, bytes.ReplaceAll(data, []byte("https://"+address), []byte("https://"+f.Addr().String())), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			s := o.start()
			s.passUntil("Setup says it is completed")
			s.wait("MFA OFF")
			look := &windowMonitor{servedTenant: o.servedTenant}
			if why, open := look.open(); !open {
				t.Fatalf("the window is not open: %s", why)
			}
			guard := o.guard()
			f.freeze()
			began := time.Now()
			leave(s)
			for {
				if _, open := look.open(); !open {
					break
				}
				if time.Since(began) > 4*reachedWithin {
					t.Fatal("it stays open")
				}
				time.Sleep(50 * time.Millisecond)
			}
			took := time.Since(began)
			t.Logf("%s: closed after %.1f s", name, took.Seconds())
			if took > reachedWithin {
				t.Errorf("closed after %s", took)
			}
			s.end()
			for range 300 { // it still writes beside the journal
				if p, err := os.FindProcess(guard); err != nil || p.Signal(syscall.Signal(0)) != nil {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
	}
}

// forwarder leads connections to one address. Those that exist can be frozen: they stay, and carry nothing.
type forwarder struct {
	net.Listener
	to string

	mu    sync.Mutex
	lines []*atomic.Bool
}

func forward(t *testing.T, to string) *forwarder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &forwarder{Listener: l, to: to}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			here, err := l.Accept()
			if err != nil {
				return
			}
			go f.lead(here)
		}
	}()
	return f
}

func (f *forwarder) lead(here net.Conn) {
	there, err := net.Dial("tcp", f.to)
	if err != nil {
		_ = here.Close()
		return
	}
	frozen := &atomic.Bool{}
	f.mu.Lock()
	f.lines = append(f.lines, frozen)
	f.mu.Unlock()
	carry := func(to io.Writer, from net.Conn) {
		data := make([]byte, 32<<10)
		for {
			n, err := from.Read(data)
			if frozen.Load() {
				if err != nil {
					return
				}
				continue
			}
			if n > 0 {
				_, _ = to.Write(data[:n])
			}
			if err != nil {
				_, _ = here.Close(), there.Close()
				return
			}
		}
	}
	go carry(there, here)
	carry(here, there)
}

func (f *forwarder) freeze() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, frozen := range f.lines {
		frozen.Store(true)
	}
}
