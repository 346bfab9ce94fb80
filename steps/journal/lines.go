package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
)

// Lines are the lines of a tenant's journal as they stand in the file, whole ones only, for a report that carries them on.
func Lines(folder, tenantID string) ([]string, error) {
	f, err := filesOf(folder, tenantID)
	if err != nil {
		return nil, err
	}
	data, _, err := f.read()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var lines []string
	for line, rest, whole := bytes.Cut(data, []byte("\n")); whole; line, rest, whole = bytes.Cut(rest, []byte("\n")) {
		lines = append(lines, string(line))
	}
	return lines, nil
}

// Parse reads one line of a journal of any version of this program, whose place in the chain was checked by its bytes.
func Parse(line string) (Entry, error) {
	var e Entry
	err := json.Unmarshal([]byte(line), &e)
	return e, err
}
