package e2e_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

// console is a program in a pseudoconsole.
type console struct {
	*screen
	handle  windows.Handle
	closing sync.Once
}

func openConsole(t *testing.T, width, height int, program string, args ...string) *console {
	t.Helper()
	s := &console{screen: &screen{t: t, raw: newTranscript(), ended: make(chan struct{})}}
	var in, out, typed, drawn windows.Handle // what the console reads and writes, and the other ends of both
	for _, err := range []error{windows.CreatePipe(&in, &typed, nil, 0), windows.CreatePipe(&drawn, &out, nil, 0)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := windows.CreatePseudoConsole(coord(width, height), in, out, 0, &s.handle); err != nil {
		t.Fatal(err)
	}
	// The console has handles of its own.
	_, _ = windows.CloseHandle(in), windows.CloseHandle(out)
	t.Cleanup(s.close)
	s.pty = os.NewFile(uintptr(typed), "typed")
	s.term = newEmulator(width, height, s.pty)
	s.frames = &frames{term: s.term}
	environment := exec.Cmd{Env: append(world(t), "NO_COLOR=")}
	process, err := s.start(windows.ComposeCommandLine(append([]string{program}, args...)), environment.Environ()) // each name once
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Kill() })
	go s.follow(process, os.NewFile(uintptr(drawn), "drawn"))
	return s
}

// follow reads what is drawn until the console is closed, which has to happen once the program has ended: only then is there no more.
func (s *console) follow(process *os.Process, drawn *os.File) {
	go func() {
		state, err := process.Wait()
		s.result = err
		if err == nil && state.ExitCode() != 0 {
			s.result = &exited{state.ExitCode()}
		}
		s.close()
	}()
	_, _ = io.Copy(io.MultiWriter(s.term, s.frames, s.raw), drawn)
	close(s.ended)
}

// exited is an exit code that is not 0.
type exited struct{ code int }

func (e *exited) Error() string { return "it has ended" }

// end waits for the program to end and returns its exit code.
func (s *console) end() int {
	s.t.Helper()
	s.screen.end()
	if e, ok := errors.AsType[*exited](s.result); ok {
		return e.code
	}
	if s.result != nil {
		s.t.Fatal(s.result)
	}
	return 0
}

// start starts a program in the console (https://learn.microsoft.com/windows/console/creating-a-pseudoconsole-session).
func (s *console) start(line string, environment []string) (*os.Process, error) {
	attributes, err := windows.NewProcThreadAttributeList(1)
	if err != nil {
		return nil, err
	}
	defer attributes.Delete()
	// The attribute's value is the handle itself, and no address.
	value := *(*unsafe.Pointer)(unsafe.Pointer(&s.handle))
	if err := attributes.Update(windows.PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE, value, unsafe.Sizeof(s.handle)); err != nil {
		return nil, err
	}
	command, err := windows.UTF16PtrFromString(line)
	if err != nil {
		return nil, err
	}
	block := utf16.Encode([]rune(strings.Join(environment, "\x00") + "\x00\x00"))
	how := windows.StartupInfoEx{ProcThreadAttributeList: attributes.List()}
	how.Cb = uint32(unsafe.Sizeof(how))
	// Without it a program whose parent's output is a pipe takes that for its own, and not the console.
	how.Flags = windows.STARTF_USESTDHANDLES
	var started windows.ProcessInformation
	flags := uint32(windows.EXTENDED_STARTUPINFO_PRESENT | windows.CREATE_UNICODE_ENVIRONMENT)
	if err := windows.CreateProcess(nil, command, nil, nil, false, flags, &block[0], nil, &how.StartupInfo, &started); err != nil {
		return nil, err
	}
	defer windows.CloseHandle(started.Thread)  //nolint:errcheck // nothing depends on it
	defer windows.CloseHandle(started.Process) //nolint:errcheck // likewise
	return os.FindProcess(int(started.ProcessId))
}

func (s *console) setSize(width, height int) error {
	return windows.ResizePseudoConsole(s.handle, coord(width, height))
}

// close closes the console, which ends what is attached to it.
func (s *console) close() { s.closing.Do(func() { windows.ClosePseudoConsole(s.handle) }) }

func coord(width, height int) windows.Coord {
	return windows.Coord{X: int16(width), Y: int16(height)}
}
