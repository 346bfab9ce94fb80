package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/delegate365-onboard/delegate365-onboard/graph/invisible"
)

// What the chain shows: a line changed, dropped, moved or put between others, and a line of another tenant. What it
// cannot show: a last line changed so that it still reads well, and whole lines cut off the end, because nothing follows
// that carries their hash. Somebody who may write the file can also make a whole new chain; it is no signature.

// BrokenError is the first line that does not fit what stands before it.
type BrokenError struct {
	Line int // from 1
	Why  string
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("the journal is broken at line %d: %s", e.Line, e.Why)
}

// tip is how far a journal was read and found sound. Its zero value is the beginning.
type tip struct {
	seq    int
	hash   string // of the last line
	tenant string
	last   int64 // where the last line begins
	end    int64 // where the next one begins
}

// BeforeFirst is what the first line of a journal has as the hash of the line before it: that of nothing.
var BeforeFirst = hashOf(nil)

// prev is what the next line has to carry.
func (t *tip) prev() string {
	if t.seq == 0 {
		return BeforeFirst
	}
	return t.hash
}

func hashOf(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// read goes on from the tip over data, which begins where the last line ended. The tip stops at the last sound line.
// A last line without a newline, or with one and not JSON, is what a crash leaves: it comes back as torn.
func (t *tip) read(data []byte) (entries []Entry, torn []byte, broken *BrokenError) {
	for len(data) > 0 {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole || len(rest) == 0 && !json.Valid(line) {
			return entries, data, nil
		}
		e, why := t.parse(line)
		if why != "" {
			return entries, nil, &BrokenError{Line: t.seq + 1, Why: why}
		}
		entries = append(entries, e)
		t.accept(e, line)
		data = rest
	}
	return entries, nil, nil
}

// accept moves the tip behind a line, given without its newline.
func (t *tip) accept(e Entry, line []byte) {
	t.seq, t.hash, t.tenant = e.Seq, hashOf(line), e.Tenant
	t.last, t.end = t.end, t.end+int64(len(line))+1
}

// parse reads the line after the tip, and says what is wrong with it, or nothing.
func (t *tip) parse(line []byte) (e Entry, why string) {
	if len(line)+1 > maxLine {
		return e, fmt.Sprintf("the line is longer than %d KiB", maxLine>>10)
	}
	if err := json.Unmarshal(line, &e); err != nil {
		return e, "the line is not an entry"
	}
	// Only the very bytes that Append writes, or wrote before it escaped anything, are accepted: no unknown or repeated field, no
	// other spelling.
	if again, err := json.Marshal(e); err != nil || !bytes.Equal(again, line) && invisible.Escaped(string(again)) != string(line) {
		return e, "the line was not written by this version of the program"
	}
	switch {
	case e.Seq != t.seq+1:
		return e, fmt.Sprintf("the line has number %d", e.Seq)
	case e.Prev != t.prev():
		return e, "the line before it was changed, or this line belongs elsewhere"
	case t.seq > 0 && e.Tenant != t.tenant:
		return e, "the line is about another tenant"
	}
	return e, e.check()
}

var errTooLarge = fmt.Errorf("the journal is larger than %d MiB", maxFile>>20)
