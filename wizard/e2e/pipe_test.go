package e2e_test

import (
	"errors"
	"io"
	"os/exec"
	"testing"
)

// pipe is the binary with piped input and output, answered question by question.
type pipe struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *transcript
}

func start(t *testing.T, args ...string) *pipe {
	t.Helper()
	return startWith(t, nil, args...)
}

func startWith(t *testing.T, env []string, args ...string) *pipe {
	t.Helper()
	p := &pipe{t: t, cmd: runnable(t, program(t), args...), out: newTranscript()}
	p.cmd.Env = append(world(t), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.begin()
	return p
}

func (p *pipe) begin() {
	t := p.t
	t.Helper()
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

func (p *pipe) answer(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.t.Fatalf("%v after:\n%s", err, p.out)
	}
}

// end waits for the program to end and returns its exit code.
func (p *pipe) end() int {
	p.t.Helper()
	err := p.cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return 0
}
