package cli

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// plainClipboard is the clipboard of the plain lines, which are told when a copied value was taken away.
func plainClipboard(notices *plain.Notices, log *slog.Logger) *clipboard.Clipboard {
	o := clipboard.Options{Cleared: func(gone clipboard.Cleared) { notices.Add(gone.Sentences()) }, Log: log}
	if terminal(os.Stdout) && os.Getenv("TERM") != "dumb" {
		o.Terminal = os.Stdout
	}
	return clipboard.New(o)
}

func copyTo(clip *clipboard.Clipboard) func(context.Context, graph.Secret) (clipboard.Report, error) {
	return func(ctx context.Context, s graph.Secret) (clipboard.Report, error) { return clip.Copy(ctx, s) }
}

// clearWithin bounds taking the last value off the clipboard, whatever has ended the program.
const clearWithin = 5 * time.Second

// takeBack takes what was copied off the clipboard. Signals are still caught then, so that nothing comes between.
func takeBack(clip *clipboard.Clipboard, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), clearWithin)
	defer cancel()
	gone, err := clip.Close(ctx)
	if err != nil {
		log.Warn("clipboard not closed", "error", err)
		say(phrase.T("What was copied may still be on the clipboard. Copy something else."))
	}
	sayCleared(gone)
}

func sayCleared(gone clipboard.Cleared) {
	for _, sentence := range gone.Sentences() {
		say(sentence)
	}
}
