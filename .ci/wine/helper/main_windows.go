// Command helper does, inside Wine, what only a program of Windows can do to others.
//
//	helper watch IMAGE         prints each process of that image, with its command line and its environment, until stdin ends
//	helper end PID             ends a process as the task manager does
//	helper job FLAGS FILE ARG… runs a program in a job object with these flags, and closes the job when FILE is there
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

func main() {
	var err error
	switch a := os.Args[1:]; {
	case len(a) == 2 && a[0] == "watch":
		err = watch(a[1])
	case len(a) == 2 && a[0] == "end":
		err = end(a[1])
	case len(a) > 3 && a[0] == "job":
		err = job(a[1], a[2], a[3:])
	default:
		err = fmt.Errorf("unknown: %q", a)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "helper:", err)
		os.Exit(9)
	}
}

// seen is one process.
type seen struct {
	PID     uint32
	Parent  uint32
	Command string
	Environ []string
}

func watch(image string) error {
	over := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); close(over) }()
	out, known := json.NewEncoder(os.Stdout), map[uint32]bool{}
	for {
		all, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
		if err != nil {
			return err
		}
		entry := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
		for err = windows.Process32First(all, &entry); err == nil; err = windows.Process32Next(all, &entry) {
			if known[entry.ProcessID] || !strings.EqualFold(windows.UTF16ToString(entry.ExeFile[:]), image) {
				continue
			}
			s := seen{PID: entry.ProcessID, Parent: entry.ParentProcessID}
			if s.read() == nil {
				known[s.PID] = true
				_ = out.Encode(s)
			}
		}
		_ = windows.CloseHandle(all)
		select {
		case <-over:
			return nil
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// read reads command line and environment from the process itself.
func (s *seen) read() error {
	p, err := windows.OpenProcess(windows.PROCESS_QUERY_INFORMATION|windows.PROCESS_VM_READ, false, s.PID)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(p) //nolint:errcheck // only read
	var basic windows.PROCESS_BASIC_INFORMATION
	if err := windows.NtQueryInformationProcess(p, windows.ProcessBasicInformation, unsafe.Pointer(&basic), uint32(unsafe.Sizeof(basic)), nil); err != nil {
		return err
	}
	peb, err := at[windows.PEB](p, uintptr(unsafe.Pointer(basic.PebBaseAddress)))
	if err != nil {
		return err
	}
	parameters, err := at[windows.RTL_USER_PROCESS_PARAMETERS](p, uintptr(unsafe.Pointer(peb.ProcessParameters)))
	if err != nil {
		return err
	}
	line := make([]uint16, parameters.CommandLine.Length/2)
	if len(line) == 0 {
		return io.ErrUnexpectedEOF // it is not there yet
	}
	if err := into(p, uintptr(unsafe.Pointer(parameters.CommandLine.Buffer)), unsafe.Pointer(&line[0]), uintptr(2*len(line))); err != nil {
		return err
	}
	s.Command = windows.UTF16ToString(line)
	block := make([]uint16, parameters.EnvironmentSize/2)
	if len(block) == 0 {
		return nil
	}
	if err := into(p, uintptr(parameters.Environment), unsafe.Pointer(&block[0]), uintptr(2*len(block))); err != nil {
		return err
	}
	for len(block) > 0 && block[0] != 0 {
		text := windows.UTF16ToString(block)
		s.Environ = append(s.Environ, text)
		n := 0
		for n < len(block) && block[n] != 0 {
			n++
		}
		block = block[min(n+1, len(block)):]
	}
	return nil
}

func at[T any](p windows.Handle, address uintptr) (v T, err error) {
	return v, into(p, address, unsafe.Pointer(&v), unsafe.Sizeof(v))
}

func into(p windows.Handle, address uintptr, to unsafe.Pointer, size uintptr) error {
	return windows.ReadProcessMemory(p, address, (*byte)(to), size, nil)
}

func end(pid string) error {
	n, err := strconv.ParseUint(pid, 10, 32)
	if err != nil {
		return err
	}
	p, err := windows.OpenProcess(windows.PROCESS_TERMINATE, false, uint32(n))
	if err != nil {
		return err
	}
	return windows.TerminateProcess(p, 1)
}

// job runs a program in a job, with this program's own input and output.
func job(flags, file string, argv []string) error {
	limit, err := strconv.ParseUint(flags, 0, 32)
	if err != nil {
		return err
	}
	handle, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return err
	}
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: uint32(limit)}}
	if _, err := windows.SetInformationJobObject(handle, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
		return err
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	// It is put into the job at once, long before it starts anything itself.
	if err := cmd.Start(); err != nil {
		return err
	}
	p, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(cmd.Process.Pid))
	if err != nil {
		return err
	}
	if err := windows.AssignProcessToJobObject(handle, p); err != nil {
		return err
	}
	go func() { _, _ = io.Copy(in, os.Stdin); _ = in.Close() }()
	go func() {
		for {
			if _, err := os.Stat(file); err == nil {
				_ = windows.CloseHandle(handle)
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	lines := bufio.NewReader(out)
	_, _ = io.Copy(os.Stdout, lines)
	err = cmd.Wait()
	if exit, ok := err.(*exec.ExitError); ok {
		os.Exit(exit.ExitCode())
	}
	return err
}
