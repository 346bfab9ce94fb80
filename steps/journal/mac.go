package journal

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"io"
	"os"
)

// The chain is public: whoever may write the file can make a whole new one. So each line has, in a file beside the journal, a
// message authentication code by a key that no file holds. The journal itself stays as it is, for whoever reads it without the key.
//
// A code is written after its line and is not fsynced, and one that can't be written is left out: a line without one is not
// believed to be ours, which costs the operator a question and nothing else. What the codes can't show: lines cut off the
// end of both files, and what a program wrote that can read the key.

// Prover makes the message authentication code of a line, given without its newline, and names the key. Without a key both
// are empty.
type Prover func(line []byte) (key, mac string)

// seal is the code of one line.
type seal struct {
	Seq int    `json:"seq"`
	Key string `json:"key"`
	MAC string `json:"mac"`
}

// seal writes the code of a line. Each begins with a newline, so that one that a crash cut short spoils no other.
func (j *Journal) seal(seq int, line []byte) {
	if seq == 1 {
		_ = os.Remove(j.files.macs) // of a journal that was moved out of the way
	}
	if j.who.Prove == nil {
		return
	}
	s := seal{Seq: seq}
	if s.Key, s.MAC = j.who.Prove(line); s.MAC == "" {
		return
	}
	text, err := json.Marshal(s)
	if err != nil {
		return
	}
	f, err := openRegular(j.files.macs, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return
	}
	defer f.Close() //nolint:errcheck // see above
	_, _ = f.Write(append([]byte("\n"), text...))
}

// seals are the codes of a journal, as far as they can be read.
func (f files) seals() []seal {
	file, err := openRegular(f.macs, os.O_RDONLY, 0)
	if err != nil {
		return nil
	}
	defer file.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil || len(data) > maxFile {
		return nil
	}
	var out []seal
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		var s seal
		if len(line) > 0 && json.Unmarshal(line, &s) == nil {
			out = append(out, s)
		}
	}
	return out
}

// prove marks the entries whose code is right. Where a code by this very key is wrong, or its line is missing, somebody
// changed the journal, and none is marked.
func (l *Log) prove(seals []seal, prove Prover) {
	bySeq := map[int][]seal{}
	for _, s := range seals {
		bySeq[s.Seq] = append(bySeq[s.Seq], s)
	}
	key := ""
	for i := range l.Entries {
		line, err := json.Marshal(l.Entries[i]) // the very bytes: nothing else was accepted
		if err != nil {
			return
		}
		var mac string
		if key, mac = prove(line); mac == "" {
			return
		}
		wrong := false
		for _, s := range bySeq[l.Entries[i].Seq] {
			right := subtle.ConstantTimeCompare([]byte(s.MAC), []byte(mac)) == 1
			l.Entries[i].Proven = l.Entries[i].Proven || right && s.Key == key
			wrong = wrong || s.Key == key && !right
		}
		if wrong && l.Altered == 0 { // also beside a right one: another line stood here
			l.Altered = l.Entries[i].Seq
		}
	}
	for _, s := range seals {
		if key != "" && s.Key == key && s.Seq > len(l.Entries) && l.Altered == 0 && l.Broken == nil {
			l.Altered = len(l.Entries) + 1
		}
	}
	if l.Altered != 0 {
		for i := range l.Entries {
			l.Entries[i].Proven = false
		}
	}
}
