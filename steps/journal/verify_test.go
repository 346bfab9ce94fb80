package journal

import (
	"errors"
	"fmt"
	"io"
)

var errEmpty = errors.New("the journal is empty")

// verify reads a whole journal from anywhere. It returns nil when every line is sound, a *BrokenError for the first
// that is not, and an error for a last line cut short, for an empty journal and for one beyond 64 MiB.
func verify(r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	if len(data) > maxFile {
		return errTooLarge
	}
	var t tip
	_, torn, broken := t.read(data)
	switch {
	case broken != nil:
		return broken
	case torn != nil:
		return fmt.Errorf("the journal's last line, %d, is cut short", t.seq+1)
	case t.seq == 0:
		return errEmpty
	}
	return nil
}
