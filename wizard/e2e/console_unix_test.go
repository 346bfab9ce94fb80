//go:build unix

package e2e_test

import (
	"testing"

	"github.com/creack/pty"
)

// console is a screen of any size.
type console struct{ *screen }

func openConsole(t *testing.T, width, height int, program string, args ...string) *console {
	t.Helper()
	s := &console{openScreenOf(t, program, nil, args...)}
	s.resize(width, height)
	return s
}

func (s *console) setSize(width, height int) error {
	return pty.Setsize(s.pty, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)})
}

func (s *console) close() { s.pty.Close() }
