package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Log is a journal as it was read.
type Log struct {
	Entries []Entry      // as far as the chain is sound
	Torn    []byte       // a last line that a crash cut short; nil when there is none
	Broken  *BrokenError // the first line that is not sound; nil when all are
	Altered int          // the first line that is not as it was written, or is missing at the end, as its code says; 0 when none is known
}

// Read reads the journal of a tenant; one that does not exist is empty. It changes nothing and needs no Journal. The
// error is about the file; what is wrong inside it is in the Log. No entry is proven.
func Read(folder, tenantID string) (Log, error) { return ReadProven(folder, tenantID, nil) }

// ReadProven reads the journal of a tenant as Read does, and marks the entries that the key proves to be of this user.
func ReadProven(folder, tenantID string, prove Prover) (Log, error) {
	f, err := filesOf(folder, tenantID)
	if err != nil {
		return Log{}, err
	}
	data, seals, err := f.read()
	if errors.Is(err, fs.ErrNotExist) {
		return Log{}, nil
	}
	if err != nil {
		return Log{}, fmt.Errorf("read the journal: %w", err)
	}
	var t tip
	var l Log
	l.Entries, l.Torn, l.Broken = t.read(data)
	if len(l.Entries) > 0 && t.tenant != f.tenant {
		return Log{Broken: &BrokenError{Line: 1, Why: "the line is about another tenant"}}, nil
	}
	if prove != nil {
		l.prove(seals, prove)
	}
	return l, nil
}

func (f files) read() ([]byte, []seal, error) {
	if _, err := os.Lstat(f.journal); err != nil {
		return nil, nil, err
	}
	defer lockForRead(f)()
	file, err := openRegular(f.journal, os.O_RDONLY, 0)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, nil, err
	}
	if len(data) > maxFile {
		return nil, nil, errTooLarge
	}
	return data, f.seals(), nil
}

// SetAside renames the journal of a tenant, so that the next Append begins a new one, and returns where the old one is.
// It is the way on from a broken or an overlong journal, and is never done unasked.
func SetAside(folder, tenantID string) (string, error) {
	f, err := filesOf(folder, tenantID)
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(f.journal); err != nil {
		return "", fmt.Errorf("set the journal aside: %w", err)
	}
	unlock, err := lockForAppend(f)
	if err != nil {
		return "", fmt.Errorf("set the journal aside: %w", err)
	}
	defer unlock()
	end := ".broken-" + stamp()
	aside := f.journal + end
	if err := errors.Join(os.Rename(f.journal, aside), f.setSealsAside(f.macs+end), syncFolder(f.folder)); err != nil {
		return "", fmt.Errorf("set the journal aside: %w", err)
	}
	return aside, nil
}

// Tenants are the ids of the tenants that have a journal with something in it, in order.
func Tenants(folder string) ([]string, error) {
	found, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the journals: %w", err)
	}
	var out []string
	for _, d := range found {
		name, ok := strings.CutSuffix(d.Name(), suffix)
		if !ok || !tenantID.MatchString(name) || !d.Type().IsRegular() {
			continue
		}
		if info, err := d.Info(); err == nil && info.Size() > 0 {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, nil
}
