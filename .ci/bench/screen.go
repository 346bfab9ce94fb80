package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/creack/pty"
)

// rule is the first thing that only a whole frame has.
var rule = []byte(strings.Repeat("─", 20))

// screen is the program on a terminal of 80x24.
type screen struct {
	cmd     *exec.Cmd
	tty     *os.File
	written chan []byte // closed at the end
	folder  string      // for its state and its settings
}

func start(program string, args ...string) (*screen, error) {
	folder, err := os.MkdirTemp("", "bench-home-")
	if err != nil {
		return nil, err
	}
	s := &screen{cmd: exec.Command(program, args...), written: make(chan []byte, 1024), folder: folder}
	s.cmd.Env = append(os.Environ(), "TERM=xterm-256color", "LC_ALL=C.UTF-8", "XDG_STATE_HOME="+folder, "XDG_CONFIG_HOME="+folder)
	if s.tty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	go s.read()
	return s, nil
}

func (s *screen) read() {
	defer close(s.written)
	for {
		b := make([]byte, 64<<10)
		n, err := s.tty.Read(b)
		if err != nil {
			return
		}
		s.written <- b[:n]
	}
}

func (s *screen) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	_ = s.tty.Close()
	_ = os.RemoveAll(s.folder)
}

// within is what is written next, or nothing in so long.
func (s *screen) within(limit time.Duration) []byte {
	select {
	case b := <-s.written:
		return b
	case <-time.After(limit):
		return nil
	}
}

// drain waits until nothing was written for so long.
func (s *screen) drain(quiet time.Duration) {
	for s.within(quiet) != nil {
	}
}

// firstFrame is how long a start takes to its first whole frame.
func firstFrame(program string, args ...string) (time.Duration, error) {
	began := time.Now()
	s, err := start(program, args...)
	if err != nil {
		return 0, err
	}
	defer s.stop()
	var all []byte
	for !bytes.Contains(all, rule) {
		b := s.within(10 * time.Second)
		if b == nil {
			return 0, fmt.Errorf("%s %s draws no frame: %q", program, strings.Join(args, " "), all)
		}
		all = append(all, b...)
	}
	return time.Since(began), nil
}

// inUse presses keys in a rehearsal, and then none.
func inUse(program string) (keys []time.Duration, idle float64, resident int, err error) {
	s, err := start(program, "demo")
	if err != nil {
		return nil, 0, 0, err
	}
	defer s.stop()
	s.drain(time.Second)
	for range 80 {
		for _, key := range []string{"\t", "?"} {
			began := time.Now()
			if _, err := s.tty.WriteString(key); err != nil {
				return nil, 0, 0, err
			}
			if s.within(time.Second) != nil {
				keys = append(keys, time.Since(began))
			}
			s.drain(60 * time.Millisecond)
		}
	}
	if len(keys) == 0 {
		return nil, 0, 0, errors.New("no key draws a frame")
	}
	const span = 5 * time.Second
	n := 0
	for end := time.Now().Add(span); time.Now().Before(end); {
		n += len(s.within(time.Until(end)))
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return nil, 0, 0, err
	}
	_, most, _ := strings.Cut(string(status), "VmHWM:")
	_, err = fmt.Sscan(most, &resident)
	return keys, float64(n) / span.Seconds(), resident, err
}

// requestsOfCheck counts what a check asks of Graph, and how many of that one after another, by the log's times: a request comes
// after all that were answered before it began.
func requestsOfCheck(program string) (all, chain int, err error) {
	folder, err := os.MkdirTemp("", "bench-check-")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "log.jsonl")
	check := exec.Command(program, "demo", "check", "--quiet", "--log", file)
	check.Env = append(os.Environ(), "XDG_CONFIG_HOME="+folder, "XDG_STATE_HOME="+folder)
	if out, err := check.CombinedOutput(); err != nil {
		return 0, 0, fmt.Errorf("check: %w: %s", err, out)
	}
	log, err := os.Open(file)
	if err != nil {
		return 0, 0, err
	}
	defer log.Close()
	requests, err := graphRequests(log)
	if err != nil {
		return 0, 0, err
	}
	return len(requests), longestChain(requests), nil
}

// request is when one began and was answered.
type request struct{ began, answered time.Time }

func graphRequests(log io.Reader) (all []request, err error) {
	for d := json.NewDecoder(log); ; {
		var line struct {
			Time      time.Time
			Msg, Path string
			Took      time.Duration
		}
		switch err := d.Decode(&line); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		if line.Msg == "request" && (strings.HasPrefix(line.Path, "/v1.0/") || strings.HasPrefix(line.Path, "/beta/")) {
			all = append(all, request{line.Time.Add(-line.Took), line.Time})
		}
	}
}
