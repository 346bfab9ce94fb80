// Package cli is what the commands share: what they write to, and how.
package cli

import (
	"fmt"
	"log/slog"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/bundle"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/logfile"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// openLog opens the log file for its owner only. Without a name it discards. The file is written beside the program, which
// waits for it at no time; what is missing in it at the end is said.
func openLog(name string) (*slog.Logger, func(), error) {
	if name == "" {
		return slog.New(slog.DiscardHandler), func() {}, nil
	}
	file, err := logfile.Open(name)
	if err != nil {
		return nil, nil, fmt.Errorf("open the log: %w", err)
	}
	out := printable.JSON(file)
	log := slog.New(slog.NewJSONHandler(redact.Writer(redact.Log, out), &slog.HandlerOptions{Level: slog.LevelDebug})).With(bundle.Mark())
	// A handler of its own: the other one is held while the last line of defence looks at what it writes.
	alarm := slog.New(slog.NewJSONHandler(out, nil)).With(bundle.Mark())
	redact.OnFind(func(p redact.Place) { alarm.Error("a secret was about to be shown; please report this", "place", p) })
	return log, func() {
		if err := file.Close(); err != nil {
			printError(&steps.Error{Op: "write the log", Hint: phrase.T("What was done stands in the tenant and in the journal."), Err: err})
		}
	}, nil
}
