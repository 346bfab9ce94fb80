package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Log is a journal as it was read.
type Log struct {
	Entries []Entry      // as far as the chain is sound
	Torn    []byte       // a last line that a crash cut short; nil when there is none
	Broken  *BrokenError // the first line that is not sound; nil when all are
	Altered int          // the first line that is not as it was written, or is missing at the end, as its code says; 0 when none is known
}

// Read reads the journal of a tenant; one that does not exist is empty. It changes nothing and needs no Journal. The
// error is about the file; what is wrong inside it is in the Log. The entries that the key proves to be of this user are
// marked; without a prover none is.
func Read(folder, tenantID string, prove Prover) (Log, error) {
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
