package bundle

import (
	"bytes"
	"encoding/json"
	"log/slog"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// A path on the command line may name any file, a private key as well. Only lines that this program wrote are taken: those
// of its log carry its name, and those of its journals have the members of an entry.

const program = "delegate365-onboard"

// Mark stands in every line of the log, so that it is known as this program's.
func Mark() slog.Attr { return slog.String("program", program) }

// ours are the lines of data that is reports, and how many others there were.
func ours(data []byte, is func(line []byte) bool) (kept []byte, others int) {
	for line := range bytes.Lines(data) {
		switch {
		case len(bytes.TrimSpace(line)) == 0:
		case is(line):
			kept = append(kept, line...)
		default:
			others++
		}
	}
	return kept, others
}

func isLog(line []byte) bool {
	var l struct{ Time, Level, Msg, Program string }
	return json.Unmarshal(line, &l) == nil && l.Program == program && l.Time != "" && l.Level != "" && l.Msg != ""
}

func isJournal(line []byte) bool {
	var e journal.Entry
	return json.Unmarshal(line, &e) == nil && e.Seq > 0 && e.Run != "" && e.Kind != "" && e.By != "" && e.Tenant != ""
}
