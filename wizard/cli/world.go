package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/charmbracelet/x/term"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/browser"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// world is what the commands act upon. The zero value is the real one; a rehearsal brings its own.
type world struct {
	journal   string       // folder; empty means the usual one
	keyRing   keyring.Ring // nil means this user's
	tenant    string       // the customer's, where the command line names none
	transport http.RoundTripper
	roots     []byte        // PEM of the only certificates that the guard trusts
	patience  time.Duration // of the guard
	open      steps.OpenPage
	address   func(string) string // of a page, as a browser needs it; nil leaves it as it is
	person    steps.Person
	autopilot bool
	pace      time.Duration
	caption   func(steps.ID) string

	signInChosen bool // the way to sign in is named already, and not asked for
}

// plainClipboard is the clipboard of the plain lines, which say by themselves when a copied value was taken away.
func plainClipboard(log *slog.Logger) *clipboard.Clipboard {
	o := clipboard.Options{Cleared: sayCleared, Log: log}
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
		fmt.Fprintln(stdout, "What was copied may still be on the clipboard. Copy something else.")
	}
	sayCleared(gone)
}

func sayCleared(gone clipboard.Cleared) {
	for _, sentence := range gone.Sentences() {
		fmt.Fprintln(stdout, sentence)
	}
}

// openPages opens pages in the browsers of this machine.
func openPages(o *browser.Opener, address func(string) string) steps.OpenPage {
	return func(ctx context.Context, page string, private bool) (string, error) {
		if address != nil {
			page = address(page)
		}
		open := o.OpenOwn
		if private {
			open = o.Open
		}
		opened, err := open(ctx, page)
		switch {
		case errors.Is(err, browser.ErrNone):
			return "", errors.Join(steps.ErrNoBrowser, err)
		case err != nil:
			return "", err
		}
		return opened.Sentence(), nil
	}
}

func terminal(f *os.File) bool { return term.IsTerminal(f.Fd()) }
