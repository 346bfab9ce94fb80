package guard

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// The guard gets a token of the operator, so it has to be the program that runs now. What lies at its path by the time the
// window is opened may be an update, or somebody else's.

// ErrReplaced says that the program's file is not the one that was started.
var ErrReplaced = errors.New("the program's file was replaced since it was started")

// Program is the program as it was when it was started.
type Program struct {
	path  string // of its file
	image string // of what runs, where the system keeps that apart from the file; empty elsewhere
	info  fs.FileInfo
	sum   func() ([sha256.Size]byte, error)
}

// Running is this program. It is to be called at the very start, before anybody can have replaced the file.
func Running() (*Program, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	if image := runningImage(); image != "" {
		return &Program{path: path, image: image}, nil
	}
	return programAt(path)
}

// programAt holds the file open, so that what it was can be compared with what lies at its path later on.
func programAt(path string) (*Program, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("find this program: %w", err), file.Close())
	}
	p := &Program{path: path, info: info, sum: sync.OnceValues(func() ([sha256.Size]byte, error) { return sumOf(file) })}
	go func() {
		defer func() { _ = recover() }() // whoever asks for the sum is told
		_, _ = p.sum()
	}()
	return p, nil
}

func sumOf(file *os.File) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(file, 0, 1<<40)); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// command starts the program, and refuses a file that is not the one that was started.
func (p *Program) command(args []string) (*exec.Cmd, error) {
	start := p.image
	if start == "" {
		if err := p.same(); err != nil {
			return nil, err
		}
		start = p.path
	}
	cmd := exec.Command(start, args...) //nolint:noctx // it outlives whatever ends this process
	cmd.Args[0] = p.path
	cmd.Dir = filepath.VolumeName(p.path) + string(filepath.Separator) // the program's own folder may be gone
	return cmd, nil
}

// same reports a file that is another one, or has another content, than when the program was started.
func (p *Program) same() error {
	file, err := os.Open(p.path)
	if err != nil {
		return errors.Join(ErrReplaced, err)
	}
	defer file.Close() //nolint:errcheck // only read
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(info, p.info) {
		return ErrReplaced
	}
	was, err := p.sum()
	if err != nil {
		return err
	}
	is, err := sumOf(file)
	if err == nil && is != was {
		err = ErrReplaced
	}
	return err
}
